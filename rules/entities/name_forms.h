// What a name and a text must agree on, and what they need not: the Arabic article in Latin
// spelling (al-, el-, ash-) and the particles that Arabic writes onto the next word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::rules {

// The article in any Latin spelling counts as this word.
std::uint64_t article_hash();

// No spelling of the article is longer.
inline constexpr std::size_t most_article_bytes = 6;

// The text between two words without the ayn or hamza of either, written as an apostrophe: "-" of
// "al-'Ubaydi", " " of "Sami' Khan".
std::string_view between_words(std::string_view gap);

// Is `folded` the Arabic article, when `gap` is the text between it and the next word, `next`?
// "al" and "el" are with a blank or a hyphen; the forms that take up the next word's first sound
// (ash-Sharaa, an-Najaf) only with a hyphen, since "at", "as" and "an" are English words too.
bool is_article(std::string_view folded, std::string_view gap, std::string_view next);

// Other readings of a folded word of Arabic letters: without the particles wa, fa, bi, ka, li that
// are written onto it, and without the article. Empty for other scripts and for words that would
// lose all but two letters. The words, those without particles first.
std::vector<std::string> arabic_words(std::string_view folded);

struct ArabicForm {
  std::uint64_t hash = 0;
  bool article_dropped = false;  // only "al" is gone: not for persons' names
};

// The same as keys.
std::vector<ArabicForm> arabic_forms(std::string_view folded);

}  // namespace wirewatch::rules
