#include "rules/entities/name_key.h"

#include <algorithm>
#include <string_view>

namespace wirewatch::rules {
namespace {

constexpr std::size_t most_classes = 12;

// Readings of a sound, the likeliest first; each a row of classes, "" for none.
struct Readings {
  std::string_view sound;
  std::array<std::string_view, 3> rows;
  std::uint8_t count;
};

constexpr Readings readings[] = {{"b", {"B"}, 1},
                                 {"p", {"B"}, 1},
                                 {"ب", {"B"}, 1},
                                 {"پ", {"B"}, 1},
                                 {"f", {"F"}, 1},
                                 {"ph", {"F", "B"}, 2},
                                 {"v", {"F", ""}, 2},
                                 {"w", {"", "F"}, 2},
                                 {"ف", {"F"}, 1},
                                 {"ڤ", {"F"}, 1},
                                 {"t", {"T"}, 1},
                                 {"d", {"T"}, 1},
                                 {"ت", {"T"}, 1},
                                 {"د", {"T"}, 1},
                                 {"ط", {"T"}, 1},
                                 {"th", {"S", "T"}, 2},
                                 {"dh", {"T", "S"}, 2},
                                 {"ث", {"S", "T"}, 2},
                                 {"ذ", {"T", "S"}, 2},
                                 {"ض", {"T", "S"}, 2},
                                 {"ظ", {"S", "T"}, 2},
                                 {"s", {"S"}, 1},
                                 {"z", {"S"}, 1},
                                 {"sh", {"S"}, 1},
                                 {"c'", {"S", "K"}, 2},
                                 {"ts", {"S", "TS"}, 2},
                                 {"sz", {"S"}, 1},
                                 {"cz", {"S", "TS"}, 2},
                                 {"ch", {"S", "K", "TS"}, 3},
                                 {"zh", {"S", "J"}, 2},
                                 {"dz", {"S", "TS"}, 2},
                                 {"س", {"S"}, 1},
                                 {"ز", {"S"}, 1},
                                 {"ش", {"S"}, 1},
                                 {"ص", {"S"}, 1},
                                 {"چ", {"S"}, 1},
                                 {"ژ", {"S", "J"}, 2},
                                 {"j", {"J", "S", ""}, 3},
                                 {"g'", {"J", "K"}, 2},
                                 {"dj", {"J", "T"}, 2},
                                 {"ج", {"J", "K", "S"}, 3},
                                 {"k", {"K"}, 1},
                                 {"q", {"K"}, 1},
                                 {"g", {"K", "J"}, 2},
                                 {"gh", {"K", ""}, 2},
                                 {"kh", {"K", ""}, 2},
                                 {"ck", {"K"}, 1},
                                 {"c", {"K", "S"}, 2},
                                 {"qu", {"K"}, 1},
                                 {"x", {"KS", "K", "S"}, 3},
                                 {"ق", {"K"}, 1},
                                 {"ك", {"K"}, 1},
                                 {"غ", {"K", ""}, 2},
                                 {"خ", {"K", ""}, 2},
                                 {"گ", {"K", "J"}, 2},
                                 {"m", {"M"}, 1},
                                 {"م", {"M"}, 1},
                                 {"n", {"N"}, 1},
                                 {"gn", {"N", "KN"}, 2},
                                 {"ن", {"N"}, 1},
                                 {"l", {"L"}, 1},
                                 {"ل", {"L"}, 1},
                                 {"r", {"R"}, 1},
                                 {"ر", {"R"}, 1},
                                 {"ة", {"", "T"}, 2}};

constexpr Readings none = {"", {""}, 1};

struct ReadingTable {
  std::array<Readings, all_sounds> of{};
  ReadingTable() {
    for (std::size_t sound = 0; sound < all_sounds; ++sound) {
      const std::string_view text = sound_text(static_cast<std::uint8_t>(sound));
      of[sound] = none;
      for (const Readings& one : readings) {
        if (one.sound == text) of[sound] = one;
      }
    }
  }
};

constexpr std::string_view classes = "?BFTSJKMNLR";

NameKey class_of(char letter) {
  return classes.find(letter);
}

struct Part {
  NameKey key = 0;
  std::uint8_t classes = 0;
  char last = '\0';  // the class of the sound right before, which a doubled one joins
  void add(char letter) {
    last = letter;
    if (classes == most_classes) return;
    key = (key << 4U) | class_of(letter);
    ++classes;
  }
};

}  // namespace

NameKeys keys_of(const Sounds& sounds, std::size_t most) {
  static const ReadingTable table;
  boost::container::small_vector<Part, 8> parts(1);
  for (std::size_t i = 0; i < sounds.length; ++i) {
    const Readings& reading = table.of[sounds.row[i]];
    const std::size_t before = parts.size();
    for (std::size_t way = 1; way < reading.count; ++way) {
      for (std::size_t p = 0; p < before && parts.size() < most; ++p) {
        Part part = parts[p];
        if (reading.rows[way].empty()) part.last = '\0';
        for (const char letter : reading.rows[way]) part.add(letter);
        parts.push_back(part);
      }
    }
    for (std::size_t p = 0; p < before; ++p) {
      Part& part = parts[p];
      std::string_view row = reading.rows[0];
      // "Qanbar" is said Qambar.
      if (row == "N" && i + 1 < sounds.length && table.of[sounds.row[i + 1]].rows[0] == "B") {
        row = "M";
      }
      if (row.empty()) {
        part.last = '\0';
      } else if (sounds.abjad || row.size() != 1 || part.last != row[0]) {
        for (const char letter : row) part.add(letter);
      }
    }
  }
  NameKeys keys;
  for (const Part& part : parts) {
    if (std::find(keys.begin(), keys.end(), part.key) == keys.end()) keys.push_back(part.key);
  }
  return keys;
}

std::string key_text(NameKey key) {
  std::string text;
  for (; key != 0; key >>= 4U) text.insert(text.begin(), classes[key & 15U]);
  return text;
}

NameKey joined(NameKey first, NameKey second) {
  NameKey key = first;
  int length = 0;
  for (NameKey rest = first; rest != 0; rest >>= 4U) ++length;
  int more = 0;
  for (NameKey rest = second; rest != 0; rest >>= 4U) ++more;
  for (int i = more - 1; i >= 0 && length < 12; --i, ++length) {
    key = (key << 4U) | ((second >> (4U * static_cast<unsigned>(i))) & 15U);
  }
  return key;
}

}  // namespace wirewatch::rules
