#include "rules/entities/name_units.h"

#include <algorithm>
#include <array>

#include "feeds/hash.h"
#include "feeds/text/document.h"
#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"
#include "rules/entities/legal_forms.h"
#include "rules/entities/name_forms.h"
#include "rules/entities/name_table.h"
#include "rules/entities/name_variants.h"

namespace wirewatch::rules {
namespace {

template <std::size_t size>
bool one_of(std::string_view word, const std::array<std::string_view, size>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_latin_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

// bin, ibn: son of; in the spellings of all the Arabic world.
bool is_link(std::string_view folded) {
  static constexpr std::array<std::string_view, 13> links = {
      "bin", "ibn", "ben", "bint", "binti", "bent", "ould", "uld", "بن", "ابن", "بنت",
      // Lashkar-e-Taiba
      "e", "i"};
  return one_of(folded, links);
}

// abu: father of.
bool is_kunya(std::string_view folded) {
  static constexpr std::array<std::string_view, 9> kunyas = {"abu", "abi", "aba", "abou", "abo",
                                                             "ebu", "ابو", "ابي", "ابا"};
  return one_of(folded, kunyas);
}

// abd: servant of; "abdul", "abdel" and "abdur" have swallowed the article.
bool is_servant(std::string_view folded) {
  if (folded == "عبد" || folded == "abd") return true;
  if (!folded.starts_with("abd") || folded.size() < 5 || folded.size() > 7) return false;
  std::size_t at = 3;
  while (at < folded.size() && is_latin_vowel(folded[at]) && folded[at] != 'i') ++at;
  const std::string_view rest = folded.substr(at);
  static constexpr std::array<std::string_view, 9> ends = {"l", "r", "s",  "n", "t",
                                                           "d", "z", "sh", "ll"};
  return at > 3 && one_of(rest, ends);
}

// The second half of names like Nur al-Din and Nasr Allah.
bool is_ending(std::string_view folded) {
  static constexpr std::array<std::string_view, 20> endings = {
      "din",   "deen", "dine",  "eddin", "eddine", "eddeen", "uddin", "uddine", "aldin", "eldin",
      "addin", "ddin", "allah", "ullah", "ollah",  "oullah", "دين",   "الدين",  "الله",  "eldeen"};
  return one_of(folded, endings);
}

std::string_view plain_ending(std::string_view folded) {
  if (folded.ends_with("llah")) return folded;
  return folded == "دين" || folded == "الدين" ? "دين" : folded == "الله" ? "الله" : "din";
}

// "abdurrahman" → "abdrahman", "عبدالرحمن" → "عبدرحمن"; empty when it is no such name.
std::string servant_form(std::string_view folded) {
  constexpr std::string_view arabic = "عبدال";
  if (folded.starts_with(arabic) && folded.size() > arabic.size() + 4) {
    return "عبد" + std::string(folded.substr(arabic.size()));
  }
  if (!folded.starts_with("abd") || folded.size() < 7) return {};
  std::size_t at = 3;
  while (at < folded.size() && is_latin_vowel(folded[at])) ++at;
  if (at == 3 || at > 5 || at + 3 > folded.size()) return {};
  const std::string_view rest = folded.substr(at);
  const bool article = rest[0] == 'l' || rest[0] == rest[1] || rest.starts_with("shsh");
  return article ? "abd" + std::string(rest.substr(rest.starts_with("shsh") ? 2 : 1))
                 : std::string();
}

// "nureddin" → "nurdin", "نورالدين" → "نوردين"; empty when it is no such name.
std::string ending_form(std::string_view folded) {
  constexpr std::string_view arabic = "الدين";
  if (folded.ends_with(arabic) && folded.size() > arabic.size() + 2) {
    return std::string(folded.substr(0, folded.size() - arabic.size())) + "دين";
  }
  static constexpr std::array<std::string_view, 6> tails = {"ddin", "ddine", "ddeen",
                                                            "ldin", "ldine", "ldeen"};
  for (const std::string_view tail : tails) {
    if (!folded.ends_with(tail)) continue;
    std::size_t stem = folded.size() - tail.size();
    while (stem > 0 && is_latin_vowel(folded[stem - 1])) --stem;
    if (stem < 3 || stem + tail.size() == folded.size()) return {};
    return std::string(folded.substr(0, stem)) + "din";
  }
  return {};
}

void add_reading(NameUnit& unit, std::string_view word) {
  const Sounds sounds = sounds_of(word);
  if (sounds.length == 0) return;
  for (const Sounds& known : unit.readings) {
    if (known.length == sounds.length && known.row == sounds.row) return;
  }
  if (unit.readings.size() < 6) unit.readings.push_back(sounds);
}

// "alshatri", "elkhattabi", "ashsharaa": the article written onto the word; before a vowel only in
// long words ("alotaibi"), since "Alain" has none.
std::string_view without_article(std::string_view folded) {
  if (folded.size() < 6 || (folded[0] != 'a' && folded[0] != 'e' && folded[0] != 'u')) return {};
  const auto consonant = [&](std::size_t at) { return !is_latin_vowel(folded[at]); };
  const bool long_enough = consonant(2) || folded.size() > 7;
  if (folded[1] == 'l' && long_enough && folded[2] != 'l') return folded.substr(2);
  if (folded.substr(1).starts_with("shsh")) return folded.substr(3);
  return {};
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void read_word(const NameWord& word, NameUnit& unit) {
  std::string special = servant_form(word.folded);
  if (special.empty()) special = ending_form(word.folded);
  if (!special.empty()) {
    add_reading(unit, special);
    return;
  }
  add_reading(unit, is_ascii(word.raw) ? word.folded : word.raw);
  if (unit.readings.empty()) return;
  if (unit.readings[0].abjad) {
    for (const std::string& form : arabic_words(word.folded)) {
      const std::string servant = servant_form(form);
      add_reading(unit, servant.empty() ? form : servant);
    }
  } else if (const std::string_view bare = without_article(word.folded); !bare.empty()) {
    add_reading(unit, bare);
  }
}

// What the word at `at` is written together with: the place of the other half, or 0.
std::size_t other_half(const std::vector<NameWord>& words, std::size_t at) {
  const auto follows = [&](std::size_t place) {
    return place + 1 < words.size() && words[place].joins_next;
  };
  if (!follows(at)) return 0;
  std::size_t next = at + 1;
  if (words[next].article && follows(next)) ++next;
  const std::string_view folded = words[at].folded;
  const std::string_view other = words[next].folded;
  if (is_servant(folded) || is_kunya(folded)) return words[next].capital ? next : 0;
  if (is_ending(other) && !is_link(folded) && folded.size() > 2) {
    // "dine" and "din" are English words too.
    const bool plain = other == "din" || other == "dine" || other == "deen";
    return !plain || words[next].capital || words[next - 1].article ? next : 0;
  }
  return 0;
}

std::uint64_t key_of_number(std::string_view number) {
  return hash64("#" + std::string(number)) | (std::uint64_t{1} << 63U);
}

std::uint64_t number_key(const NameWord& word) {
  const bool digits = std::any_of(word.folded.begin(), word.folded.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (!digits && !word.capital) return 0;
  const std::string number = number_of_word(word.folded, word.raw);
  return number.empty() ? 0 : key_of_number(number);
}

// "Argo I": one letter is a number at the end of a name only.
std::uint64_t one_letter_key(const NameWord& word) {
  if (word.raw.size() != 1) return 0;
  const std::string_view value = word.raw == "I"   ? "1"
                                 : word.raw == "V" ? "5"
                                 : word.raw == "X" ? "10"
                                                   : "";
  return value.empty() ? 0 : key_of_number(value);
}

// "Brigade No. 47"
bool is_number_sign(std::string_view folded) {
  return folded == "no" || folded == "nr" || folded == "number";
}

NameUnit joined_unit(const std::vector<NameWord>& words, std::size_t at, std::size_t next) {
  NameUnit unit;
  const std::string_view folded = words[at].folded;
  const std::string_view other = words[next].folded;
  std::string_view plain = other;
  if (plain.starts_with("ال") && plain.size() > 8) plain.remove_prefix(4);
  if (is_servant(folded)) {
    add_reading(unit, (folded == "عبد" ? "عبد" : "abd") + std::string(plain));
  } else if (is_kunya(folded)) {
    const bool arabic = static_cast<unsigned char>(folded[0]) >= 0x80;
    add_reading(unit, (arabic ? "ابو" : "abu") + std::string(arabic ? plain : other));
  } else {
    add_reading(unit, std::string(folded) + std::string(plain_ending(other)));
  }
  unit.last = static_cast<std::uint32_t>(next);
  return unit;
}

void read_number(const std::vector<NameWord>& words, std::size_t at, bool inside, NameUnit& unit) {
  const NameWord& word = words[at];
  const bool more = at + 1 < words.size() && word.joins_next;
  unit.number = number_key(word);
  if (unit.number == 0 && inside && !(more && words[at + 1].capital)) {
    unit.number = one_letter_key(word);
  }
  if (more && is_number_sign(word.folded)) {
    unit.number = number_key(words[at + 1]);
    if (unit.number != 0) unit.last = static_cast<std::uint32_t>(at + 1);
  }
  unit.link = unit.link && unit.number == 0;
}

}  // namespace

std::vector<NameUnit> name_units(const std::vector<NameWord>& words) {
  std::vector<NameUnit> units;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const NameWord& word = words[at];
    if (word.article && at + 1 < words.size()) continue;
    NameUnit unit;
    unit.last = static_cast<std::uint32_t>(at);
    unit.link = is_link(word.folded);
    read_number(words, at, !units.empty(), unit);
    const bool worth = word.capital || unit.link || word.inner || unit.number != 0;
    if (!worth) continue;
    if (unit.number != 0) {
      unit.readings.emplace_back();
    } else if (const std::size_t next = other_half(words, at); next != 0) {
      unit = joined_unit(words, at, next);
    } else {
      read_word(word, unit);
    }
    unit.first = static_cast<std::uint32_t>(at);
    unit.capital = word.capital || unit.number != 0;
    unit.inner = word.inner;
    unit.script_has_capitals = is_ascii(word.folded);
    const std::uint32_t last = unit.last;
    if (!unit.readings.empty()) units.push_back(std::move(unit));
    at = last;
  }
  return units;
}

namespace {

// "Noor Trading, Ltd" is no "Last, First".
bool is_legal_form(std::string_view text) {
  const std::vector<std::string> words = feeds::fold_words(text);
  const std::vector<std::string_view> views(words.begin(), words.end());
  return legal_form_at(views, 0) == views.size();
}

}  // namespace

NameText read_name(std::string_view name) {
  NameText result;
  std::string text = feeds::unicode::tidy(name, 2048);
  // Lists give "LAST, First Middle".
  if (const std::size_t comma = text.find(", ");
      comma != std::string::npos && text.find(',', comma + 1) == std::string::npos &&
      !is_legal_form(std::string_view(text).substr(comma + 2))) {
    text = text.substr(comma + 2) + " " + text.substr(0, comma);
  }
  const feeds::Words found = feeds::tokenise(text);
  if (found.words.size() > max_name_words) return result;
  std::vector<NameWord> words;
  for (std::size_t i = 0; i < found.words.size(); ++i) {
    const feeds::Word& word = found.words[i];
    NameWord& one = words.emplace_back();
    one.raw = std::string_view(text).substr(word.start, word.end - word.start);
    one.folded = std::string_view(found.folded).substr(word.folded_start, word.folded_length);
    one.capital = true;
    one.joins_next = true;
    result.words.emplace_back(one.folded);
    if (i + 1 == found.words.size()) continue;
    const feeds::Word& next = found.words[i + 1];
    const std::string_view gap = std::string_view(text).substr(word.end, next.start - word.end);
    one.article =
        is_article(one.folded, gap,
                   std::string_view(found.folded).substr(next.folded_start, next.folded_length));
  }
  std::size_t covered = 0;
  for (const NameWord& word : words) covered += std::size_t{word.article};
  for (NameUnit& unit : name_units(words)) {
    for (std::uint32_t at = unit.first; at <= unit.last; ++at) {
      covered += std::size_t{!words[at].article};
    }
    if (unit.link && !result.units.empty()) continue;
    result.heads.emplace_back(words[unit.first].folded);
    result.units.push_back(std::move(unit));
  }
  result.article = !words.empty() && words[0].article;
  result.complete = covered == words.size();
  result.text = std::move(text);
  return result;
}

}  // namespace wirewatch::rules
