// Months by their names in the languages of the world's feeds: ICU's names for each locale,
// exactly; then the beginnings that people and old software write.
#include <unicode/dtfmtsym.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <string>
#include <unordered_map>

#include "feeds/parse/date_parts.h"

namespace wirewatch::feeds {
namespace {

// Where two languages give one word to two months (Polish and Croatian "listopad"), the first
// here decides. The Arabic ones differ: Egypt and the Gulf, the Levant and Iraq, the Maghreb.
constexpr const char* kLocales[] = {
    "en", "de", "de_AT", "fr",    "es",    "it",    "pt",    "nl",    "pl",     "cs", "sk",  "hu",
    "ro", "bg", "ru",    "uk",    "be",    "sr",    "mk",    "sl",    "el",     "sv", "da",  "nb",
    "fi", "is", "et",    "lv",    "lt",    "ca",    "gl",    "eu",    "ga",     "sq", "tr",  "az",
    "kk", "uz", "ar",    "ar_IQ", "ar_SY", "ar_LB", "ar_MA", "ar_DZ", "ar_TN",  "fa", "ckb", "ur",
    "he", "id", "ms",    "vi",    "hi",    "bn",    "hr",    "bs",    "sr_Latn"};

// Stems, folded as the text is; the word begins with one. Longer ones first where they overlap.
struct Stem {
  std::string_view start;
  int month;
};
constexpr Stem kStems[] = {
    {"jan", 1},   {"ene", 1},   {"gen", 1},   {"ian", 1},     {"янв", 1},   {"ocak", 1},
    {"sty", 1},   {"feb", 2},   {"fev", 2},   {"фев", 2},     {"sub", 2},   {"mar", 3},
    {"mae", 3},   {"mrt", 3},   {"maa", 3},   {"мар", 3},     {"apr", 4},   {"avr", 4},
    {"abr", 4},   {"апр", 4},   {"nis", 4},   {"kwi", 4},     {"may", 5},   {"mai", 5},
    {"maj", 5},   {"mei", 5},   {"mag", 5},   {"маи", 5},     {"мая", 5},   {"jun", 6},
    {"juin", 6},  {"giu", 6},   {"iun", 6},   {"июн", 6},     {"haz", 6},   {"cze", 6},
    {"jul", 7},   {"juil", 7},  {"lug", 7},   {"iul", 7},     {"июл", 7},   {"tem", 7},
    {"aug", 8},   {"aou", 8},   {"ago", 8},   {"авг", 8},     {"agu", 8},   {"sie", 8},
    {"sep", 9},   {"szept", 9}, {"set", 9},   {"сен", 9},     {"eyl", 9},   {"wrz", 9},
    {"oct", 10},  {"okt", 10},  {"out", 10},  {"ott", 10},    {"окт", 10},  {"eki", 10},
    {"paz", 10},  {"nov", 11},  {"noi", 11},  {"ноя", 11},    {"kas", 11},  {"dec", 12},
    {"dez", 12},  {"des", 12},  {"dic", 12},  {"дек", 12},    {"aral", 12}, {"gru", 12},
    {"ιουν", 6},  {"ιουλ", 7},  {"ιαν", 1},   {"φεβ", 2},     {"μαρ", 3},   {"απρ", 4},
    {"μαι", 5},   {"αυγ", 8},   {"σεπ", 9},   {"οκτ", 10},    {"νοε", 11},  {"δεκ", 12},
    {"ابريل", 4}, {"افريل", 4}, {"اغسطس", 8}, {"اكتوبر", 10}, {"يوليو", 7}, {"يونيو", 6}};

using MonthNames = std::unordered_map<std::string, int>;

// "Sept." and "sept" are one; several words are the pair reader's.
void add_name(MonthNames& names, const icu::UnicodeString& name, int month) {
  std::string utf8;
  icu::UnicodeString small(name);
  small.toLower(icu::Locale::getRoot()).toUTF8String(utf8);
  std::string folded = fold_date_text(utf8);
  while (!folded.empty() && folded.back() == '.') folded.pop_back();
  const bool one_word = folded.find_first_of(" 0123456789") == std::string::npos;
  constexpr std::size_t kShortest = 3;  // narrower abbreviations are weekdays elsewhere
  if (one_word && folded.size() >= kShortest) names.try_emplace(std::move(folded), month);
}

MonthNames all_names() {
  MonthNames names;
  for (const char* locale : kLocales) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::DateFormatSymbols symbols(
        icu::Locale((std::string(locale) + "@calendar=gregorian").c_str()), status);
    if (U_FAILURE(status)) continue;
    for (const auto context :
         {icu::DateFormatSymbols::FORMAT, icu::DateFormatSymbols::STANDALONE}) {
      for (const auto width : {icu::DateFormatSymbols::WIDE, icu::DateFormatSymbols::ABBREVIATED}) {
        std::int32_t count = 0;
        const icu::UnicodeString* months = symbols.getMonths(count, context, width);
        for (std::int32_t i = 0; i < count && i < 12; ++i) add_name(names, months[i], i + 1);
      }
    }
  }
  add_name(names, icu::UnicodeString::fromUTF8("آب"), 8);
  return names;
}

}  // namespace

