#include "rules/match/pattern.h"

#include <re2/re2.h>

#include <algorithm>

#include "feeds/text/utf8.h"

namespace wirewatch::rules {
namespace {

constexpr std::int64_t most_memory = 4 << 20;

// The words that bytes `start` to `end` of the stretch touch; false when there are none.
bool touched(const Reading& reading, const Reading::Stretch& stretch, std::uint32_t start,
             std::uint32_t end, Occurrence& out) {
  std::uint32_t low = stretch.words.begin;
  std::uint32_t high = stretch.words.end;
  while (low < high) {  // the first word that ends behind `start`
    const std::uint32_t middle = (low + high) / 2;
    if (reading.token(middle).end <= start) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == stretch.words.end || reading.token(low).start >= end) return false;
  out = {low, low, no_mention};
  while (out.last + 1 < stretch.words.end && reading.token(out.last + 1).start < end) ++out.last;
  return true;
}

}  // namespace

Pattern::Pattern(std::unique_ptr<re2::RE2> compiled) : compiled_(std::move(compiled)) {}
Pattern::~Pattern() = default;

Result<std::shared_ptr<const Pattern>> Pattern::compile(const std::string& expression,
                                                        bool ignore_case) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!ignore_case);
  options.set_max_mem(most_memory);
  auto compiled = std::make_unique<re2::RE2>(expression, options);
  if (!compiled->ok()) return Error{ErrorKind::invalid, compiled->error()};
  return std::shared_ptr<const Pattern>(new Pattern(std::move(compiled)));
}

std::vector<Occurrence> Pattern::find(const Reading& reading) const {
  std::vector<Occurrence> places;
  std::size_t looked_at = 0;
  for (const Reading::Stretch& stretch : reading.stretches()) {
    const re2::StringPiece text(stretch.text.data(), stretch.text.size());
    for (std::size_t at = 0; at < text.size();) {
      if (looked_at++ == max_pattern_places) return places;
      re2::StringPiece match;
      if (!compiled_->Match(text, at, text.size(), RE2::UNANCHORED, &match, 1)) break;
      const auto start = static_cast<std::size_t>(match.data() - text.data());
      if (match.empty()) {
        if (start >= text.size()) break;
        at = start + feeds::unicode::decode(stretch.text, start).length;
        continue;
      }
      at = start + match.size();
      Occurrence place;
      const auto from = static_cast<std::uint32_t>(stretch.offset + start);
      if (touched(reading, stretch, from, static_cast<std::uint32_t>(stretch.offset + at), place)) {
        places.push_back(place);
      }
    }
  }
  return places;
}

}  // namespace wirewatch::rules
