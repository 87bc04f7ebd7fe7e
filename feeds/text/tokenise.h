// Text → words with byte ranges, sentences and paragraphs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/document.h"
#include "feeds/text/byte_masks.h"

namespace wirewatch::feeds {

using Word = Token;

struct Words {
  std::string folded;  // see Document
  std::vector<Word> words;
  std::vector<std::uint64_t> hashes;
  std::vector<Hyphen> hyphens;
  std::vector<std::uint32_t> paragraph_starts;

  std::string_view folded_form(std::size_t i) const {
    return std::string_view(folded).substr(words[i].folded_start, words[i].folded_length);
  }
};

// `text` is valid UTF-8 of at most 4 GiB. Linear time.
// A word is a run of letters, marks and digits. Hyphens part words; an apostrophe inside a word
// goes, and so does a possessive 's; "1,905" is 1905, "3.5" stays whole, "U.S." is us. Sentences
// end at . ! ? and their like before white space, and at line breaks, but not after "Mr." or "Dec."
Words tokenise(std::string_view text);

// The same, put behind the words of `into`. Positions, sentences and paragraphs begin at 0.
// `read` is for tests: all ways to read give the same words.
void tokenise(std::string_view text, Field field, Words& into, TextReader read = text_reader());

}  // namespace wirewatch::feeds
