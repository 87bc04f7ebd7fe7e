// Boolean rules with entities on documents of about 700 bytes: ours, and evaluating every rule over
// a bit set. Mentions are found beforehand, for both. Run by tests/bench/rules.
#include <benchmark/benchmark.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>

#include "rules/match/rule_set.h"
#include "tests/bench/articles.h"
#include "tests/bench/boolean_rules.h"

namespace {

using namespace wirewatch;

constexpr std::size_t entity_count = 2000;

struct Data {
  std::vector<feeds::Document> documents;
  bench::Vocabulary vocabulary;
  rules::Gazetteer gazetteer;
  std::vector<std::vector<feeds::Mention>> mentions;  // by document
};

const Data& data() {
  static const Data made = [] {
    Data data;
    const auto inputs = bench::articles(6000);
    const auto whole = bench::documents(inputs);
    data.vocabulary = bench::vocabulary_of(whole);
    data.documents = bench::documents(inputs, 640);
    const auto entities = bench::entities_of(data.documents, entity_count, 5);
    data.gazetteer = rules::Gazetteer::compile(entities).first;
    for (const auto& document : data.documents) {
      data.mentions.push_back(data.gazetteer.find(document));
    }
    return data;
  }();
  return made;
}

std::vector<bench::BooleanQuery> queries(std::size_t count) {
  return bench::boolean_queries(count, data().vocabulary, {}, entity_count, 11);
}

struct Set {
  rules::RuleSet rules;
  std::size_t refused = 0;
  double built_seconds = 0;
};

// One set at a time is kept: 350,000 rules take their room.
const Set& set_of(std::size_t count) {
  static std::size_t kept = 0;
  static std::unique_ptr<Set> set;
  if (kept != count) {
    const auto defs = bench::rules_of(queries(count));
    set = std::make_unique<Set>();
    const std::clock_t start = std::clock();
    auto outcome = rules::RuleSet::compile(defs, data().gazetteer);
    set->built_seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    set->rules = std::move(outcome.set);
    set->refused = outcome.failed.size();
    kept = count;
  }
  return *set;
}

void ours_rules(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Data& all = data();
  const Set& set = set_of(count);
  std::size_t matches = 0;
  for (auto _ : state) {
    matches = 0;
    for (std::size_t i = 0; i < all.documents.size(); ++i) {
      matches += set.rules.match(all.documents[i], all.mentions[i]).size();
    }
  }
  const auto documents = static_cast<double>(all.documents.size());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(documents));
  state.counters["matches"] = static_cast<double>(matches) / documents;
  state.counters["refused"] = static_cast<double>(set.refused);
  state.counters["built"] = set.built_seconds;
  state.counters["bytes"] = static_cast<double>(set.rules.bytes());
  state.counters["document_bytes"] =
      static_cast<double>(bench::bytes_of(all.documents)) / documents;
}

// What a straightforward program does: a number for each word, a bit for each number that the
// document holds, and every rule asked. Phrases and nearness count as AND, so it does less.
class BitSet {
 public:
  explicit BitSet(const std::vector<bench::BooleanQuery>& queries) {
    for (const bench::BooleanQuery& query : queries) {
      Rule& rule = rules_.emplace_back();
      rule.shape = query.shape;
      for (std::size_t i = 0; i < query.words.size(); ++i) rule.words[i] = number(query.words[i]);
    }
    bits_.resize(numbers_.size() / 64 + 1);
  }

  std::size_t match(const feeds::Document& document, const std::vector<feeds::Mention>& mentions) {
    std::fill(bits_.begin(), bits_.end(), 0);
    for (const feeds::Token& token : document.tokens) mark(document.folded_form(token));
    for (const feeds::Mention& mention : mentions) mark(mention.entity);
    std::size_t matches = 0;
    for (const Rule& rule : rules_) matches += holds(rule) ? 1U : 0U;
    return matches;
  }

 private:
  struct Rule {
    bench::QueryShape shape = bench::QueryShape::both;
    std::uint32_t words[4] = {};
  };

  std::uint32_t number(const std::string& word) {
    return numbers_.try_emplace(word, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  void mark(std::string_view word) {
    const auto found = numbers_.find(std::string(word));
    if (found == numbers_.end()) return;
    bits_[found->second / 64] |= std::uint64_t{1} << (found->second % 64);
  }
  bool has(std::uint32_t word) const { return (bits_[word / 64] >> (word % 64) & 1U) != 0; }

  bool holds(const Rule& rule) const {
    const auto& w = rule.words;
    switch (rule.shape) {
      case bench::QueryShape::both:
        return has(w[0]) && has(w[1]);
      case bench::QueryShape::one_of_two:
        return has(w[0]) && (has(w[1]) || has(w[2])) && !has(w[3]);
      case bench::QueryShape::phrase_or_word:
        return ((has(w[0]) && has(w[1])) || has(w[2])) && has(w[3]);
      case bench::QueryShape::near:
        return has(w[0]) && has(w[1]) && has(w[2]);
      case bench::QueryShape::same_sentence:
      case bench::QueryShape::entity:
        return has(w[0]) && has(w[1]) && !has(w[2]);
      case bench::QueryShape::two_of_three:
        break;
    }
    return (has(w[0]) ? 1 : 0) + (has(w[1]) ? 1 : 0) + (has(w[2]) ? 1 : 0) >= 2;
  }

  boost::unordered_flat_map<std::string, std::uint32_t> numbers_;
  std::vector<Rule> rules_;
  std::vector<std::uint64_t> bits_;
};

void every_rule(benchmark::State& state) {
  const Data& all = data();
  BitSet rules(queries(static_cast<std::size_t>(state.range(0))));
  const std::size_t most = std::min<std::size_t>(all.documents.size(), 500);
  std::size_t matches = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < most; ++i) {
      matches += rules.match(all.documents[i], all.mentions[i]);
    }
    benchmark::DoNotOptimize(matches);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(most));
}

BENCHMARK(ours_rules)->Arg(1000)->Arg(10000)->Arg(100000)->Arg(350000);
BENCHMARK(every_rule)->Arg(1000)->Arg(10000)->Arg(100000)->Arg(350000);

}  // namespace

BENCHMARK_MAIN();
