#include "feeds/text/origin.h"

#include <algorithm>
#include <string>

#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

// A text without its white space, which cleaning changes: words and their order are all it keeps.
struct Squeezed {
  std::string bytes;
  std::vector<std::uint32_t> start;      // of each byte's character in the text
  std::vector<std::uint32_t> end;        //
  std::vector<std::size_t> line_starts;  // where lines that are not empty begin in `bytes`
};

// Character by character what unicode::tidy makes of the whole.
Squeezed squeeze(std::string_view text) {
  Squeezed squeezed;
  bool line_begins = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = unicode::decode(text, at).length;
    constexpr std::size_t longest = 8;
    for (const char c : unicode::tidy(text.substr(at, length), longest)) {
      if (c == '\n') line_begins = true;
      if (c == '\n' || c == ' ') continue;
      if (line_begins) squeezed.line_starts.push_back(squeezed.bytes.size());
      line_begins = false;
      squeezed.bytes.push_back(c);
      squeezed.start.push_back(static_cast<std::uint32_t>(at));
      squeezed.end.push_back(static_cast<std::uint32_t>(at + length));
    }
    at += length;
  }
  return squeezed;
}

}  // namespace

// Cleaning keeps or drops whole lines and joins some: each line of `cleaned` begins with one of
// `given` and is as long as that goes on to be the same.
Origin::Origin(std::string_view given, std::string_view cleaned) : places_(cleaned.size()) {
  const Squeezed from = squeeze(given);
  const Squeezed to = squeeze(cleaned);
  const std::string_view source = from.bytes;
  std::size_t next = 0;  // of the lines of `given`
  for (std::size_t line = 0; line < to.line_starts.size(); ++line) {
    const std::size_t begin = to.line_starts[line];
    const bool last = line + 1 == to.line_starts.size();
    const std::size_t size = (last ? to.bytes.size() : to.line_starts[line + 1]) - begin;
    const std::string_view wanted = std::string_view(to.bytes).substr(begin, size);
    const auto ends_line = [&](std::size_t at) {
      const auto& starts = from.line_starts;
      return last || at == source.size() || std::binary_search(starts.begin(), starts.end(), at);
    };
    std::size_t found = next;
    while (found < from.line_starts.size() &&
           (source.substr(from.line_starts[found], size) != wanted ||
            !ends_line(from.line_starts[found] + size))) {
      ++found;
    }
    if (found == from.line_starts.size()) continue;
    const std::size_t origin = from.line_starts[found];
    for (std::size_t i = 0; i < size; ++i) {
      places_[to.start[begin + i]] = {from.start[origin + i], from.end[origin + i]};
    }
    next = found + 1;
  }
}

std::pair<std::uint32_t, std::uint32_t> Origin::range(std::uint32_t start,
                                                      std::uint32_t end) const {
  const std::pair<std::uint32_t, std::uint32_t> as_it_is(start, end);
  if (start >= end || end > places_.size()) return as_it_is;
  std::size_t last = end - 1;  // only a character's first byte has a place
  while (last > start && places_[last].end == 0) --last;
  if (places_[start].end == 0 || places_[last].end == 0) return as_it_is;
  return {places_[start].start, places_[last].end};
}

}  // namespace wirewatch::feeds
