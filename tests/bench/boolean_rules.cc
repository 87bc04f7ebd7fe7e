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
  Generator(const Vocabulary& vocabulary, const AnchorSpread& spread, std::size_t entities,
            unsigned seed)
      : spread_(spread), entities_(entities), random_(seed) {
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

  BooleanQuery query() {
    const auto shape = static_cast<QueryShape>(random_() % query_shapes);
    switch (shape) {
      case QueryShape::both:
        return {shape, {anchor(), other()}};
      case QueryShape::one_of_two:
        return {shape, {anchor(), other(), other(), other()}};
      case QueryShape::phrase_or_word:
        return {shape, {anchor(), other(), anchor(), other()}};
      case QueryShape::near:
        return {shape, {anchor(), other(), other()}};
      case QueryShape::same_sentence:
        return {shape, {anchor(), other(), other()}};
      case QueryShape::entity:
        return {shape, {fmt::format("e{}", random_() % entities_), other(), other()}};
      case QueryShape::two_of_three:
        break;
    }
    return {shape, {anchor(), anchor(), anchor()}};
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
  std::size_t entities_;
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

std::vector<rules::EntityDef> entities_of(const std::vector<feeds::Document>& documents,
                                          std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<rules::EntityDef> all;
  while (all.size() < count) {
    const feeds::Document& document = documents[random() % documents.size()];
    if (document.tokens.size() < 2) continue;
    const std::size_t at = random() % (document.tokens.size() - 1);
    const auto first = document.folded_form(document.tokens[at]);
    const auto second = document.folded_form(document.tokens[at + 1]);
    if (first.size() < 5 || second.size() < 5) continue;
    rules::EntityDef& entity = all.emplace_back();
    entity.id = fmt::format("e{}", all.size() - 1);
    entity.kind = "person";
    entity.names = {fmt::format("{} {}", first, second)};
    entity.exact = true;
  }
  return all;
}

std::vector<BooleanQuery> boolean_queries(std::size_t count, const Vocabulary& vocabulary,
                                          const AnchorSpread& spread, std::size_t entities,
                                          unsigned seed) {
  Generator generator(vocabulary, spread, entities, seed);
  std::vector<BooleanQuery> queries(count);
  for (BooleanQuery& query : queries) query = generator.query();
  return queries;
}

std::string text_of(const BooleanQuery& query) {
  const auto& w = query.words;
  switch (query.shape) {
    case QueryShape::both:
      return fmt::format("{} AND {}", w[0], w[1]);
    case QueryShape::one_of_two:
      return fmt::format("{} AND ({} OR {}) AND NOT {}", w[0], w[1], w[2], w[3]);
    case QueryShape::phrase_or_word:
      return fmt::format("(\"{} {}\" OR {}) AND {}", w[0], w[1], w[2], w[3]);
    case QueryShape::near:
      return fmt::format("({} NEAR/5 {}) AND {}", w[0], w[1], w[2]);
    case QueryShape::same_sentence:
      return fmt::format("SAME(sentence: {} AND {}~) AND NOT {}", w[0], w[1], w[2]);
    case QueryShape::entity:
      return fmt::format("@{} AND {} AND NOT {}", w[0], w[1], w[2]);
    case QueryShape::two_of_three:
      break;
  }
  return fmt::format("2 OF ({}, {}, {})", w[0], w[1], w[2]);
}

std::vector<rules::RuleDef> rules_of(const std::vector<BooleanQuery>& queries) {
  std::vector<rules::RuleDef> rules(queries.size());
  for (std::size_t i = 0; i < queries.size(); ++i) {
    rules[i].name = fmt::format("r{}", i);
    rules[i].query = text_of(queries[i]);
  }
  return rules;
}

}  // namespace wirewatch::bench
