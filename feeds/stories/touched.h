// The documents that a search comes upon, with the sums of their scores.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "feeds/stories/postings.h"

namespace wirewatch::feeds {

// A small table that stays in the processor's nearest cache: one with a place for each document
// that is remembered is waited for at every step.
class Touched {
 public:
  struct One {
    Number document = 0;
    float score = 0;  // 0: nobody
  };

  // To be called first: touch() may come so often.
  void make_room(std::size_t touches) {
    const std::size_t slots = std::bit_ceil(2 * touches + 2);
    if (slots_.size() < slots) slots_.assign(slots, {});
    if (used_.size() <= touches) used_.resize(touches + 1);
    mask_ = slots - 1;
    shift_ = 32 - std::countr_zero(slots);
  }

  // Scores are more than 0. Whether a document is touched for the first time is a coin toss: no
  // branch asks.
  void touch(Number document, float score) {
    std::size_t at = document * 0x9E3779B1u >> shift_;
    while (slots_[at].score != 0 && slots_[at].document != document) at = (at + 1) & mask_;
    One& slot = slots_[at];
    used_[count_] = static_cast<std::uint32_t>(at);
    count_ += slot.score == 0 ? 1 : 0;
    slot.document = document;
    slot.score += score;
  }

  // Calls take(one) for each, the first touched first, and forgets them.
  template <typename Take>
  void take_all(Take take) {
    for (std::size_t i = 0; i < count_; ++i) {
      One& slot = slots_[used_[i]];
      take(slot);
      slot = {};
    }
    count_ = 0;
  }

 private:
  std::vector<One> slots_;  // at most half of them in use
  std::vector<std::uint32_t> used_;
  std::size_t count_ = 0;
  std::size_t mask_ = 0;
  int shift_ = 0;
};

}  // namespace wirewatch::feeds
