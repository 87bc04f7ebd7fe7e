// Words and phrases as paths of word hashes, walked from every word of a document.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/match/hash_table.h"
#include "rules/match/occurrences.h"
#include "rules/match/reading.h"
#include "rules/match/sieve.h"
#include "rules/match/word_roles.h"

namespace wirewatch::rules {

// Many phrases begin with a common word, few with two certain words in a row: a phrase is entered
// by its first two words as one key. Nearly all places of a document are done with by one look at a
// byte for the word alone (WordRoles), most others by one at a table of bits for it and the next.
class WordIndex {
 public:
  // `words`: word_hash of the folded forms, one after the other; at least one.
  void add(std::span<const std::uint64_t> words, AtomId atom);
  void finish();  // nothing is added from here on
  bool empty() const { return words_.empty() && pairs_.empty(); }

  // Of up to 64 words in a row, bit n for the n-th.
  static constexpr std::uint32_t stride = 64;
  struct Places {
    std::uint64_t words = 0;  // where a single word may be listed
    std::uint64_t pairs = 0;  // where a phrase may begin, if the next word is of its paragraph
    std::uint64_t any() const { return words | pairs; }
  };
  // Of the words from `from` on, up to `stride`. What find() needs for them is fetched ahead.
  Places places(std::span<const std::uint64_t> hashes, std::size_t from) const;
  // What begins at word i, which is the n-th of `places`; it runs on where `pairs` has it.
  void find(const Reading& reading, std::uint32_t i, const Places& places, std::uint32_t n,
            std::vector<Found>& out) const;
  // Whether find_joined() or find_before_joined() may find anything.
  bool may_join(const Reading& reading, std::uint32_t i, std::uint64_t hash) const;
  // What begins at the one word that a hyphen makes of i and i + 1; `hash` is that word's.
  void find_joined(const Reading& reading, std::uint32_t i, std::uint64_t hash,
                   std::vector<Found>& out) const;
  // What begins at word i - 1 and goes on with the one word that a hyphen makes of i and i + 1.
  void find_before_joined(const Reading& reading, std::uint32_t i, std::uint64_t hash,
                          std::vector<Found>& out) const;

  std::size_t bytes() const;  // that the tables take, about

 private:
  struct State {
    std::uint32_t number = 0;      // of those that go on; 0: none does
    std::uint32_t atom = no_atom;  // or, with `many` set, a place in lists_
  };
  static constexpr std::uint32_t many = 0x80000000U;

  static std::uint64_t pair_key(std::uint64_t first, std::uint64_t second) {
    return first ^ second * 0x9e3779b97f4a7c15ULL;
  }
  static std::uint64_t step_key(std::uint32_t state, std::uint64_t word);
  State& grow(State& from, std::uint64_t word);
  void end_here(State& state, AtomId atom);
  void report(const State& state, std::uint32_t first, std::uint32_t last,
              std::vector<Found>& out) const;
  void take_word(std::uint64_t hash, std::uint32_t first, std::uint32_t last,
                 std::vector<Found>& out) const;
  // Phrases whose first word is `hash`, over `first` to `last`.
  void take_pairs(const Reading& reading, std::uint64_t hash, std::uint32_t first,
                  std::uint32_t last, std::vector<Found>& out) const;
  void take(const Reading& reading, State state, std::uint32_t first, std::uint32_t last,
            std::vector<Found>& out) const;
  const State* pair(std::uint64_t first, std::uint64_t second) const;

  HashTable<std::uint8_t> role_of_;  // of each word; while adding
  WordRoles roles_;
  HashTable<State> words_;  // of phrases of one word
  HashTable<State> pairs_;  // of the first two words of the others
  HashTable<State> next_;
  Sieve word_sieve_;
  Sieve pair_sieve_;
  Sieve next_sieve_;
  std::vector<std::vector<AtomId>> lists_;
  std::uint32_t numbers_ = 0;
};

}  // namespace wirewatch::rules
