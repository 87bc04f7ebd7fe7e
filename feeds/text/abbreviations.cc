#include "feeds/text/abbreviations.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace wirewatch::feeds {
namespace {

constexpr auto titles = std::to_array<std::string_view>(
    {"adm", "amb",  "brig", "capt",  "cmdr", "col",    "cpl", "det",  "dr",  "fr", "gen",  "gov",
     "hon", "insp", "lt",   "ltcol", "maj",  "messrs", "mgr", "mlle", "mme", "mr", "mrs",  "ms",
     "mt",  "pres", "prof", "pvt",   "rep",  "rev",    "sen", "sgt",  "sr",  "st", "supt", "vs"});
constexpr auto abbreviations = std::to_array<std::string_view>(
    {"approx", "apr", "aug", "ave",  "blvd", "bros", "cf",  "co",  "corp", "dec",
     "dept",   "ed",  "est", "etc",  "feb",  "fig",  "fri", "inc", "jan",  "jr",
     "jul",    "jun", "ltd", "mar",  "mon",  "no",   "nos", "nov", "oct",  "op",
     "pp",     "sat", "sep", "sept", "thu",  "tue",  "vol"});
// Sorted: looked up by bisection.
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

constexpr auto opener_numbers = numbers_of(openers);

// Asked at every sentence's end, so that one look has to do: by a hash of the number.
struct Entry {
  std::uint64_t number = 0;  // 0: free
  Shortened kind = Shortened::none;
};
constexpr std::size_t slots = 512;
constexpr std::size_t slot_of(std::uint64_t number) {
  return number * 0x9e3779b97f4a7c15ULL >> 55U;
}

constexpr std::array<Entry, slots> entries = [] {
  std::array<Entry, slots> all{};
  const auto add = [&all](std::string_view word, Shortened kind) {
    std::size_t at = slot_of(number_of(word));
    while (all[at].number != 0) at = (at + 1) % slots;
    all[at] = {number_of(word), kind};
  };
  for (const std::string_view word : titles) add(word, Shortened::title);
  for (const std::string_view word : abbreviations) add(word, Shortened::abbreviation);
  return all;
}();

constexpr std::size_t longest = [] {
  std::size_t most = 0;
  for (const std::string_view word : titles) most = std::max(most, word.size());
  for (const std::string_view word : abbreviations) most = std::max(most, word.size());
  return most;
}();

}  // namespace

static_assert(longest <= most_letters);
// Sorted, and none too long for its number.
static_assert(std::is_sorted(opener_numbers.begin(), opener_numbers.end()) &&
              opener_numbers[0] > 0);

Shortened shortened(std::string_view folded) {
  if (folded.size() > longest || folded.empty()) return Shortened::none;
  const std::uint64_t number = number_of(folded);
  std::size_t at = slot_of(number);
  while (entries[at].number != 0 && entries[at].number != number) at = (at + 1) % slots;
  return entries[at].kind;
}

bool is_opener(std::string_view folded) {
  return folded.size() <= most_letters &&
         std::binary_search(opener_numbers.begin(), opener_numbers.end(), number_of(folded));
}

}  // namespace wirewatch::feeds
