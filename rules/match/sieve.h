// A small table of bits in front of a large one: most words of a document are in no rule, and one
// look at the bits tells so for nearly all of them.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "rules/match/hash_table.h"

namespace wirewatch::rules {

class Sieve {
 public:
  Sieve() = default;
  // Of a table whose keys are well mixed hashes; about sixteen bits for each.
  template <typename Value>
  explicit Sieve(const HashTable<Value>& table) {
    const std::size_t bits = std::bit_ceil(16 * table.size() + 64);
    shift_ = 64U - static_cast<unsigned>(std::countr_zero(bits));
    words_.resize(bits / 64);
    table.each_key([&](std::uint64_t key) {
      const std::uint64_t at = key >> shift_;
      words_[at / 64] |= std::uint64_t{1} << (at % 64);
    });
  }

  // False: the hash is surely none of the map's. Always true before there is a map.
  bool may_hold(std::uint64_t hash) const {
    if (words_.empty()) return true;
    const std::uint64_t at = hash >> shift_;
    return (words_[at / 64] >> (at % 64) & 1U) != 0;
  }

  std::size_t bytes() const { return words_.capacity() * sizeof(std::uint64_t); }

 private:
  std::vector<std::uint64_t> words_;
  unsigned shift_ = 0;
};

}  // namespace wirewatch::rules
