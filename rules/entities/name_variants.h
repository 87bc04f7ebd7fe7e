// How else the name of an organisation, a ship or the like is written: not by other sounds, but
// with other parts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::rules {

struct NameVariant {
  std::string name;
  // The legal form of the firm is left out, so that another one, or none, may stand beside it.
  bool without_form = false;
  bool and_inside = false;  // "and" or "&" may stand between its words
};

// From `name` as listed, without: an abbreviation in brackets behind it, a leading "The", legal
// forms at its end and beginning, "and" or "&" inside it; with its number at the other end
// ("Brigade 47", "47th Brigade"). Empty when it has none of these. Not for names of people and
// places. What remains has two words at least, of which one is no plain word of the language, or
// one that is none and has six letters.
std::vector<NameVariant> name_variants(const std::string& name);

// The number that a folded word is, as a text to compare: "47" for 47, 47th and 047; "m75" for M75;
// "2" for "ii" where `raw` is in capitals, and for "second". Empty for other words. Roman numerals
// are those of two to five letters that are no names.
std::string number_of_word(std::string_view folded, std::string_view raw);

}  // namespace wirewatch::rules
