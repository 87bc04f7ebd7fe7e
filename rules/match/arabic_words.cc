#include "rules/match/arabic_words.h"

#include <algorithm>
#include <array>

#include "rules/entities/name_forms.h"
#include "rules/match/word_tokens.h"

namespace wirewatch::rules {
namespace {

// Letters that matter here take two bytes in UTF-8; three are left of every word.
constexpr std::size_t least_bytes = 6;
constexpr std::string_view plural = "ات";
constexpr std::size_t most_looked_at = 50;  // words of one query, for the warning

bool is_arabic(std::string_view folded) {
  const auto lead = static_cast<unsigned char>(folded.empty() ? 0 : folded[0]);
  return lead >= 0xD8 && lead <= 0xDB;
}

void add_unique(std::vector<std::string>& words, std::string_view word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
}

// Without the plural's ending and what says whose they are: زياراتهم → زيار.
std::string_view without_plural(std::string_view word) {
  static constexpr std::array<std::string_view, 9> whose = {"",  "ه",  "ها", "هم", "هما",
                                                            "ي", "نا", "ك",  "كم"};
  for (const std::string_view suffix : whose) {
    const std::size_t ending = plural.size() + suffix.size();
    if (word.size() < least_bytes + ending || !word.ends_with(suffix)) continue;
    const std::string_view rest = word.substr(0, word.size() - suffix.size());
    if (rest.ends_with(plural)) return rest.substr(0, rest.size() - plural.size());
  }
  return {};
}

std::vector<std::string> readings(std::string_view folded, const std::vector<std::string>& bare) {
  std::vector<std::string> words = {std::string(folded)};
  for (const std::string& word : bare) add_unique(words, word);
  for (std::size_t i = 0, count = words.size(); i < count; ++i) {
    const std::string one = words[i];
    if (const auto rest = without_plural(one); !rest.empty()) add_unique(words, rest);
  }
  return words;
}

// Letters of Persian, Kurdish, Urdu and their neighbours that Arabic does not have.
bool has_foreign_letter(std::string_view raw) {
  static constexpr std::array<std::string_view, 14> letters = {"پ", "چ", "ژ", "گ", "ک", "ی", "ە",
                                                               "ێ", "ۆ", "ڕ", "ڵ", "ڤ", "ٹ", "ڈ"};
  return std::any_of(letters.begin(), letters.end(), [&](std::string_view letter) {
    return raw.find(letter) != std::string_view::npos;
  });
}

struct Arabic {
  const Node* node = nullptr;
  std::string folded;
  bool bare = false;  // plain or begin*: found as it is written
};

struct Survey {
  std::vector<Arabic> words;
  bool other_language = false;  // lang: names one, and not Arabic
  bool arabic_language = false;
};

void survey(const Node& node, Survey& out) {
  if (node.kind == NodeKind::field && is_about_document(node.scope)) {
    if (node.scope != Scope::lang) return;
    const std::string text = to_text(node.parts[0]);
    (text.find("ar") == std::string::npos ? out.other_language : out.arabic_language) = true;
    return;
  }
  // What is excluded loses no match, and another rule is warned of by itself.
  if (node.kind == NodeKind::none || node.kind == NodeKind::rule) return;
  for (const Node& part : node.parts) survey(part, out);
  if (node.kind != NodeKind::term || out.words.size() >= most_looked_at) return;
  const Word& word = node.words[0];
  if (!is_arabic(word.text)) return;
  const std::vector<WordToken> tokens = word_tokens(word);
  if (tokens.size() != 1 || has_foreign_letter(word.text)) return;
  const bool bare = word.match == WordMatch::folded || word.match == WordMatch::prefix;
  out.words.push_back({&node, tokens[0].folded, bare});
}

}  // namespace

std::vector<std::string> arabic_readings_of_text(std::string_view folded) {
  if (!is_arabic(folded)) return {std::string(folded)};
  return readings(folded, arabic_words(folded));
}

std::vector<std::string> arabic_readings_of_query(std::string_view folded) {
  if (!is_arabic(folded)) return {std::string(folded)};
  return readings(folded, arabic_words_without_article(folded));
}

const Node* arabic_word_as_written(const Node& tree) {
  Survey found;
  survey(tree, found);
  if (found.other_language && !found.arabic_language) return nullptr;
  const auto related = [](const Arabic& a, const Arabic& b) {
    const std::vector<std::string> words = arabic_readings_of_text(b.folded);
    return std::any_of(words.begin() + 1, words.end(), [&](const std::string& word) {
      return word.starts_with(a.folded) || a.folded.starts_with(word);
    });
  };
  for (const Arabic& one : found.words) {
    if (!one.bare || one.folded.size() < least_bytes) continue;
    const bool others = std::any_of(found.words.begin(), found.words.end(), [&](const Arabic& b) {
      return b.node != one.node && (related(one, b) || related(b, one));
    });
    if (!others) return one.node;
  }
  return nullptr;
}

}  // namespace wirewatch::rules
