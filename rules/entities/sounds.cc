#include "rules/entities/sounds.h"

#include <string>

#include "feeds/text/fold.h"
#include "feeds/text/utf8.h"
#include "rules/entities/letters.h"

namespace wirewatch::rules {
namespace {

using Texts = std::array<std::string_view, all_sounds>;

constexpr Texts texts = {
    "a",  "b",  "c",  "d",  "e",  "f",  "g",  "h",  "i",  "j",  "k",  "l",  "m",  "n",  "o",  "p",
    "q",  "r",  "s",  "t",  "u",  "v",  "w",  "x",  "y",  "z",  "sh", "ch", "kh", "gh", "th", "dh",
    "ph", "zh", "ts", "ck", "dj", "ou", "oo", "ee", "aa", "ei", "ai", "au", "ie", "eu", "qu", "c'",
    "g'", "-e", "-h", "cz", "sz", "oe", "ue", "gn", "dz", "ui", "ء",  "ا",  "ب",  "ت",  "ث",  "ج",
    "ح",  "خ",  "د",  "ذ",  "ر",  "ز",  "س",  "ش",  "ص",  "ض",  "ط",  "ظ",  "ع",  "غ",  "ف",  "ق",
    "ك",  "ل",  "م",  "ن",  "ه",  "و",  "ي",  "ة",  "پ",  "چ",  "ژ",  "گ",  "ڤ",  "ۆ",  "ێ",  "ە"};

struct Group {
  std::string_view letters;
  std::string_view sound;
};

// The longest first.
constexpr Group groups[] = {
    {"tsch", "ch"}, {"dsch", "dj"}, {"sch", "sh"}, {"tch", "ch"}, {"aee", "ai"}, {"ayee", "ai"},
    {"shch", "sh"}, {"sh", "sh"},   {"ch", "ch"},  {"kh", "kh"},  {"gh", "gh"},  {"th", "th"},
    {"dh", "dh"},   {"ph", "ph"},   {"zh", "zh"},  {"ts", "ts"},  {"tz", "ts"},  {"tx", "ch"},
    {"ck", "ck"},   {"dj", "dj"},   {"ou", "ou"},  {"oo", "oo"},  {"ee", "ee"},  {"aa", "aa"},
    {"ei", "ei"},   {"ey", "ei"},   {"ai", "ai"},  {"ay", "ai"},  {"au", "au"},  {"aw", "au"},
    {"ie", "ie"},   {"eu", "eu"},   {"qu", "qu"},  {"cz", "cz"},  {"sz", "sz"},  {"oe", "oe"},
    {"ue", "ue"},   {"gn", "gn"},   {"dz", "dz"},  {"ui", "ui"}};

constexpr std::uint8_t place_of(std::string_view text) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] == text) return static_cast<std::uint8_t>(i);
  }
  return 0;
}

struct GroupSound {
  std::string_view letters;
  std::uint8_t sound;
};

// By first letter; built once, so that a word is read without searching texts.
struct GroupTable {
  std::array<std::array<GroupSound, 8>, 26> by_letter{};
  std::array<std::uint8_t, 26> count{};
  constexpr GroupTable() {
    for (const Group& group : groups) {
      const auto letter = static_cast<std::size_t>(group.letters[0] - 'a');
      by_letter[letter][count[letter]++] = {group.letters, place_of(group.sound)};
    }
  }
};
constexpr GroupTable group_table;

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

void push(Sounds& sounds, std::uint8_t sound) {
  if (sounds.length < max_sounds) sounds.row[sounds.length++] = sound;
}

std::uint8_t single(std::string_view word, std::size_t at) {
  const char c = word[at];
  const char next = at + 1 < word.size() ? word[at + 1] : '\0';
  const bool soft = next == 'e' || next == 'i' || next == 'y';
  const bool last = at + 1 == word.size() && at > 1;
  if (c == 'c' && soft) return place_of("c'");
  if (c == 'g' && soft) return place_of("g'");
  if (c == 'e' && last) return place_of("-e");
  if (c == 'h' && last && is_vowel(word[at - 1])) return place_of("-h");
  return static_cast<std::uint8_t>(c - 'a');
}

