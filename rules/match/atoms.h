// The single tests that all rules are made of (words, phrases, prefixes, stems, entities), found
// in one pass over a document's words.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "feeds/document.h"
#include "rules/entities/gazetteer.h"
#include "rules/match/edit_index.h"
#include "rules/match/occurrences.h"
#include "rules/match/prefix_index.h"
#include "rules/match/reading.h"
#include "rules/match/stem_index.h"
#include "rules/match/word_index.h"
#include "rules/match/word_tokens.h"

namespace wirewatch::rules {

// One word of a phrase in its ways to be written; either may hold.
struct Step {
  std::vector<AtomId> apart;  // one after the other
  AtomId closed = no_atom;
};

// Filled while rules are compiled, then only read.
class AtomTable {
 public:
  // Equal tests get one id.
  AtomId add_word(const WordToken& word);
  // A phrase of plain words, in every way to write it. At least one way, of one word or more each.
  AtomId add_phrase(const std::vector<std::vector<std::string>>& ways);
  AtomId add_entity(const std::string& reference, const Gazetteer& gazetteer);
  // Drops what only adding needs, and makes looking faster. Nothing is added from here on.
  void finish();

  std::size_t size() const { return weights_.size(); }
  // How often this atom may be expected, from the atom alone: rarer is smaller.
  std::uint32_t weight(AtomId atom) const { return weights_[atom]; }

  // `mentions` are the document's; entities are not looked for in the fields about it.
  Occurrences find(const Reading& reading, std::span<const feeds::Mention> mentions) const;

  std::size_t word_index_bytes() const { return words_.bytes(); }

 private:
  struct Exact {
    std::string raw;
    AtomId atom = 0;
  };
  class Pass;
  AtomId known(const std::string& key, std::uint32_t weight, bool& fresh);

  boost::unordered_flat_map<std::string, AtomId> known_;  // by kind and text; while adding
  std::vector<std::uint32_t> weights_;
  WordIndex words_;
  boost::unordered_flat_map<std::uint64_t, std::vector<Exact>> exact_;
  PrefixIndex prefixes_;
  StemIndex stems_;
  EditIndex edits_;
  boost::unordered_flat_map<std::string, std::vector<AtomId>> entities_;  // by entity id
  boost::unordered_flat_map<AtomId, std::string> offices_;  // atoms of "role:…" references
  Gazetteer gazetteer_;                                     // knows when they were held
};

}  // namespace wirewatch::rules
