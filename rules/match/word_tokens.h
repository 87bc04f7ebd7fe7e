// The words that one written word stands for, and the ways to write a compound.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/query/node.h"

namespace wirewatch::rules {

struct WordToken {
  std::string folded;
  std::string raw;  // as written, for =Exact
  WordMatch match = WordMatch::folded;
  std::uint8_t edits = 0;
};

// Marks go to the last one, "=" to each. Empty when the word holds neither letters nor digits.
std::vector<WordToken> word_tokens(const Word& word);

// A compound is found apart (counter-terrorism, counter terrorism) and closed (counterterrorism).
struct Spellings {
  std::vector<WordToken> apart;     // one after the other
  std::optional<WordToken> closed;  // as one word; absent: there is no such spelling
};

// A word written with hyphens has a closed spelling; so has a closed word that begins with one of
// a few elements that are no words by themselves (anti-, cyber-, …). `re-` has none, since resign
// is not re-sign; nor have =Exact words, numbers and words with edits.
Spellings spellings(const Word& word);

// Do the two words of a text that a hyphen joins also count as one? Folded forms, in order.
bool joins(std::string_view first, std::string_view second);

// Is `gap`, the text between two words, one hyphen?
bool is_hyphen(std::string_view gap);

}  // namespace wirewatch::rules