// `word` is of a to z.
void read_latin(std::string_view word, Sounds& sounds) {
  for (std::size_t at = 0; at < word.size() && sounds.length < max_sounds;) {
    const auto letter = static_cast<std::size_t>(word[at] - 'a');
    const std::string_view rest = word.substr(at);
    bool found = false;
    for (std::size_t i = 0; i < group_table.count[letter] && !found; ++i) {
      const GroupSound& group = group_table.by_letter[letter][i];
      if (!rest.starts_with(group.letters)) continue;
      // "Quirin", but "Qusay" and "Yaqub".
      if (group.letters == "qu" && (rest.size() < 3 || !is_vowel(rest[2]))) continue;
      push(sounds, group.sound);
      at += group.letters.size();
      found = true;
    }
    if (found) continue;
    push(sounds, single(word, at));
    ++at;
    if (at < word.size() && word[at] == word[at - 1] && !is_vowel(word[at])) {
      sounds.doubled |= 1U << (sounds.length - 1U);
      ++at;
    }
  }
}

bool is_sorani_letter(char32_t code) {
  return code == 0x6D5 || code == 0x6CE || code == 0x6C6 || code == 0x695 || code == 0x6B5;
}

constexpr char32_t joiner = 0x200C;

// Sorani writes its vowels, so it is read letter by letter into Latin ones. Empty for words
// without one of the letters that only Sorani has.
std::string sorani_in_latin(std::string_view word) {
  std::u32string codes;
  bool sorani = false;
  for (std::size_t at = 0; at < word.size();) {
    const auto [code, length] = feeds::unicode::decode(word, at);
    at += length;
    // The vowel e was once a heh that does not join: heh and a zero-width non-joiner.
    const bool vowel = code == joiner && !codes.empty() && codes.back() == 0x647;
    if (vowel) codes.back() = 0x6D5;
    if (code != joiner) codes += code;
    sorani = sorani || vowel || is_sorani_letter(code);
  }
  if (!sorani) return {};
  std::string latin;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::string_view letter = abjad_letter(codes[i]);
    const bool after_vowel = !latin.empty() && is_vowel(latin.back());
    const bool vowel_next =
        i + 1 < codes.size() && (abjad_letter(codes[i + 1]) == "ا" || codes[i + 1] == 0x6D5 ||
                                 codes[i + 1] == 0x6CE || codes[i + 1] == 0x6C6);
    if (letter == "و") {
      if (i > 0 && abjad_letter(codes[i - 1]) == "و" && latin.ends_with('u')) continue;
      latin += after_vowel || vowel_next || i == 0 ? 'w' : 'u';
    } else if (letter == "ي") {
      latin += after_vowel || vowel_next ? 'y' : 'i';
    } else {
      latin += latin_of(codes[i]);
    }
  }
  return latin;
}

}  // namespace

Sounds sounds_of(std::string_view word) {
  Sounds sounds;
  const auto first = static_cast<unsigned char>(word.empty() ? 0 : word[0]);
  std::string latin = first >= 0xD8 && first <= 0xDB ? sorani_in_latin(word) : std::string();
  if (!latin.empty()) {
    read_latin(latin, sounds);
    return sounds;
  }
  bool turkish = false;
  for (std::size_t at = 0; at < word.size();) {
    const auto lead = static_cast<unsigned char>(word[at]);
    if (lead < 0x80) {
      const char lower = static_cast<char>(lead >= 'A' && lead <= 'Z' ? lead + 32 : lead);
      if (lower >= 'a' && lower <= 'z') latin += lower;
      ++at;
      continue;
    }
    const auto [code, length] = feeds::unicode::decode(word, at);
    at += length;
    if (const std::string_view letter = abjad_letter(code); !letter.empty()) {
      sounds.abjad = true;
      push(sounds, place_of(letter));
    } else if (const std::string_view letters = romanised(code); !letters.empty()) {
      if (letters != "-") latin += letters;
      turkish = turkish || is_turkish_or_kurdish(code);
    } else {
      std::string folded;
      feeds::unicode::FoldTable::get().append(folded, code);
      for (const char c : folded) {
        if (c >= 'a' && c <= 'z') latin += c;
      }
    }
  }
  if (sounds.abjad) return sounds;
  if (turkish) {
    // Their c is the j of others, their j stays one.
    for (std::size_t i = 0; i < latin.size(); ++i) {
      if (latin[i] == 'c' && (i + 1 == latin.size() || latin[i + 1] != 'h')) latin[i] = 'j';
    }
  }
  read_latin(latin, sounds);
  return sounds;
}

std::string_view sound_text(std::uint8_t sound) {
  return sound < texts.size() ? texts[sound] : std::string_view();
}

}  // namespace wirewatch::rules
