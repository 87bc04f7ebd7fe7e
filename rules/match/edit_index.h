// Words that are at most one or two edits away from a rule's word: letters put in, left out,
// replaced, and neighbours swapped (Damerau–Levenshtein), counted on folded forms.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/occurrences.h"

namespace wirewatch::rules {

// Unrestricted Damerau–Levenshtein distance (Lowrance and Wagner 1975).
std::uint32_t edit_distance(std::u32string_view a, std::u32string_view b);

// Two words k edits apart share a form that leaves out at most k letters of each (the symmetric
// deletion method): such forms of the rules' words stand in one table.
class EditIndex {
 public:
  static constexpr std::size_t most_letters = 64;  // longer words are near nothing

  // `edits` 1 or 2.
  void add(std::string_view folded, std::uint8_t edits, AtomId atom);
  bool empty() const { return entries_.empty(); }
  // The atoms of all words that are near enough, once each.
  void find(std::string_view folded, std::vector<AtomId>& out) const;

 private:
  struct Entry {
    std::u32string letters;
    std::uint8_t edits = 1;
    AtomId atom = no_atom;
  };
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>> forms_;
  std::vector<Entry> entries_;
  std::uint8_t most_edits_ = 0;
  std::size_t shortest_ = most_letters;  // that a document's word can be
  std::size_t longest_ = 0;
};

// The letters (code points) of a folded form, which is valid UTF-8.
std::u32string letters_of(std::string_view folded);

}  // namespace wirewatch::rules
