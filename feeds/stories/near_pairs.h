// All pairs of documents whose texts resemble each other, found without missing any.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/time.h"

namespace wirewatch::feeds {

struct NearPair {
  std::string id;
  std::string of;         // came before it
  double similarity = 0;  // exact Jaccard resemblance
};

// The 64-bit hashes of every five words that follow each other in the title and then the text, as
// given, sorted, once each; of fewer words all of them are one. A word is a run of letters, digits
// and underscores of any script, in lower case.
std::vector<std::uint64_t> five_word_shingles(std::string_view title, std::string_view text);

// Exact by the prefix filter (Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins
// in data cleaning", 2006): two sets of resemblance t or more share a member among the first
// n − ⌈tn⌉ + 1 of each, in any one order of members. Keeps what it was given; about 8 bytes a word.
class NearPairs {
 public:
  // 0 < threshold ≤ 1. Documents further apart than `window` are no pair; unknown times (Instant{})
  // are near to every other.
  NearPairs(double threshold, Span window) : threshold_(threshold), window_(window) {}

  // The pairs that this document makes with earlier ones, in their order.
  std::vector<NearPair> add(std::string id, Instant time, std::string_view title,
                            std::string_view text);

 private:
  struct Known {
    std::string id;
    Instant time{};
    std::vector<std::uint64_t> shingles;
  };

  double threshold_;
  Span window_;
  std::vector<Known> documents_;
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>> by_shingle_;
};

}  // namespace wirewatch::feeds
