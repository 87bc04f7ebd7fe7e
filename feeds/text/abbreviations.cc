#include "feeds/text/abbreviations.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace wirewatch::feeds {
namespace {

// Sorted: looked up by bisection.
constexpr auto titles = std::to_array<std::string_view>(
    {"adm", "amb",  "brig", "capt",  "cmdr", "col",    "cpl", "det",  "dr",  "fr", "gen",  "gov",
     "hon", "insp", "lt",   "ltcol", "maj",  "messrs", "mgr", "mlle", "mme", "mr", "mrs",  "ms",
     "mt",  "pres", "prof", "pvt",   "rep",  "rev",    "sen", "sgt",  "sr",  "st", "supt", "vs"});
constexpr auto abbreviations = std::to_array<std::string_view>(
    {"approx", "apr", "aug", "ave",  "blvd", "bros", "cf",  "co",  "corp", "dec",
     "dept",   "ed",  "est", "etc",  "feb",  "fig",  "fri", "inc", "jan",  "jr",
     "jul",    "jun", "ltd", "mar",  "mon",  "no",   "nos", "nov", "oct",  "op",
     "pp",     "sat", "sep", "sept", "thu",  "tue",  "vol"});
constexpr auto openers = std::to_array<std::string_view>(
    {"a",       "after", "an",    "and",  "as",   "at",  "but",  "for",  "he",
     "however", "i",     "if",    "in",   "it",   "its", "on",   "she",  "that",
     "the",     "their", "there", "they", "this", "we",  "when", "while"});

// At most eight letters as one number, in the order of the words themselves.
constexpr std::size_t most_letters = 8;
constexpr std::uint64_t number_of(std::string_view word) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < most_letters; ++i) {
    number = number << 8U | (i < word.size() ? static_cast<unsigned char>(word[i]) : 0U);
  }
  return number;
}

template <std::size_t n>
constexpr std::array<std::uint64_t, n> numbers_of(const std::array<std::string_view, n>& words) {
  std::array<std::uint64_t, n> numbers{};
  for (std::size_t i = 0; i < n; ++i) {
    numbers[i] = words[i].size() <= most_letters ? number_of(words[i]) : 0;
  }
  return numbers;
}

constexpr auto title_numbers = numbers_of(titles);
constexpr auto abbreviation_numbers = numbers_of(abbreviations);
constexpr auto opener_numbers = numbers_of(openers);

template <std::size_t n>
bool contains(const std::array<std::uint64_t, n>& sorted, std::string_view word) {
  return word.size() <= most_letters &&
         std::binary_search(sorted.begin(), sorted.end(), number_of(word));
}

}  // namespace

// Sorted, and none too long for its number.
static_assert(std::is_sorted(title_numbers.begin(), title_numbers.end()) && title_numbers[0] > 0);
static_assert(std::is_sorted(abbreviation_numbers.begin(), abbreviation_numbers.end()) &&
              abbreviation_numbers[0] > 0);
static_assert(std::is_sorted(opener_numbers.begin(), opener_numbers.end()) &&
              opener_numbers[0] > 0);

bool is_title_word(std::string_view folded) {
  return contains(title_numbers, folded);
}

bool is_abbreviation(std::string_view folded) {
  return contains(abbreviation_numbers, folded);
}

bool is_opener(std::string_view folded) {
  return contains(opener_numbers, folded);
}

}  // namespace wirewatch::feeds
