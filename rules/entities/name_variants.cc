#include "rules/entities/name_variants.h"

#include <algorithm>
#include <array>

#include "feeds/text/document.h"
#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"
#include "rules/entities/common_words.h"
#include "rules/entities/legal_forms.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t most_bytes = 2048;
constexpr std::size_t long_word = 6;  // bytes

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "Islamic Republic of Iran Shipping Lines (IRISL)"
std::string without_brackets(const std::string& name) {
  if (!name.ends_with(')')) return name;
  const std::size_t open = name.rfind('(');
  if (open == std::string::npos || open == 0) return name;
  std::string rest = name.substr(0, open);
  while (rest.ends_with(' ')) rest.pop_back();
  return rest;
}

bool is_and(std::string_view folded) {
  return folded == "and" || folded == "und" || folded == "et";
}

bool says_nothing(std::string_view folded) {
  return is_and(folded) || folded == "of" || folded == "the" || folded == "for";
}

// Is what remains of a name still a name? Beside a legal form a short word may be one.
bool distinctive(const std::vector<std::string_view>& words, bool beside_form) {
  std::size_t significant = 0;
  bool rare = false;
  bool long_one = false;
  for (const std::string_view word : words) {
    if (says_nothing(word)) continue;
    ++significant;
    const bool letters = std::none_of(word.begin(), word.end(), is_digit);
    if (is_common_word(word) || !letters || word.size() < 3) continue;
    rare = true;
    long_one = long_one || beside_form || word.size() >= long_word;
  }
  return significant > 1 ? rare : long_one;
}

std::string text_of(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

std::string roman(std::string_view raw) {
  if (raw.size() > 5 || (raw[0] != 'I' && raw[0] != 'V' && raw[0] != 'X')) return {};
  // Vi and Xi are names, and one letter is an initial.
  static constexpr std::array<std::pair<std::string_view, int>, 18> numerals = {{{"II", 2},
                                                                                 {"III", 3},
                                                                                 {"IV", 4},
                                                                                 {"VII", 7},
                                                                                 {"VIII", 8},
                                                                                 {"IX", 9},
                                                                                 {"XII", 12},
                                                                                 {"XIII", 13},
                                                                                 {"XIV", 14},
                                                                                 {"XV", 15},
                                                                                 {"XVI", 16},
                                                                                 {"XVII", 17},
                                                                                 {"XVIII", 18},
                                                                                 {"XIX", 19},
                                                                                 {"XX", 20},
                                                                                 {"XXI", 21},
                                                                                 {"XXII", 22},
                                                                                 {"XXIII", 23}}};
  for (const auto& [text, value] : numerals) {
    const bool same = text.size() == raw.size() && text[0] == raw[0] &&
                      std::equal(text.begin() + 1, text.end(), raw.begin() + 1,
                                 [](char a, char b) { return a == b || a - 'A' + 'a' == b; });
    if (same) return std::to_string(value);
  }
  return {};
}

std::string ordinal(std::string_view folded) {
  static constexpr std::array<std::string_view, 12> words = {
      "first",   "second", "third", "fourth", "fifth",    "sixth",
      "seventh", "eighth", "ninth", "tenth",  "eleventh", "twelfth"};
  const auto at = std::find(words.begin(), words.end(), folded);
  return at == words.end() ? std::string() : std::to_string(at - words.begin() + 1);
}

}  // namespace

std::string number_of_word(std::string_view folded, std::string_view raw) {
  if (folded.empty()) return {};
  if (std::none_of(folded.begin(), folded.end(), is_digit)) {
    std::string number = folded.size() > 1 ? roman(raw) : std::string();
    return number.empty() ? ordinal(folded) : number;
  }
  std::size_t end = 0;
  while (end < folded.size() && is_digit(folded[end])) ++end;
  if (end == 0) return std::string(folded);
  const std::string_view rest = folded.substr(end);
  const bool counts = rest.empty() || rest == "st" || rest == "nd" || rest == "rd" || rest == "th";
  std::size_t zeros = 0;
  while (zeros + 1 < end && folded[zeros] == '0') ++zeros;
  return std::string(folded.substr(zeros, counts ? end - zeros : std::string_view::npos));
}

