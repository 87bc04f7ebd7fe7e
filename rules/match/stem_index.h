// Rules' words by their stems.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/hash_table.h"
#include "rules/match/occurrences.h"
#include "rules/match/sieve.h"

namespace wirewatch::rules {

class Stemming;
class StemLanguages;

class StemIndex {
 public:
  StemIndex();
  ~StemIndex();
  StemIndex(StemIndex&&) noexcept;
  StemIndex& operator=(StemIndex&&) noexcept;

  void add(const std::string& folded, AtomId atom);
  void finish();  // nothing is added from here on; makes find() faster
  bool empty() const { return stems_.empty(); }

  // Under which key the stem of a word of a text may stand here.
  struct Wanted {
    std::uint32_t word = 0;  // its number
    std::uint64_t key = 0;
  };
  using Keys = boost::container::small_vector<Wanted, 40>;
  // In three steps, each for many words, so that memory is asked for before it is waited for.
  // That the keys of a word with this hash will be asked for soon.
  void expect(std::uint64_t hash, const StemLanguages& languages) const;
  // Adds the keys of `folded`, which is the text's word of that number, in the document's language
  // and in English; the word itself where it is not stemmed; of an Arabic word those of all its
  // readings (rules/match/arabic_words.h). `hash` is its word_hash.
  void add_keys(std::uint32_t word, std::string_view folded, std::uint64_t hash,
                const StemLanguages& languages, Keys& keys) const;
  // Drops those that surely stand nowhere here.
  void sift(Keys& keys) const;
  // The atoms of all words that share a stem; one may come more than once.
  void find(std::uint64_t key, std::vector<AtomId>& out) const;

 private:
  // A range of atoms_ while nothing more is added, or the atom itself where it is the only one, as
  // it is for most; before that a place in lists_.
  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
  };
  void add_key(std::uint64_t key, AtomId atom);
  void take(std::uint32_t word, std::uint64_t key, Keys& keys) const;
  void take_arabic(std::uint32_t word, std::string_view folded, std::uint64_t hash,
                   Keys& keys) const;

  std::unique_ptr<Stemming> stemming_;      // while adding
  std::vector<std::vector<AtomId>> lists_;  // while adding
  bool finished_ = false;
  HashTable<Range> stems_;
  std::vector<AtomId> atoms_;
  Sieve sieve_;
};

}  // namespace wirewatch::rules
