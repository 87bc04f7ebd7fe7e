// Phrases as whole words in documents: ours from tokens and with the text pass, Hyperscan with
// literals padded by spaces, RE2::Set. Run by tests/bench/match.
#include <benchmark/benchmark.h>
#include <hs/hs.h>
#include <re2/set.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <unordered_set>

#include "feeds/text/document.h"
#include "rules/match/atoms.h"
#include "tests/bench/articles.h"

namespace {

using namespace wirewatch;

struct Data {
  std::vector<feeds::Document> documents;
  std::vector<std::string> plain;  // folded words with spaces around them, a paragraph a line
  std::size_t bytes = 0;           // of titles and texts
};

std::string plain_text(const feeds::Document& document) {
  std::string text = " ";
  for (std::size_t i = 0; i < document.tokens.size(); ++i) {
    const feeds::Token& token = document.tokens[i];
    const bool new_line = i > 0 && (token.paragraph != document.tokens[i - 1].paragraph ||
                                    token.field != document.tokens[i - 1].field);
    if (new_line) text += "\n ";
    text.append(document.folded_form(token)).push_back(' ');
  }
  return text;
}

const Data& data() {
  static const Data made = [] {
    Data data;
    data.documents = bench::documents(bench::articles(600));
    data.bytes = bench::bytes_of(data.documents);
    for (const auto& document : data.documents) data.plain.push_back(plain_text(document));
    return data;
  }();
  return made;
}

using Phrase = std::vector<std::string>;  // folded words

std::vector<Phrase> phrases(benchmark::State& state) {
  std::vector<Phrase> all;
  for (const std::string& line : bench::phrases(static_cast<std::size_t>(state.range(0)))) {
    Phrase words = feeds::fold_words(line);
    if (!words.empty()) all.push_back(std::move(words));
  }
  return all;
}

std::string joined(const Phrase& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> distinct(const std::vector<Phrase>& all) {
  std::unordered_set<std::string> seen;
  for (const Phrase& words : all) seen.insert(joined(words));
  return {seen.begin(), seen.end()};
}

std::unique_ptr<rules::AtomTable> table_of(const std::vector<Phrase>& all) {
  auto table = std::make_unique<rules::AtomTable>();
  for (const Phrase& words : all) table->add_phrase({words});
  table->finish();
  return table;
}

std::size_t hits_in(const rules::AtomTable& table, const feeds::Document& document) {
  const rules::Reading reading(document, 0, Span{0});
  const rules::Occurrences found = table.find(reading, {});
  std::size_t hits = 0;
  for (const rules::AtomId atom : found.atoms()) hits += found.of(atom).size();
  return hits;
}

void set_bytes(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * data().bytes));
}

void ours_tokens(benchmark::State& state) {
  const Data& all = data();
  const auto list = phrases(state);
  const std::clock_t start = std::clock();
  const auto table = table_of(list);
  state.counters["built"] = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  state.counters["bytes"] = static_cast<double>(table->word_index_bytes());
  std::size_t hits = 0;
  for (auto _ : state) {
    hits = 0;
    for (const auto& document : all.documents) hits += hits_in(*table, document);
  }
  set_bytes(state);
  state.counters["hits"] = static_cast<double>(hits);
}

void ours_text(benchmark::State& state) {
  const Data& all = data();
  const auto table = table_of(phrases(state));
  std::size_t hits = 0;
  for (auto _ : state) {
    for (const auto& one : all.documents) {
      const feeds::Document document = feeds::plain_document(one.title, one.text);
      hits += hits_in(*table, document);
    }
    benchmark::DoNotOptimize(hits);
  }
  set_bytes(state);
}

// Every run of words looked up as text, hyphens read both ways: slow, and plainly right.
struct Naive {
  std::unordered_set<std::string> list;
  std::size_t longest = 0;  // words of a phrase

  std::size_t from(const rules::Reading& reading, std::uint32_t i, std::size_t words,
                   const std::string& before) const {
    if (words == longest || i >= reading.size()) return 0;
    const bool runs_on = i + 1 < reading.size() && reading.runs_on(i);
    const std::string text = before + std::string(reading.folded(i));
    std::size_t hits = list.count(text);
    if (runs_on) hits += from(reading, i + 1, words + 1, text + " ");
    if (i + 1 >= reading.size() || !reading.joined(i)) return hits;
    const std::string closed = text + std::string(reading.folded(i + 1));
    hits += list.count(closed);
    if (i + 2 < reading.size() && reading.runs_on(i + 1)) {
      hits += from(reading, i + 2, words + 1, closed + " ");
    }
    return hits;
  }
};