namespace {

struct Words {
  std::vector<std::string_view> folded;
  std::vector<std::string_view> raw;

  void erase(std::size_t at, std::size_t count) {
    for (auto* list : {&folded, &raw}) {
      const auto from = list->begin() + static_cast<std::ptrdiff_t>(at);
      list->erase(from, from + static_cast<std::ptrdiff_t>(count));
    }
  }
};

// Firms that begin with their form: OOO Vostok, PT Indah; but "AS Roma", "Company of Heroes".
std::size_t leading_form(const std::vector<std::string_view>& words) {
  const std::size_t count = legal_form_at(words, 0);
  if (count == 0 || count >= words.size()) return 0;
  const std::string_view first = words[0];
  if (count == 1 && first.size() < 3 && first != "ao" && first != "pt" && first != "ue") return 0;
  return says_nothing(words[count]) || words[count] == "de" ? 0 : count;
}

bool drop_legal_forms(Words& words) {
  bool dropped = false;
  while (words.folded.size() > 1) {
    if (const std::size_t count = legal_form_before(words.folded, words.folded.size());
        count > 0 && count < words.folded.size()) {
      words.erase(words.folded.size() - count, count);
    } else if (const std::size_t first = leading_form(words.folded); first > 0) {
      words.erase(0, first);
    } else {
      break;
    }
    dropped = true;
  }
  return dropped;
}

// With the one number, at the one end, at the other; false when there is none.
bool turn_number(Words& words) {
  const std::size_t count = words.folded.size();
  if (count < 2) return false;
  std::size_t numbers = 0;
  for (std::size_t i = 0; i < count; ++i) {
    numbers += std::size_t{!number_of_word(words.folded[i], words.raw[i]).empty()};
  }
  if (numbers != 1) return false;
  const bool first = !number_of_word(words.folded[0], words.raw[0]).empty();
  if (!first && number_of_word(words.folded[count - 1], words.raw[count - 1]).empty()) return false;
  for (auto* list : {&words.folded, &words.raw}) {
    std::rotate(list->begin(), first ? list->begin() + 1 : list->end() - 1, list->end());
  }
  return true;
}

}  // namespace

std::vector<NameVariant> name_variants(const std::string& name) {
  std::vector<NameVariant> variants;
  if (name.empty() || name[0] == '=') return variants;
  const std::string tidy = feeds::unicode::tidy(name, most_bytes);
  const std::string text = without_brackets(tidy);
  const feeds::Words found = feeds::tokenise(text);
  Words words;
  for (const feeds::Word& word : found.words) {
    words.folded.push_back(
        std::string_view(found.folded).substr(word.folded_start, word.folded_length));
    words.raw.push_back(std::string_view(text).substr(word.start, word.end - word.start));
  }
  bool changed = text != tidy;
  bool and_inside = text.find('&') != std::string::npos;
  if (words.folded.size() > 1 && words.folded[0] == "the") {
    words.erase(0, 1);
    changed = true;
  }
  const bool without_form = drop_legal_forms(words);
  changed = changed || without_form;
  for (std::size_t i = 1; i + 1 < words.folded.size(); ++i) {
    if (!is_and(words.folded[i])) continue;
    words.erase(i, 1);
    and_inside = true;
  }
  changed = changed || and_inside;
  if (!words.folded.empty() && is_and(words.folded.back())) words.erase(words.raw.size() - 1, 1);
  if (!distinctive(words.folded, without_form)) return variants;
  if (changed) variants.push_back({text_of(words.raw), without_form, and_inside});
  if (turn_number(words)) variants.push_back({text_of(words.raw), without_form, and_inside});
  return variants;
}

}  // namespace wirewatch::rules
