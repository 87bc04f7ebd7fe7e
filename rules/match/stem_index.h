// Rules' words by their stems.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/occurrences.h"
#include "rules/match/sieve.h"

namespace wirewatch::rules {

class Stemming;
class StemLanguages;

class StemIndex {
 public:
  StemIndex();
  ~StemIndex();
  StemIndex(StemIndex&&) noexcept;
  StemIndex& operator=(StemIndex&&) noexcept;

  void add(const std::string& folded, AtomId atom);
  void finish();  // drops what only adding needs
  bool empty() const { return stems_.empty(); }

  // The atoms of all words that share a stem with `folded` in the document's language or in
  // English, and of the word itself; one may come more than once. Arabic words have a stem for
  // each of their readings (rules/match/arabic_words.h). `hash` is hash64(folded).
  void find(std::string_view folded, std::uint64_t hash, const StemLanguages& languages,
            Stemming& stemming, std::vector<AtomId>& out) const;

 private:
  void take(std::uint64_t key, std::vector<AtomId>& out) const;
  void take_arabic(std::string_view folded, std::uint64_t hash, Stemming& stemming,
                   std::vector<AtomId>& out) const;

  std::unique_ptr<Stemming> stemming_;  // while adding
  boost::unordered_flat_map<std::uint64_t, std::vector<AtomId>> stems_;
  Sieve sieve_;
};

}  // namespace wirewatch::rules
