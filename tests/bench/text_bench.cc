// Normalise, tokenise, fold and hash: ours, the AVX2 floor, and ICU's word break with folding.
// Run by tests/bench/text; BENCH_TEXT names a folder with english.txt and arabic.txt.
#include <benchmark/benchmark.h>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

#include "feeds/hash.h"
#include "feeds/text/document.h"
#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"
#include "tests/bench/peers/word_hash.h"

namespace {

using namespace wirewatch;

// Paragraphs of a language, some 2 KB a piece as articles are.
std::vector<std::string> texts(const char* language) {
  const char* place = std::getenv("BENCH_TEXT");
  std::ifstream file(std::string(place == nullptr ? "." : place) + "/" + language + ".txt");
  std::vector<std::string> all(1);
  for (std::string line; std::getline(file, line);) {
    if (all.back().size() > 2000) all.emplace_back();
    all.back() += line + "\n";
  }
  return all;
}

template <class Read>
void over(benchmark::State& state, const char* language, const Read& read) {
  const auto all = texts(language);
  std::size_t bytes = 0;
  for (const std::string& text : all) bytes += text.size();
  if (bytes < 1000) return state.SkipWithError("BENCH_TEXT names no texts");
  std::uint64_t sum = 0;
  for (auto _ : state) {
    for (const std::string& text : all) sum += read(text);
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

std::uint64_t ours(const std::string& text) {
  const feeds::Words words = feeds::tokenise(feeds::unicode::tidy(text, 1U << 20U));
  std::uint64_t sum = 0;
  for (const std::uint64_t hash : words.hashes) sum += hash;
  return sum;
}

std::uint64_t floor_of(const std::string& text) {
  return bench::hash_words(text).sum;
}

// As a program would do it that wants words that compare equal: break, fold (NFKC and case), hash.
class Icu {
 public:
  Icu() {
    UErrorCode error = U_ZERO_ERROR;
    words_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
    fold_ = icu::Normalizer2::getNFKCCasefoldInstance(error);
  }
  std::uint64_t operator()(const std::string& text) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
    words_->setText(wide);
    std::uint64_t sum = 0;
    std::string folded;
    std::int32_t start = words_->first();
    for (std::int32_t end = words_->next(); end != icu::BreakIterator::DONE;
         start = end, end = words_->next()) {
      if (words_->getRuleStatus() < UBRK_WORD_NONE_LIMIT) continue;
      folded.clear();
      fold_->normalize(wide.tempSubStringBetween(start, end), error).toUTF8String(folded);
      sum += hash64(folded);
    }
    return sum;
  }

 private:
  std::unique_ptr<icu::BreakIterator> words_;
  const icu::Normalizer2* fold_ = nullptr;
};

void ours_text(benchmark::State& state, const char* language) {
  over(state, language, ours);
}

// All that an item goes through: clutter, repeats, language as well.
void ours_document(benchmark::State& state, const char* language) {
  over(state, language, [](const std::string& text) {
    feeds::DocumentInput input;
    input.text = text;
    return static_cast<std::uint64_t>(feeds::make_document(std::move(input)).tokens.size());
  });
}

void floor_text(benchmark::State& state, const char* language) {
  if (!bench::has_avx2()) return state.SkipWithError("this processor has no AVX2");
  over(state, language, floor_of);
}

void icu_text(benchmark::State& state, const char* language) {
  Icu icu;
  over(state, language, [&](const std::string& text) { return icu(text); });
}

BENCHMARK_CAPTURE(ours_text, english, "english");
BENCHMARK_CAPTURE(floor_text, english, "english");
BENCHMARK_CAPTURE(icu_text, english, "english");
BENCHMARK_CAPTURE(ours_document, english, "english");
BENCHMARK_CAPTURE(ours_text, arabic, "arabic");
BENCHMARK_CAPTURE(floor_text, arabic, "arabic");
BENCHMARK_CAPTURE(icu_text, arabic, "arabic");
BENCHMARK_CAPTURE(ours_document, arabic, "arabic");

}  // namespace

BENCHMARK_MAIN();
