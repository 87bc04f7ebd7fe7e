// A small table of bits in front of a large one: most words of a document are in no rule, and one
// look at the bits tells so for nearly all of them.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "feeds/prefetch.h"
#include "rules/match/hash_table.h"

namespace wirewatch::rules {

// A Bloom filter whose two bits for a key stand in one word of memory (Putze, Sanders and Singler,
// "Cache-, Hash- and Space-Efficient Bloom Filters", 2007), so that each look is one load. About
// one key in a hundred passes that is not held.
class Sieve {
 public:
  Sieve() = default;
  // For so many keys, well mixed hashes; about sixteen bits for each.
  explicit Sieve(std::size_t keys) {
    words_.resize(std::bit_ceil(keys / 4 + 2));
    shift_ = 64U - static_cast<unsigned>(std::countr_zero(words_.size()));
  }
  template <typename Value>
  explicit Sieve(const HashTable<Value>& table) : Sieve(table.size()) {
    add(table);
  }

  template <typename Value>
  void add(const HashTable<Value>& table) {
    table.each_key([this](std::uint64_t key) { words_[place(key)] |= bits(key); });
  }

  // False: the hash is surely none of those held. Only for a sieve that was made for keys.
  bool may_hold(std::uint64_t hash) const {
    const std::uint64_t wanted = bits(hash);
    return (words_[place(hash)] & wanted) == wanted;
  }

  // That may_hold(hash) will be asked soon.
  void prefetch(std::uint64_t hash) const { feeds::prefetch(&words_[place(hash)]); }

  bool made() const { return !words_.empty(); }
  std::size_t bytes() const { return words_.capacity() * sizeof(std::uint64_t); }

 private:
  std::size_t place(std::uint64_t hash) const { return hash >> shift_; }
  static std::uint64_t bits(std::uint64_t hash) {
    return std::uint64_t{1} << (hash & 63U) | std::uint64_t{1} << (hash >> 6U & 63U);
  }

  std::vector<std::uint64_t> words_;
  unsigned shift_ = 63;
};

}  // namespace wirewatch::rules
