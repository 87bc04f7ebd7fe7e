// The documents that a search comes upon, with the sums of their scores.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "feeds/stories/postings.h"

namespace wirewatch::feeds {

// Most documents are found by too little to count. So what is found is only written down at first,
// and added up in few places, several documents in one: what such a place holds is no less than the
// score of any of its documents, and only those of high places are added up one by one. All of it
// stays in the processor's nearest cache: a table with a place for each document that is remembered
// is waited for at every step. Whose score is enough is a coin toss: no branch asks.
class Touched {
 public:
  // A document with its score as one number, less of a better one: of a higher score, and among
  // equals of an earlier document. So each comparison is but one.
  using Ranked = std::uint64_t;
  static Number document_of(Ranked ranked) { return static_cast<Number>(ranked); }
  static float score_of(Ranked ranked) {
    return std::bit_cast<float>(~static_cast<std::uint32_t>(ranked >> 32));
  }

  // To be called first: touch() may come so often.
  void make_room(std::size_t touches) {
    if (touches_.size() < touches) touches_.resize(touches);
  }

  // Scores are more than 0.
  void touch(Number document, float score) {
    touches_[count_++] = {document, score};
    sums_[place(document, sums_shift)] += score;
  }

  // Gives the documents with a score of `least` or more, in no order, and forgets all.
  void take_all(double least, std::vector<Ranked>& taken) {
    leave_out_below(least);
    add_up();
    taken.resize(used_count_ + 1);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < used_count_; ++i) {
      One& slot = slots_[used_[i]];
      taken[kept] = std::uint64_t{~std::bit_cast<std::uint32_t>(slot.score)} << 32 | slot.document;
      kept += double{slot.score} >= least ? 1 : 0;
      slot = {};
    }
    taken.resize(kept);
    count_ = used_count_ = 0;
  }

 private:
  struct One {
    Number document = 0;
    float score = 0;  // 0: nobody
  };
  static std::size_t place(Number document, int shift) { return document * 0x9E3779B1u >> shift; }

  // Not for a free one. As a product, of which g++ makes one branch, and that is seldom taken.
  static bool is_of_another(const One& slot, Number document) {
    const std::uint64_t used = std::bit_cast<std::uint32_t>(slot.score);
    return used * (slot.document ^ document) != 0;
  }

  // The sums are added in the order of touch(), as those of one document are: so rounding, which
  // never turns the larger of two into the smaller, makes none of them less than its documents'.
  void leave_out_below(double least) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      touches_[kept] = touches_[i];
      kept += double{sums_[place(touches_[i].document, sums_shift)]} >= least ? 1 : 0;
    }
    count_ = kept;
    sums_.fill(0);
  }

  void add_up() {
    const std::size_t size = std::bit_ceil(2 * count_ + 2);
    if (slots_.size() < size) slots_.resize(size);
    if (used_.size() <= count_) used_.resize(count_ + 1);
    const std::size_t mask = size - 1;
    const int shift = 32 - std::countr_zero(size);
    for (const One& one : std::span(touches_).first(count_)) {
      std::size_t at = place(one.document, shift);
      while (is_of_another(slots_[at], one.document)) at = (at + 1) & mask;
      One& slot = slots_[at];
      used_[used_count_] = static_cast<std::uint32_t>(at);
      used_count_ += slot.score == 0 ? 1 : 0;
      slot = {one.document, slot.score + one.score};
    }
  }

  static constexpr int sums_shift = 20;
  std::vector<One> touches_;
  std::size_t count_ = 0;
  std::array<float, std::size_t{1} << (32 - sums_shift)> sums_{};
  std::vector<One> slots_;           // at most half of them in use, none between two searches
  std::vector<std::uint32_t> used_;  // by first touch
  std::size_t used_count_ = 0;
};

}  // namespace wirewatch::feeds