std::string fold_date_text(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* decomposing = icu::Normalizer2::getNFKDInstance(status);
  const icu::Normalizer2* composing = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return std::string(text);
  const icu::UnicodeString wide =
      decomposing->normalize(icu::UnicodeString::fromUTF8(icu::StringPiece(
                                 text.data(), static_cast<std::int32_t>(text.size()))),
                             status);
  icu::UnicodeString plain;
  for (std::int32_t at = 0; at < wide.length(); at = wide.moveIndex32(at, 1)) {
    const UChar32 c = wide.char32At(at);
    const std::int32_t digit = u_charDigitValue(c);
    const std::int8_t type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_FORMAT_CHAR || c == 0x640) continue;
    if (digit >= 0) {
      plain.append(static_cast<UChar32>('0' + digit));
    } else if (type == U_DASH_PUNCTUATION || c == 0x2212) {
      plain.append(static_cast<UChar32>('-'));
    } else if (type == U_SPACE_SEPARATOR) {
      plain.append(static_cast<UChar32>(' '));
    } else if (c == 0x60C || c == 0x3001) {  // commas
      plain.append(static_cast<UChar32>(','));
    } else if (c == 0x131) {  // a Turkish i without its dot
      plain.append(static_cast<UChar32>('i'));
    } else if (c == 0x649 || c == 0x6CC) {  // forms of yeh
      plain.append(static_cast<UChar32>(0x64A));
    } else if (c == 0x6A9) {  // keheh
      plain.append(static_cast<UChar32>(0x643));
    } else {
      plain.append(c);
    }
  }
  std::string out;
  composing->normalize(plain, status).toUTF8String(out);
  return U_FAILURE(status) ? std::string(text) : out;
}

int month_of(std::string_view word) {
  while (!word.empty() && word.back() == '.') word.remove_suffix(1);
  if (word.size() < 3) return 0;
  constexpr std::string_view kEnglish[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                           "jul", "aug", "sep", "oct", "nov", "dec"};
  if (word.size() == 3) {  // nearly all dates are these
    for (int month = 0; month < 12; ++month) {
      if (word == kEnglish[month]) return month + 1;
    }
  }
  static const MonthNames names = all_names();
  const auto known = names.find(std::string(word));
  if (known != names.end()) return known->second;
  for (const Stem& stem : kStems) {
    if (word.starts_with(stem.start)) return stem.month;
  }
  constexpr std::string_view kHebrewIn = "ב";  // "in June" is one word
  return word.starts_with(kHebrewIn) ? month_of(word.substr(kHebrewIn.size())) : 0;
}

int month_of_pair(std::string_view word, std::string_view next) {
  const bool second = next.starts_with("الثان") || next.starts_with("ثان");
  const bool first = next.starts_with("الاول") || next.starts_with("اول");
  if (!first && !second) return 0;
  if (word == "كانون") return second ? 1 : 12;
  if (word == "تشرين") return second ? 11 : 10;
  return 0;
}

}  // namespace wirewatch::feeds
