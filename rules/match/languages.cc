#include "rules/match/languages.h"

#include <unicode/uloc.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "feeds/text/document.h"
#include "rules/entities/countries.h"

namespace wirewatch::rules {

namespace {

// "en" for "eng" (ISO 639-2/T).
std::string two_letters_of(const std::string& code) {
  const std::string folded = feeds::fold_word(code);
  for (const char* const* one = uloc_getISOLanguages(); *one != nullptr; ++one) {
    if (folded == uloc_getISO3Language(*one) && folded != *one) return *one;
  }
  return {};
}

}  // namespace

bool is_language(const std::string& code) {
  static const std::set<std::string> codes = [] {
    std::set<std::string> all = {"kmr", "sdh", "zxx", "und"};  // Kurmanji, Southern Kurdish, none
    for (const char* const* one = uloc_getISOLanguages(); *one != nullptr; ++one) all.insert(*one);
    return all;
  }();
  return codes.contains(code);
}

std::string language_meant_by(const std::string& code) {
  if (code.size() == 3) return two_letters_of(code);
  if (code.size() != 2 || country_called(code).empty()) return {};
  // CLDR's likely subtags: the language that most people of a country write.
  const std::string country = "und_" + country_called(code);
  std::array<char, 64> likely{};
  UErrorCode status = U_ZERO_ERROR;
  uloc_addLikelySubtags(country.c_str(), likely.data(), static_cast<int32_t>(likely.size()),
                        &status);
  if (U_FAILURE(status) != 0) return {};
  const std::string_view all(likely.data());
  const std::string language(all.substr(0, all.find('_')));
  return is_language(language) && language != "und" ? language : std::string();
}

}  // namespace wirewatch::rules
