// Phrases that news pages put around their articles, from general knowledge of such pages.
#pragma once

#include <cstdint>
#include <span>

#include "feeds/text/tokenise.h"

namespace wirewatch::feeds {

enum class Clutter {
  none,
  line,     // this line is no part of the article
  heading,  // neither is it, nor are the headline-like lines right behind it
  tail,     // nor is anything behind it
};

// Some words in a row: those of a line.
struct WordRange {
  const Words& words;
  std::size_t first = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - first; }
  std::span<const std::uint64_t> hashes() const {
    return std::span(words.hashes).subspan(first, size());
  }
  std::string_view folded(std::size_t n) const { return words.folded_form(first + n); }
};

// Of a line's words, in order; lines of the same folded words have the same.
std::uint64_t line_key(std::span<const std::uint64_t> hashes);

// `key` is line_key() of the line's words.
Clutter clutter_of(const WordRange& line, std::uint64_t key);

}  // namespace wirewatch::feeds
