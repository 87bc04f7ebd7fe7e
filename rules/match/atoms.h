// The single tests that all rules are made of (words, prefixes, stems, entities), found in one
// pass over a document's tokens.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "feeds/document.h"
#include "rules/entities/gazetteer.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

class Stemming;

using AtomId = std::uint32_t;

inline constexpr std::uint32_t no_mention = 0xFFFFFFFFU;

// A place in a document where an atom holds.
struct Occurrence {
  std::uint32_t first = 0;  // index into Document::tokens
  std::uint32_t last = 0;   // included
  std::uint32_t mention = no_mention;
};

// All occurrences in one document, by atom, in reading order.
class Occurrences {
 public:
  std::span<const Occurrence> of(AtomId atom) const;
  std::vector<AtomId> atoms() const;  // that occurred at all, ascending

 private:
  friend class AtomTable;
  std::vector<Occurrence> all_;
  boost::unordered_flat_map<AtomId, std::pair<std::uint32_t, std::uint32_t>> ranges_;
};

// The words that one written word stands for: counter-terrorism is two. Marks go to the last one.
// Empty when it holds neither letters nor digits.
struct WordToken {
  std::string folded;
  std::string raw;  // as written, for =Exact
  WordMatch match = WordMatch::folded;
};
std::vector<WordToken> word_tokens(const Word& word);

// Filled while rules are compiled, then only read.
class AtomTable {
 public:
  // Equal tests get one id.
  AtomId add_word(const WordToken& word);
  AtomId add_entity(const std::string& reference, const Gazetteer& gazetteer);
  // Drops what only adding needs.
  void finish();

  // How costly it is to look at a rule each time this atom occurs: rarer is smaller. An estimate
  // from the atom alone.
  std::uint32_t weight(AtomId atom) const { return weights_[atom]; }

  Occurrences find(const feeds::Document& document, std::span<const feeds::Mention> mentions) const;

 private:
  struct Exact {
    std::string raw;
    AtomId atom = 0;
  };
  using Found = std::vector<std::pair<AtomId, Occurrence>>;
  void index_stem(const std::string& folded, AtomId atom);
  void find_words(const feeds::Document& document, Found& found) const;

  std::map<std::string, AtomId> known_;  // by kind and text; while adding
  std::shared_ptr<Stemming> stemming_;   // while adding
  std::vector<std::uint32_t> weights_;
  boost::unordered_flat_map<std::uint64_t, AtomId> folded_;
  boost::unordered_flat_map<std::uint64_t, std::vector<Exact>> exact_;
  boost::unordered_flat_map<std::uint64_t, AtomId> prefixes_;
  std::vector<std::size_t> prefix_lengths_;  // bytes, ascending, once each
  boost::unordered_flat_map<std::uint64_t, std::vector<AtomId>> stems_;
  boost::unordered_flat_map<std::string, std::vector<AtomId>> entities_;  // by entity id
  boost::unordered_flat_map<AtomId, std::string> offices_;  // atoms of "role:…" references
  Gazetteer gazetteer_;                                     // knows when they were held
};

}  // namespace wirewatch::rules
