// How many pairs of neighbouring words one text shares with each of many others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "feeds/stories/term_statistics.h"

namespace wirewatch::feeds {

inline std::uint32_t pair_hash(Term first, Term second) {
  const std::uint64_t mixed =
      (std::uint64_t{first} * 0x9E3779B97F4A7C15u) ^ (std::uint64_t{second} * 0xC2B2AE3D27D4EB4Fu);
  return static_cast<std::uint32_t>((mixed * 0xFF51AFD7ED558CCDu) >> 32);
}

// Counts exactly what sorted lists of both texts' distinct pairs would give, in one walk over the
// other text's words. Not for use by two threads.
class PairOverlap {
 public:
  explicit PairOverlap(std::span<const Term> words);

  struct Counts {
    std::size_t shared = 0;
    std::size_t others = 0;  // distinct pairs of the other text
  };
  Counts with(std::span<const Term> words);
  // The first of both alone, in a third of the time; less once it is clear to be below `least`.
  std::size_t shared_with(std::span<const Term> words, std::size_t least = 0);

  std::size_t own() const { return own_count_; }  // distinct pairs of this text

  // Share of the other text's pairs that stand in this text, or next but one to a pair that does:
  // damaged letters leave gaps everywhere, and a passage from elsewhere is one long gap.
  double covered(std::span<const Term> words) const;
  // The same share of this text's own pairs, for the other that with() or shared_with() went
  // through last, to its end.
  double own_covered() const;

 private:
  struct Slot {
    std::uint32_t pair = 0;
    std::uint32_t round = 0;  // of this text: 0 is empty; of others: from another round is empty
  };
  // Most of the others' pairs fail here.
  bool may_hold(std::uint32_t pair) const {
    return (sieve_[pair >> 24u] >> (pair >> 18u & 63u) & 1u) != 0;
  }
  bool holds(std::uint32_t pair) const;
  static std::size_t place(const std::vector<Slot>& table, std::uint32_t pair,
                           std::uint32_t oldest);

  std::array<std::uint64_t, 256> sieve_{};  // by the upper bits of this text's pairs
  std::vector<Slot> own_;
  std::vector<std::uint32_t> own_places_;  // in own_, of each pair in the order of the text
  std::vector<Slot> others_;
  std::size_t own_count_ = 0;
  std::uint32_t round_ = 1;
};

}  // namespace wirewatch::feeds
