// Beginnings of words.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/match/occurrences.h"

namespace wirewatch::rules {

class PrefixIndex {
 public:
  // At least two bytes; equal beginnings come once.
  void add(std::string_view folded, AtomId atom);
  bool empty() const { return atoms_.empty(); }
  // The atoms of all beginnings of the word that are longer than `longer_than` bytes.
  void find(std::string_view folded, std::size_t longer_than, std::vector<AtomId>& out) const;

 private:
  static std::size_t corner(std::string_view folded);

  boost::unordered_flat_map<std::uint64_t, AtomId> atoms_;
  // By the first two bytes: which lengths occur (bit 31: any longer one). Spares nearly all
  // look-ups.
  std::vector<std::uint32_t> lengths_;
  std::vector<std::size_t> long_ones_;  // lengths of 31 bytes and more, ascending
};

}  // namespace wirewatch::rules
