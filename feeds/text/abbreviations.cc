#include "feeds/text/abbreviations.h"

#include <algorithm>
#include <array>

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

template <std::size_t n>
bool contains(const std::array<std::string_view, n>& sorted, std::string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

}  // namespace

static_assert(std::is_sorted(titles.begin(), titles.end()));
static_assert(std::is_sorted(abbreviations.begin(), abbreviations.end()));
static_assert(std::is_sorted(openers.begin(), openers.end()));

bool is_title_word(std::string_view folded) {
  return contains(titles, folded);
}

bool is_abbreviation(std::string_view folded) {
  return contains(abbreviations, folded);
}

bool is_opener(std::string_view folded) {
  return contains(openers, folded);
}

}  // namespace wirewatch::feeds
