#include "rules/match/stem_index.h"

#include "feeds/hash.h"
#include "rules/match/stemming.h"

namespace wirewatch::rules {
namespace {

// Stems of different languages, and the plain words, live in one table under different seeds.
constexpr std::uint64_t plain_mark = 0x5bd1e9955bd1e995ULL;
std::uint64_t stem_key(std::uint32_t language, std::string_view stem) {
  return hash64(stem, language + 1);
}

// Texts repeat their words, and a stem takes far longer to find than to remember. A pure function
// of the word: what stands here changes no result.
struct Remembered {
  std::uint64_t word = 0;
  std::uint64_t key = 0;
};
constexpr std::size_t remembered_words = 8192;

std::uint64_t stem_key_of(std::uint32_t language, std::string_view folded, std::uint64_t hash,
                          Stemming& stemming) {
  static thread_local std::vector<Remembered> memory(remembered_words);
  const std::uint64_t word = hash + (language + 1) * 0x9e3779b97f4a7c15ULL;
  Remembered& one = memory[word % remembered_words];
  if (one.word != word) one = {word, stem_key(language, stemming.stem(language, folded))};
  return one.key;
}

}  // namespace

StemIndex::StemIndex() = default;
StemIndex::~StemIndex() = default;
StemIndex::StemIndex(StemIndex&&) noexcept = default;
StemIndex& StemIndex::operator=(StemIndex&&) noexcept = default;

void StemIndex::add(const std::string& folded, AtomId atom) {
  if (!stemming_) stemming_ = std::make_unique<Stemming>();
  for (const std::uint32_t language : languages_of_query_word(folded)) {
    stems_[stem_key(language, stemming_->stem(language, folded))].push_back(atom);
  }
  stems_[hash64(folded) ^ plain_mark].push_back(atom);
}

void StemIndex::finish() {
  stemming_.reset();
  sieve_ = Sieve(stems_);
}

void StemIndex::take(std::uint64_t key, std::vector<AtomId>& out) const {
  if (!sieve_.may_hold(key)) return;
  const auto at = stems_.find(key);
  if (at != stems_.end()) out.insert(out.end(), at->second.begin(), at->second.end());
}

void StemIndex::find(std::string_view folded, std::uint64_t hash, const StemLanguages& languages,
                     Stemming& stemming, std::vector<AtomId>& out) const {
  const auto known = languages.of(folded);
  // Equal words have equal stems, so the word itself is only looked for where nothing is stemmed.
  if (known.empty()) take(hash ^ plain_mark, out);
  for (const std::uint32_t language : known) {
    take(stem_key_of(language, folded, hash, stemming), out);
  }
}

}  // namespace wirewatch::rules
