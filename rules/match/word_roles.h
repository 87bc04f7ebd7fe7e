// What a word may be to any phrase, in one look at one byte of a small table.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/match/hash_table.h"

namespace wirewatch::rules {

// A word can be a phrase by itself, begin longer ones, and stand second in them. Few words begin a
// phrase, and few of these are followed by one that stands second in any; so what is left to be
// looked up is little. The table has room for every word several times over and mixes up words
// that share a place: it may say yes too often, never no.
class WordRoles {
 public:
  static constexpr std::uint8_t alone = 1;
  static constexpr std::uint8_t first = 2;
  static constexpr std::uint8_t second = 4;

  WordRoles() = default;
  // By word_hash, the roles or'ed.
  explicit WordRoles(const HashTable<std::uint8_t>& roles);

  // Bit n for the n-th of up to 64 words.
  struct Masks {
    std::uint64_t alone = 0;
    std::uint64_t first = 0;
    std::uint64_t second = 0;
  };
  Masks of(std::span<const std::uint64_t> hashes) const;
  bool may_be(std::uint64_t hash, std::uint8_t role) const {
    return (bytes_[place(hash)] & role) != 0;
  }

  bool made() const { return !bytes_.empty(); }
  std::size_t bytes() const { return bytes_.capacity(); }

 private:
  // Other bits of the hash than tables and sieves go by.
  std::size_t place(std::uint64_t hash) const { return (hash >> 16U) & (bytes_.size() - 1); }
  std::vector<std::uint8_t> bytes_;
};

}  // namespace wirewatch::rules
