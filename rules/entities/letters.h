// Single letters of other alphabets as the sounds know them.
#pragma once

#include <string_view>

namespace wirewatch::rules {

// The Arabic letter that a letter of the Arabic or Hebrew alphabets is read as, "" for others.
// Alef and yeh in all forms are one letter each; teh marbuta is one of its own.
std::string_view abjad_letter(char32_t code);

// How Kurdish letters in Arabic script are written in Latin ones, w and y aside, which may be
// vowels.
std::string_view latin_of(char32_t code);

// How Latin spelling without accents writes the letter: š is "sh", ж "zh", ö "o". "-" for letters
// that have no sound (ь), "" where the folded form does.
std::string_view romanised(char32_t code);

// Letters after which a plain c is read as j.
bool is_turkish_or_kurdish(char32_t code);

}  // namespace wirewatch::rules
