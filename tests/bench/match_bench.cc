// How fast documents are matched, one line a figure. One core. Documents are the real articles
// beside the checkout; boolean rules come from a seeded generator (boolean_rules.h).
#include <fmt/format.h>
#include <simdjson.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "feeds/text/document.h"
#include "rules/match/plan.h"
#include "tests/bench/boolean_rules.h"
#include "tests/source_dir.h"

namespace {

using namespace wirewatch;
// The processor's time of this program, so that others on the machine count less.
struct Clock {
  static std::clock_t now() { return std::clock(); }
};
double seconds_since(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

std::string shared(const std::string& path) {
  const char* variable = std::getenv("WIREWATCH_SHARED");
  return (variable != nullptr ? std::string(variable) : tests::source_path("../shared")) + path;
}

std::vector<feeds::DocumentInput> articles(std::size_t most) {
  std::vector<feeds::DocumentInput> inputs;
  gzFile file = gzopen(shared("/data/documents/articles_before_2019.jsonl.gz").c_str(), "rb");
  if (file == nullptr) return inputs;
  simdjson::dom::parser parser;
  std::vector<char> line(1 << 20);
  while (inputs.size() < most &&
         gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
    const std::string text(line.data());
    const auto object = parser.parse(text);
    feeds::DocumentInput& input = inputs.emplace_back();
    input.title = std::string(std::string_view(object["title"]));
    input.text = std::string(std::string_view(object["text"]));
  }
  gzclose(file);
  return inputs;
}

std::vector<std::string> phrases() {
  std::vector<std::string> all;
  std::ifstream file(shared("/data/rules/phrases.txt"));
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) all.push_back(line);
  }
  return all;
}

std::size_t bytes_of(const std::vector<feeds::Document>& documents) {
  std::size_t bytes = 0;
  for (const feeds::Document& document : documents) {
    bytes += document.title.size() + document.text.size() + 1;
  }
  return bytes;
}

// All hits of single phrases by looking every run of words up in a table, as a check.
std::size_t naive_hits(const std::vector<std::string>& list,
                       const std::vector<feeds::Document>& documents) {
  std::unordered_map<std::string, std::size_t> table;
  std::size_t longest = 0;
  for (const std::string& phrase : list) {
    std::string key;
    const auto words = feeds::fold_words(phrase);
    for (const std::string& word : words) key += word + " ";
    longest = std::max(longest, words.size());
    if (!words.empty()) table[key] = 1;
  }
  std::size_t hits = 0;
  for (const feeds::Document& document : documents) {
    const auto& tokens = document.tokens;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      std::string key;
      for (std::size_t n = 0; n < longest && i + n < tokens.size(); ++n) {
        const feeds::Token& token = tokens[i + n];
        if (token.field != tokens[i].field || token.paragraph != tokens[i].paragraph) break;
        key += std::string(document.folded_form(token)) + " ";
        hits += table.count(key);
      }
    }
  }
  return hits;
}

void bench_phrases(const std::vector<std::string>& all, std::size_t count,
                   const std::vector<feeds::Document>& documents, int rounds) {
  std::vector<std::string> list = all;
  std::mt19937 random(7);
  std::shuffle(list.begin(), list.end(), random);
  list.resize(std::min(count, list.size()));
  auto start = Clock::now();
  rules::AtomTable table;
  for (const std::string& phrase : list) {
    auto words = feeds::fold_words(phrase);
    if (!words.empty()) table.add_phrase({std::move(words)});
  }
  table.finish();
  const double build = seconds_since(start);
  std::size_t hits = 0;
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    hits = 0;
    start = Clock::now();
    for (const feeds::Document& document : documents) {
      const rules::Reading reading(document, 0, Span{0});
      const rules::Occurrences found = table.find(reading, {});
      for (const rules::AtomId atom : found.atoms()) hits += found.of(atom).size();
    }
    best = std::min(best, seconds_since(start));
  }
  const double megabytes = static_cast<double>(bytes_of(documents)) / 1e6;
  fmt::print(
      "phrases {:>6}: {:7.1f} MB/s from tokens, build {:.3f} s (reach 0.3), {:.1f} MB (reach 48), "
      "{} hits (naive scan {})\n",
      list.size(), megabytes / best, build, static_cast<double>(table.word_index_bytes()) / 1e6,
      hits, naive_hits(list, documents));
}

double bench_rules(std::size_t count, const bench::Vocabulary& vocabulary,
                   const std::vector<feeds::Document>& documents, int rounds, double first) {
  const auto defs = bench::boolean_rules(count, vocabulary, {}, 11);
  auto start = Clock::now();
  const auto outcome = rules::RuleSet::compile(defs, rules::Gazetteer());
  const double build = seconds_since(start);
  double best = 1e9;
  std::size_t matches = 0;
  for (int round = 0; round < rounds; ++round) {
    matches = 0;
    start = Clock::now();
    for (const feeds::Document& document : documents)
      matches += outcome.set.match(document, {}).size();
    best = std::min(best, seconds_since(start));
  }
  const double microseconds = best * 1e6 / static_cast<double>(documents.size());
  fmt::print(
      "rules {:>7}: {:8.0f} docs/s ({:.1f} us each, {:.2f}x of 1,000 rules), {:.2f} matches each, "
      "build {:.2f} s, {:.0f} MB, {} refused\n",
      count, 1e6 / microseconds, microseconds, first > 0 ? microseconds / first : 1.0,
      static_cast<double>(matches) / static_cast<double>(documents.size()), build,
      static_cast<double>(outcome.set.bytes()) / 1e6, outcome.failed.size());
  return microseconds;
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const bool quick = argc > 1 && std::string(argv[1]) == "--quick";
  const auto inputs = articles(quick ? 1000 : 6000);
  if (inputs.empty()) {
    fmt::print("no documents beside the checkout ({}): nothing measured\n", shared("/data"));
    return 0;
  }
  std::vector<feeds::Document> documents;
  std::vector<feeds::Document> small;  // of about 700 bytes
  for (const feeds::DocumentInput& input : inputs) {
    documents.push_back(feeds::make_document(input));
    feeds::DocumentInput cut = input;
    cut.text.resize(std::min<std::size_t>(cut.text.size(), 640));
    small.push_back(feeds::make_document(std::move(cut)));
  }
  fmt::print("{} documents of {} bytes, and cut to {} bytes, on average\n", documents.size(),
             bytes_of(documents) / documents.size(), bytes_of(small) / small.size());
  const int rounds = quick ? 2 : 5;
  const auto list = phrases();
  for (const std::size_t count : {std::size_t{1000}, std::size_t{10000}, list.size()}) {
    bench_phrases(list, count, documents, rounds);
  }
  const auto vocabulary = bench::vocabulary_of(documents);
  double first = 0;
  for (const std::size_t count : {1000U, 10000U, 100000U, 350000U}) {
    if (quick && count > 100000) break;
    const double took = bench_rules(count, vocabulary, small, rounds, first);
    if (first == 0) first = took;
  }
  return 0;
}
