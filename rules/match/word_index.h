// Words and phrases as paths of word hashes, walked from every word of a document.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/match/hash_table.h"
#include "rules/match/occurrences.h"
#include "rules/match/reading.h"
#include "rules/match/sieve.h"

namespace wirewatch::rules {

class WordIndex {
 public:
  // `words`: hash64 of the folded forms, one after the other; at least one.
  void add(std::span<const std::uint64_t> words, AtomId atom);
  void finish();  // nothing is added from here on
  bool empty() const { return first_.empty(); }

  // Whether anything may begin with a word; where so, what find() needs is fetched ahead.
  bool may_begin(std::uint64_t hash) const {
    if (!first_sieve_.may_hold(hash)) return false;
    first_.prefetch(hash);
    return true;
  }
  // What begins at word i, whose hash may_begin().
  void find(const Reading& reading, std::uint32_t i, std::uint64_t hash,
            std::vector<Found>& out) const {
    const State* state = first_.find(hash);
    if (state != nullptr) take(reading, *state, i, i, out);
  }
  // The same for the one word that a hyphen made of i and i + 1.
  void find_joined(const Reading& reading, std::uint32_t i, std::uint64_t hash,
                   std::vector<Found>& out) const {
    const State* state = first_.find(hash);
    if (state != nullptr) take(reading, *state, i, i + 1, out);
  }

  std::size_t bytes() const;  // that the tables take, about

 private:
  struct State {
    std::uint32_t number = 0;      // of those that go on; 0: none does
    std::uint32_t atom = no_atom;  // or, with `many` set, a place in lists_
  };
  static constexpr std::uint32_t many = 0x80000000U;

  static std::uint64_t step_key(std::uint32_t state, std::uint64_t word);
  State& grow(State& from, std::uint64_t word);
  void end_here(State& state, AtomId atom);
  void take(const Reading& reading, State state, std::uint32_t first, std::uint32_t last,
            std::vector<Found>& out) const;

  HashTable<State> first_;
  HashTable<State> next_;
  Sieve first_sieve_;
  Sieve next_sieve_;
  std::vector<std::vector<AtomId>> lists_;
  std::uint32_t numbers_ = 0;
};

// hash64 of the folded forms of words i and i + 1 written as one.
std::uint64_t joined_hash(const Reading& reading, std::uint32_t i);

}  // namespace wirewatch::rules
