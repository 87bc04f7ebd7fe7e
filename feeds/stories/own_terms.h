// A document's words, ready to be found among those of many others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "feeds/stories/term_counts.h"

namespace wirewatch::feeds {

class Features;

// What a cosine rests on.
struct Agreement {
  double cosine = 0;
  double shared = 0;    // words in common
  double agreeing = 0;  // as many equally strong ones would be as far from resting on one alone
};

// What a document's title and lead hold: sums of squared weights, unless said otherwise.
struct Opening {
  double title = 0;
  double names = 0;                        // in title and lead
  double plain = 0;                        // the rest of both
  double numbers = 0;                      // in title and lead, how many
  double strongest_name = 0;               // a weight
  std::vector<std::uint16_t> name_places;  // of the names, in Features::terms
};

// Made once for a document, which must outlive it: to look the other's words up here is several
// times as fast as going through both lists side by side, where each step is a coin toss.
class OwnTerms {
 public:
  explicit OwnTerms(const Features& features);

  // What cosine() of both gives, to the last bit.
  double cosine_with(const Features& other) const;
  Agreement agreement_with(const Features& other) const;

  static constexpr std::uint16_t none = 0xFFFF;
  // The term's place in Features::terms; none when it is not there.
  std::uint16_t place_of(Term term) const {
    // Most of the others' words fail here.
    if (!may_hold(term)) return none;
    for (std::size_t at = term & mask_;; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.place == none || slot.term == term) return slot.place;
    }
  }

  const Features& features() const { return features_; }
  const Opening& opening() const { return opening_; }

 private:
  struct Slot {
    Term term = 0;
    std::uint16_t place = none;
  };
  bool may_hold(Term term) const {
    return (sieve_[(term >> 6) % sieve_.size()] >> (term & 63u) & 1u) != 0;
  }
  template <typename Take>
  void each_shared(const Features& other, Take take) const;

  const Features& features_;
  std::array<std::uint64_t, 128> sieve_{};
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  Opening opening_;
};

}  // namespace wirewatch::feeds
