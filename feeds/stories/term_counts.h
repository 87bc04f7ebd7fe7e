// What a document's words weigh while they are counted: room that is used for one after the other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace wirewatch::feeds {

using Term = std::uint32_t;  // hash of a stem; 0 is a word without content

struct TermCount {
  Term term = 0;
  std::uint8_t flags = 0;  // TermFlag
  bool country = false;
  double weight = 0;
};

class TermCounts {
 public:
  // Forgets the document before, at the cost of a number.
  void clear() {
    counts_.clear();
    if (++round_ != 0) return;
    std::fill(slots_.begin(), slots_.end(), Slot{});  // the rounds begin anew
    round_ = 1;
  }

  // The count of the term, a new one when there is none. Lasts until the next call.
  TermCount& at(Term term) {
    Slot& slot = seek(term);
    return slot.round == round_ ? counts_[slot.index] : begin(slot, term);
  }

  std::span<const TermCount> all() const { return counts_; }  // by first occurrence

 private:
  struct Slot {
    std::uint32_t round = 0;  // of another round is empty
    std::uint32_t index = 0;
  };

  Slot& seek(Term term) {
    std::size_t at = term & mask_;
    while (slots_[at].round == round_ && counts_[slots_[at].index].term != term)
      at = (at + 1) & mask_;
    return slots_[at];
  }

  TermCount& begin(Slot& slot, Term term) {
    slot = {round_, static_cast<std::uint32_t>(counts_.size())};
    TermCount& count = counts_.emplace_back();
    count.term = term;
    if (counts_.size() * 2 >= slots_.size()) widen();
    return count;
  }

  void widen() {
    slots_.assign(slots_.size() * 2, {});
    mask_ = slots_.size() - 1;
    for (std::uint32_t i = 0; i < counts_.size(); ++i) seek(counts_[i].term) = {round_, i};
  }

  std::vector<TermCount> counts_;
  std::vector<Slot> slots_ = std::vector<Slot>(1024);  // at most half of them in use
  std::size_t mask_ = 1023;
  std::uint32_t round_ = 1;
};

}  // namespace wirewatch::feeds