void naive_scan(benchmark::State& state) {
  const auto list = phrases(state);
  Naive naive;
  for (const Phrase& words : list) {
    naive.list.insert(joined(words));
    naive.longest = std::max(naive.longest, words.size());
  }
  std::size_t hits = 0;
  for (auto _ : state) {
    hits = 0;
    for (const auto& document : data().documents) {
      const rules::Reading reading(document, 0, Span{0});
      for (std::uint32_t i = 0; i < reading.size(); ++i) hits += naive.from(reading, i, 0, "");
    }
  }
  set_bytes(state);
  state.counters["hits"] = static_cast<double>(hits);
}

int count_hit(unsigned, unsigned long long, unsigned long long, unsigned, void* hits) {
  ++*static_cast<std::size_t*>(hits);
  return 0;
}

struct Hyperscan {
  hs_database_t* database = nullptr;
  hs_scratch_t* scratch = nullptr;
  std::size_t bytes = 0;
  double built_seconds = 0;
  std::string error;
};

Hyperscan compiled(const std::vector<std::string>& list) {
  std::vector<std::string> literals;
  for (const std::string& phrase : list) literals.push_back(" " + phrase + " ");
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  std::vector<unsigned> ids;
  for (const std::string& literal : literals) {
    texts.push_back(literal.data());
    lengths.push_back(literal.size());
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  const std::vector<unsigned> flags(ids.size());
  Hyperscan made;
  hs_compile_error_t* error = nullptr;
  const std::clock_t start = std::clock();
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), lengths.data(),
                           static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr,
                           &made.database, &error) != HS_SUCCESS) {
    made.error = error->message;
    return made;
  }
  made.built_seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  hs_database_size(made.database, &made.bytes);
  hs_alloc_scratch(made.database, &made.scratch);
  return made;
}

void hyperscan(benchmark::State& state) {
  static std::map<std::int64_t, Hyperscan> kept;  // compiling takes seconds
  const auto entry = kept.try_emplace(state.range(0));
  Hyperscan& peer = entry.first->second;
  if (entry.second) peer = compiled(distinct(phrases(state)));
  if (!peer.error.empty()) return state.SkipWithError(peer.error.c_str());
  state.counters["built"] = peer.built_seconds;
  state.counters["bytes"] = static_cast<double>(peer.bytes);
  const Data& all = data();
  std::size_t hits = 0;
  for (auto _ : state) {
    hits = 0;
    for (const std::string& text : all.plain) {
      hs_scan(peer.database, text.data(), static_cast<unsigned>(text.size()), 0, peer.scratch,
              count_hit, &hits);
    }
  }
  set_bytes(state);
  state.counters["hits"] = static_cast<double>(hits);
}

// Which phrases stand in a document, not where.
void re2_set(benchmark::State& state) {
  RE2::Options options;
  options.set_max_mem(std::int64_t{1} << 30);
  RE2::Set set(options, RE2::UNANCHORED);
  for (const std::string& phrase : distinct(phrases(state))) {
    set.Add(" " + RE2::QuoteMeta(phrase) + " ", nullptr);
  }
  if (!set.Compile()) return state.SkipWithError("RE2::Set does not compile so many");
  std::vector<int> found;
  // One in twenty is enough to see its rate.
  const std::size_t most = std::max<std::size_t>(data().plain.size() / 20, 1);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < most; ++i) {
    bytes += data().documents[i].title.size() + data().documents[i].text.size() + 1;
  }
  for (auto _ : state) {
    for (std::size_t i = 0; i < most; ++i) set.Match(data().plain[i], &found);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

// For ripgrep: the folded texts and the phrases as files.
void dump(benchmark::State& state) {
  const char* text = std::getenv("BENCH_DUMP_TEXT");
  const char* list = std::getenv("BENCH_DUMP_PHRASES");
  if (text == nullptr || list == nullptr) return state.SkipWithError("no files are named");
  for (auto _ : state) {
    std::ofstream texts(text);
    for (const std::string& one : data().plain) texts << one << "\n";
    std::ofstream lines(list);
    for (const std::string& phrase : distinct(phrases(state))) lines << phrase << "\n";
  }
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(1000)->Arg(10000)->Arg(51884);
}

BENCHMARK(ours_tokens)->Apply(sizes);
BENCHMARK(ours_text)->Apply(sizes);
BENCHMARK(hyperscan)->Apply(sizes);
BENCHMARK(re2_set)->Arg(1000)->Arg(10000);
BENCHMARK(dump)->Apply(sizes)->Iterations(1);
BENCHMARK(naive_scan)->Apply(sizes)->Iterations(1);

}  // namespace

BENCHMARK_MAIN();
