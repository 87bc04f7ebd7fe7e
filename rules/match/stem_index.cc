#include "rules/match/stem_index.h"

#include <algorithm>
#include <array>

#include "feeds/hash.h"
#include "rules/match/arabic_words.h"
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

std::vector<std::uint64_t> arabic_keys(const std::vector<std::string>& readings,
                                       Stemming& stemming) {
  std::vector<std::uint64_t> keys;
  for (const std::string& word : readings) {
    const std::uint64_t key = stem_key(arabic_language, stemming.stem(arabic_language, word));
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

// The same for Arabic words, which have a stem for each reading; those with more are not kept.
struct RememberedArabic {
  std::uint64_t word = 0;
  std::uint32_t count = 0;
  std::array<std::uint64_t, 6> keys{};
};
constexpr std::size_t remembered_arabic_words = 4096;

}  // namespace

StemIndex::StemIndex() = default;
StemIndex::~StemIndex() = default;
StemIndex::StemIndex(StemIndex&&) noexcept = default;
StemIndex& StemIndex::operator=(StemIndex&&) noexcept = default;

void StemIndex::add(const std::string& folded, AtomId atom) {
  if (!stemming_) stemming_ = std::make_unique<Stemming>();
  for (const std::uint32_t language : languages_of_query_word(folded)) {
    if (language == arabic_language) {
      const auto keys = arabic_keys(arabic_readings_of_query(folded), *stemming_);
      for (const std::uint64_t key : keys) stems_[key].push_back(atom);
      continue;
    }
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

void StemIndex::take_arabic(std::string_view folded, std::uint64_t hash, Stemming& stemming,
                            std::vector<AtomId>& out) const {
  static thread_local std::vector<RememberedArabic> memory(remembered_arabic_words);
  RememberedArabic& one = memory[hash % remembered_arabic_words];
  if (one.count == 0 || one.word != hash) {
    const auto keys = arabic_keys(arabic_readings_of_text(folded), stemming);
    if (keys.size() > one.keys.size()) {
      for (const std::uint64_t key : keys) take(key, out);
      return;
    }
    one.word = hash;
    one.count = static_cast<std::uint32_t>(keys.size());
    std::copy(keys.begin(), keys.end(), one.keys.begin());
  }
  for (std::uint32_t i = 0; i < one.count; ++i) take(one.keys[i], out);
}

void StemIndex::find(std::string_view folded, std::uint64_t hash, const StemLanguages& languages,
                     Stemming& stemming, std::vector<AtomId>& out) const {
  const auto known = languages.of(folded);
  // Equal words have equal stems, so the word itself is only looked for where nothing is stemmed.
  if (known.empty()) take(hash ^ plain_mark, out);
  for (const std::uint32_t language : known) {
    if (language == arabic_language) return take_arabic(folded, hash, stemming, out);
    take(stem_key_of(language, folded, hash, stemming), out);
  }
}

}  // namespace wirewatch::rules
