#include "rules/match/stem_index.h"

#include <algorithm>
#include <array>

#include "feeds/hash.h"
#include "feeds/prefetch.h"
#include "feeds/text/word_hash.h"
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
constexpr std::size_t remembered_words = 32768;

Remembered& place_of(std::uint64_t word) {
  static thread_local std::vector<Remembered> memory(remembered_words);
  return memory[word % remembered_words];
}

std::uint64_t word_in(std::uint32_t language, std::uint64_t hash) {
  return hash + (language + 1) * 0x9e3779b97f4a7c15ULL;
}

std::uint64_t stem_key_of(std::uint32_t language, std::string_view folded, std::uint64_t hash) {
  static thread_local Stemming stemming;
  const std::uint64_t word = word_in(language, hash);
  Remembered& one = place_of(word);
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
      for (const std::uint64_t key : keys) add_key(key, atom);
      continue;
    }
    add_key(stem_key(language, stemming_->stem(language, folded)), atom);
  }
  add_key(feeds::word_hash(folded) ^ plain_mark, atom);
}

void StemIndex::add_key(std::uint64_t key, AtomId atom) {
  Range& range = stems_[key];
  if (range.count++ == 0) {
    range.begin = static_cast<std::uint32_t>(lists_.size());
    lists_.emplace_back();
  }
  lists_[range.begin].push_back(atom);
}

void StemIndex::finish() {
  stemming_.reset();
  stems_.each_value([&](Range& range) {
    const std::vector<AtomId>& list = lists_[range.begin];
    if (list.size() == 1) {
      range.begin = list[0];
      return;
    }
    range.begin = static_cast<std::uint32_t>(atoms_.size());
    atoms_.insert(atoms_.end(), list.begin(), list.end());
  });
  lists_ = {};
  finished_ = true;
  atoms_.shrink_to_fit();
  sieve_ = Sieve(stems_);
}

void StemIndex::expect(std::uint64_t hash, const StemLanguages& languages) const {
  for (const std::uint32_t language : languages.of("a")) {
    feeds::prefetch(&place_of(word_in(language, hash)));
  }
}

void StemIndex::take(std::uint32_t word, std::uint64_t key, Keys& keys) const {
  if (sieve_.made()) sieve_.prefetch(key);
  keys.push_back({word, key});
}

void StemIndex::take_arabic(std::uint32_t word, std::string_view folded, std::uint64_t hash,
                            Keys& keys) const {
  static thread_local std::vector<RememberedArabic> memory(remembered_arabic_words);
  static thread_local Stemming stemming;
  RememberedArabic& one = memory[hash % remembered_arabic_words];
  if (one.count == 0 || one.word != hash) {
    const auto all = arabic_keys(arabic_readings_of_text(folded), stemming);
    if (all.size() > one.keys.size()) {
      for (const std::uint64_t key : all) take(word, key, keys);
      return;
    }
    one.word = hash;
    one.count = static_cast<std::uint32_t>(all.size());
    std::copy(all.begin(), all.end(), one.keys.begin());
  }
  for (std::uint32_t i = 0; i < one.count; ++i) take(word, one.keys[i], keys);
}

void StemIndex::add_keys(std::uint32_t word, std::string_view folded, std::uint64_t hash,
                         const StemLanguages& languages, Keys& keys) const {
  const auto known = languages.of(folded);
  // Equal words have equal stems, so the word itself is only looked for where nothing is stemmed.
  if (known.empty()) take(word, hash ^ plain_mark, keys);
  for (const std::uint32_t language : known) {
    if (language == arabic_language) {
      take_arabic(word, folded, hash, keys);
      continue;
    }
    take(word, stem_key_of(language, folded, hash), keys);
  }
}

void StemIndex::sift(Keys& keys) const {
  std::size_t kept = 0;
  for (const Wanted& one : keys) {
    const bool may_stand = !sieve_.made() || sieve_.may_hold(one.key);
    if (may_stand) stems_.prefetch(one.key);
    keys[kept] = one;
    kept += may_stand ? 1 : 0;
  }
  keys.resize(kept);
}

void StemIndex::find(std::uint64_t key, std::vector<AtomId>& out) const {
  const Range* const range = stems_.find(key);
  if (range == nullptr) return;
  if (finished_ && range->count == 1) return out.push_back(range->begin);
  const AtomId* at = finished_ ? &atoms_[range->begin] : lists_[range->begin].data();
  for (const AtomId* const end = at + range->count; at != end; ++at) out.push_back(*at);
}

}  // namespace wirewatch::rules
