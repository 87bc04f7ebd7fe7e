#include "rules/match/passage.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace wirewatch::rules {
namespace {

constexpr std::string_view ellipsis = "…";

struct Range {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

// The tokens of one field, and what of it matched.
struct Source {
  const std::string* text = nullptr;
  std::vector<feeds::Token> tokens;
  std::vector<MatchSpan> spans;  // ascending
};

Source source_of(const feeds::Document& document, const RuleMatch& match) {
  Source source;
  const feeds::Field field =
      document.tokens.size() > document.title_tokens ? feeds::Field::text : feeds::Field::title;
  source.text = field == feeds::Field::title ? &document.title : &document.text;
  for (const feeds::Token& token : document.tokens) {
    if (token.field == field) source.tokens.push_back(token);
  }
  for (const MatchSpan& span : match.spans) {
    if (span.field == field) source.spans.push_back(span);
  }
  return source;
}

// The shortest range of at most `room` bytes that holds the most different clauses; the first such.
Range densest(const std::vector<MatchSpan>& spans, std::uint32_t room) {
  Range best;
  std::size_t best_clauses = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    std::set<std::string_view> clauses;
    Range range{spans[i].start, spans[i].start};
    for (std::size_t j = i; j < spans.size() && spans[j].end <= range.start + room; ++j) {
      if (clauses.insert(spans[j].clause).second) range.end = std::max(range.end, spans[j].end);
    }
    const bool shorter = range.end - range.start < best.end - best.start;
    if (clauses.size() < best_clauses || (clauses.size() == best_clauses && !shorter)) continue;
    best_clauses = clauses.size();
    best = range;
  }
  return best;
}

// Widens `core` word by word: first back to its sentence's beginning (or a third of the room),
// then forward.
Range widened(const Source& source, Range core, std::uint32_t room) {
  const auto& tokens = source.tokens;
  auto first =
      std::upper_bound(tokens.begin(), tokens.end(), core.start,
                       [](std::uint32_t at, const feeds::Token& token) { return at < token.end; });
  if (first == tokens.end()) return core;
  auto begin = first;
  const std::uint32_t spare = room - std::min(room, core.end - core.start);
  const auto cost = [&](auto token) { return core.start - token->start; };
  while (begin != tokens.begin() && (begin - 1)->sentence == first->sentence &&
         cost(begin - 1) <= spare) {
    --begin;
  }
  const bool whole = begin == tokens.begin() || (begin - 1)->sentence != first->sentence;
  if (!whole) {
    begin = first;
    while (begin != tokens.begin() && cost(begin - 1) <= spare / 3) --begin;
  }
  Range range{std::min(begin->start, core.start), std::max(core.end, first->end)};
  for (auto next = first; next != tokens.end() && next->end <= range.start + room; ++next) {
    range.end = std::max(range.end, next->end);
  }
  return range;
}

// Quotation marks and brackets that open right before the first word belong to it, and what closes
// a sentence to the last one.
void take_punctuation(const std::string& text, Range& range, std::uint32_t room) {
  static constexpr std::array<std::string_view, 6> opening = {"\"", "'", "(", "“", "‘", "«"};
  static constexpr std::array<std::string_view, 13> closing = {".",  "!", "?", ",", ";", ":", ")",
                                                               "\"", "'", "”", "’", "»", "؟"};
  const std::string_view all = text;
  const auto room_for = [&](std::string_view mark) {
    return range.end - range.start + mark.size() <= room;
  };
  bool moved = true;
  while (std::exchange(moved, false)) {
    for (const std::string_view mark : opening) {
      if (!all.substr(0, range.start).ends_with(mark) || !room_for(mark)) continue;
      range.start -= static_cast<std::uint32_t>(mark.size());
      moved = true;
    }
    for (const std::string_view mark : closing) {
      if (!all.substr(range.end).starts_with(mark) || !room_for(mark)) continue;
      range.end += static_cast<std::uint32_t>(mark.size());
      moved = true;
    }
  }
}

void cut_to(const std::string& text, Range& range, std::uint32_t room) {
  if (range.end - range.start <= room) return;
  range.end = range.start + room;
  while (range.end > range.start &&
         (static_cast<unsigned char>(text[range.end]) & 0xC0U) == 0x80U) {
    --range.end;
  }
}

void add_marks(const Source& source, Range range, std::uint32_t shift, Passage& passage) {
  for (const MatchSpan& span : source.spans) {
    if (span.start < range.start || span.end > range.end) continue;
    const Passage::Mark mark{span.start - range.start + shift, span.end - range.start + shift};
    if (!passage.marks.empty() && mark.start <= passage.marks.back().end) {
      passage.marks.back().end = std::max(passage.marks.back().end, mark.end);
    } else {
      passage.marks.push_back(mark);
    }
  }
}

}  // namespace

Passage passage_for(const feeds::Document& document, const RuleMatch& match,
                    std::size_t most_bytes) {
  Passage passage;
  const Source source = source_of(document, match);
  const auto both = static_cast<std::uint32_t>(2 * ellipsis.size());
  if (source.tokens.empty() || most_bytes <= both) return passage;
  const auto room = static_cast<std::uint32_t>(std::min<std::size_t>(most_bytes, 1U << 20U)) - both;
  Range core = densest(source.spans, room);
  if (core.end == 0) core = {source.tokens[0].start, source.tokens[0].start};
  Range range = widened(source, core, room);
  take_punctuation(*source.text, range, room);
  cut_to(*source.text, range, room);
  if (range.start > source.tokens.front().start) passage.text += ellipsis;
  const auto shift = static_cast<std::uint32_t>(passage.text.size());
  passage.text += source.text->substr(range.start, range.end - range.start);
  std::replace(passage.text.begin(), passage.text.end(), '\n', ' ');
  if (range.end < source.tokens.back().end) passage.text += ellipsis;
  add_marks(source, range, shift, passage);
  return passage;
}

}  // namespace wirewatch::rules
