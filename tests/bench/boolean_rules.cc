#include "tests/bench/boolean_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <unordered_map>
#include <unordered_set>

namespace wirewatch::bench {
namespace {

class Generator {
 public:
  Generator(const Vocabulary& vocabulary, const AnchorSpread& spread, unsigned seed)
      : spread_(spread), random_(seed) {
    for (const auto& [word, documents] : vocabulary.words) {
      const double share =
          static_cast<double>(documents) / static_cast<double>(vocabulary.documents);
      const bool plain = word.size() > 3 && std::all_of(word.begin(), word.end(), [](char c) {
                           return c >= 'a' && c <= 'z';
                         });
      if (!plain) continue;
      auto& group = share <= 0.001 ? rare_ : share <= 0.01 ? medium_ : frequent_;
      group.push_back(word);
    }
  }

  std::string query() {
    const std::string a = anchor();
    switch (random_() % 6) {
      case 0:
        return fmt::format("{} AND {}", a, other());
      case 1:
        return fmt::format("{} AND ({} OR {}) AND NOT {}", a, other(), other(), other());
      case 2:
        return fmt::format("(\"{} {}\" OR {}) AND {}", a, other(), anchor(), other());
      case 3:
        return fmt::format("({} NEAR/5 {}) AND {}", a, other(), other());
      case 4:
        return fmt::format("SAME(sentence: {} AND {}~) AND NOT {}", a, other(), other());
      default:
        return fmt::format("2 OF ({}, {}, {})", a, anchor(), anchor());
    }
  }

 private:
  std::string anchor() {
    const double pick = std::uniform_real_distribution<double>(0, 1)(random_);
    if (pick < spread_.never) return name();
    return of(pick < spread_.never + spread_.rare ? rare_ : medium_);
  }
  std::string other() { return of(random_() % 2 == 0 ? frequent_ : medium_); }
  std::string of(const std::vector<std::string>& group) { return group[random_() % group.size()]; }

  std::string name() {
    static constexpr const char* parts[] = {"qa",   "zor", "vex", "bulq",
                                            "dhar", "wix", "jor", "ykt"};
    std::string word;
    for (int i = 0; i < 5; ++i) word += parts[random_() % 8];
    return word;
  }

  AnchorSpread spread_;
  std::mt19937 random_;
  std::vector<std::string> rare_, medium_, frequent_;
};

}  // namespace

Vocabulary vocabulary_of(const std::vector<feeds::Document>& documents) {
  std::unordered_map<std::string, std::uint32_t> counts;
  for (const feeds::Document& document : documents) {
    std::unordered_set<std::string> seen;
    for (const feeds::Token& token : document.tokens) seen.emplace(document.folded_form(token));
    for (const std::string& word : seen) ++counts[word];
  }
  Vocabulary vocabulary;
  vocabulary.documents = documents.size();
  vocabulary.words.assign(counts.begin(), counts.end());
  std::sort(vocabulary.words.begin(), vocabulary.words.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return vocabulary;
}

std::vector<rules::RuleDef> boolean_rules(std::size_t count, const Vocabulary& vocabulary,
                                          const AnchorSpread& spread, unsigned seed) {
  Generator generator(vocabulary, spread, seed);
  std::vector<rules::RuleDef> rules(count);
  for (std::size_t i = 0; i < count; ++i) {
    rules[i].name = fmt::format("r{}", i);
    rules[i].query = generator.query();
  }
  return rules;
}

}  // namespace wirewatch::bench
