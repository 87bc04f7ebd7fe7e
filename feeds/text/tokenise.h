// Text → words with byte ranges, sentences and paragraphs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

struct Word {
  std::uint32_t start = 0;  // byte range in the text
  std::uint32_t end = 0;
  std::uint32_t folded_start = 0;  // byte range in `folded`
  std::uint32_t folded_length = 0;
  std::uint32_t sentence = 0;   // counts from 0
  std::uint32_t paragraph = 0;  // counts from 0; every line break ends one
};

struct Words {
  std::string folded;  // all folded forms, one after the other
  std::vector<Word> words;
};

// `text` is valid UTF-8 of at most 4 GiB. Linear time.
// A word is a run of letters, marks and digits. Hyphens part words; an apostrophe inside a word
// goes, and so does a possessive 's; "1,905" is 1905, "3.5" stays whole, "U.S." is us. Sentences
// end at . ! ? and their like before white space, and at line breaks, but not after "Mr." or "Dec."
Words tokenise(std::string_view text);

}  // namespace wirewatch::feeds
