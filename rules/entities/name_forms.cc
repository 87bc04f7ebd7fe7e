#include "rules/entities/name_forms.h"

#include <algorithm>
#include <array>

#include "feeds/text/word_hash.h"

namespace wirewatch::rules {
namespace {

constexpr std::string_view article = "ال";

// Every letter that matters here takes two bytes in UTF-8.
constexpr std::size_t least_bytes = 6;

constexpr std::array<std::string_view, 8> apostrophes = {
    "'",        "`",        "\xE2\x80\x98", "\xE2\x80\x99",  // quotation marks
    "\xCA\xBB", "\xCA\xBC", "\xCA\xBE",     "\xCA\xBF"};     // modifier letters

bool joined_by_hyphen(std::string_view gap) {
  static constexpr std::array<std::string_view, 5> hyphens = {"-", "\xE2\x80\x90", "\xE2\x80\x91",
                                                              "\xE2\x80\x92", "\xE2\x80\x93"};
  return std::find(hyphens.begin(), hyphens.end(), gap) != hyphens.end();
}

std::string_view without(std::string_view word, std::string_view particle) {
  if (!word.starts_with(particle) || word.size() < particle.size() + least_bytes) return {};
  return word.substr(particle.size());
}

void add_unique(std::vector<std::string>& words, std::string word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
}

}  // namespace

std::uint64_t article_hash() {
  static const std::uint64_t hash = feeds::word_hash(
      "\x01"
      "article");
  return hash;
}

std::string_view between_words(std::string_view gap) {
  for (const std::string_view one : apostrophes) {
    if (gap.size() > one.size() && gap.ends_with(one)) gap.remove_suffix(one.size());
    if (gap.size() > one.size() && gap.starts_with(one)) gap.remove_prefix(one.size());
  }
  return gap;
}

bool is_article(std::string_view folded, std::string_view gap, std::string_view next) {
  if (next.empty()) return false;
  gap = between_words(gap);
  const bool hyphen = joined_by_hyphen(gap);
  if (folded == "al" || folded == "el") return hyphen || gap == " ";
  if (hyphen && static_cast<unsigned char>(folded[0]) >= 0x80) {
    static constexpr std::array<std::string_view, 14> others = {
        "аль", "эль", "ал", "эл", "аш", "ас", "ан", "ар", "ат", "ад", "аз", "эш", "אל", "א"};
    return std::find(others.begin(), others.end(), folded) != others.end();
  }
  if (!hyphen || folded.size() < 2 || folded.size() > 3) return false;
  if (folded[0] != 'a' && folded[0] != 'e') return false;
  // The sun letters: the article takes the sound that follows.
  static constexpr std::array<std::string_view, 10> sounds = {"sh", "th", "dh", "s", "t",
                                                              "d",  "n",  "r",  "z", "j"};
  const std::string_view sound = folded.substr(1);
  return std::find(sounds.begin(), sounds.end(), sound) != sounds.end() && next.starts_with(sound);
}

namespace {

// With particles off; the first is the word itself.
std::vector<std::string> without_particles(std::string_view folded) {
  std::vector<std::string> words = {std::string(folded)};
  for (const std::string_view particle : {"و", "ف"}) {
    if (const auto rest = without(folded, particle); !rest.empty()) {
      add_unique(words, std::string(rest));
    }
  }
  for (std::size_t i = 0, count = words.size(); i < count; ++i) {
    const std::string word = words[i];
    for (const std::string_view particle : {"ب", "ك", "ل"}) {
      if (const auto rest = without(word, particle); !rest.empty()) {
        add_unique(words, std::string(rest));
      }
    }
    // li + al- is written "ll".
    if (const auto rest = without(word, "لل"); !rest.empty()) {
      add_unique(words, std::string(article) + std::string(rest));
    }
  }
  return words;
}

bool is_arabic(std::string_view folded) {
  const auto lead = static_cast<unsigned char>(folded.empty() ? 0 : folded[0]);
  return lead >= 0xD8 && lead <= 0xDB;
}

}  // namespace

std::vector<ArabicForm> arabic_forms(std::string_view folded) {
  if (!is_arabic(folded)) return {};
  std::vector<ArabicForm> forms;
  for (const std::string& word : without_particles(folded)) {
    if (word != folded) forms.push_back({feeds::word_hash(word), false});
    if (const auto rest = without(word, article); !rest.empty()) {
      forms.push_back({feeds::word_hash(rest), true});
    }
  }
  return forms;
}

std::vector<std::string> arabic_words_without_article(std::string_view folded) {
  std::vector<std::string> words;
  if (!is_arabic(folded)) return words;
  for (const std::string& word : without_particles(folded)) {
    if (const auto rest = without(word, article); !rest.empty()) words.emplace_back(rest);
  }
  return words;
}

std::vector<std::string> arabic_words(std::string_view folded) {
  std::vector<std::string> words;
  if (!is_arabic(folded)) return words;
  for (const std::string& word : without_particles(folded)) {
    if (const auto rest = without(word, article); !rest.empty()) {
      words.emplace_back(rest);
    } else if (word != folded) {
      words.push_back(word);
    }
  }
  return words;
}

}  // namespace wirewatch::rules
