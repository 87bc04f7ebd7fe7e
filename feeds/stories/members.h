// The documents of a story that are remembered, and how far they reach in time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "feeds/stories/postings.h"
#include "feeds/time.h"

namespace wirewatch::feeds {

// By number. They leave from the front, as a rule: that costs the same however many there are, and
// so does knowing the earliest and the latest time of those that stay. `time_of(number)` tells a
// member's time; Instant{} is unknown and counts for neither.
class Members {
 public:
  bool empty() const { return all().empty(); }
  bool is_one() const { return all().size() == 1; }
  std::span<const Number> all() const { return numbers_.all(); }
  Number front() const { return numbers_.all().front(); }

  Instant first() const { return first_; }  // of the times known
  Instant last() const { return last_; }

  template <typename TimeOf>
  void add(Number number, TimeOf time_of) {
    numbers_.push(number);
    watch(number, time_of);
    look(time_of);
  }

  template <typename TimeOf>
  void remove(Number number, TimeOf time_of) {
    if (front() == number) {
      numbers_.pop();
      if (!early_.all().empty() && early_.all().front() == number) early_.pop();
      if (!late_.all().empty() && late_.all().front() == number) late_.pop();
      look(time_of);
      return;
    }
    std::vector<Number> rest;
    std::remove_copy(all().begin(), all().end(), std::back_inserter(rest), number);
    begin_anew(std::move(rest), time_of);
  }

  template <typename TimeOf>
  void take(const Members& others, TimeOf time_of) {
    std::vector<Number> both;
    std::merge(all().begin(), all().end(), others.all().begin(), others.all().end(),
               std::back_inserter(both));
    begin_anew(std::move(both), time_of);
  }

 private:
  class Queue {
   public:
    std::span<const Number> all() const { return std::span<const Number>(numbers_).subspan(gone_); }
    void push(Number number) { numbers_.push_back(number); }
    void pop_back() { numbers_.pop_back(); }
    void pop() {
      if (++gone_ * 2 <= numbers_.size()) return;
      numbers_.erase(numbers_.begin(), numbers_.begin() + static_cast<std::ptrdiff_t>(gone_));
      gone_ = 0;
    }

   private:
    std::vector<Number> numbers_;
    std::size_t gone_ = 0;  // at most half
  };

  // Whoever is later than a newer one will never be the earliest again, nor the other way round.
  template <typename TimeOf>
  void watch(Number number, TimeOf time_of) {
    const Instant time = time_of(number);
    if (time == Instant{}) return;
    while (!early_.all().empty() && time_of(early_.all().back()) >= time) early_.pop_back();
    while (!late_.all().empty() && time_of(late_.all().back()) <= time) late_.pop_back();
    early_.push(number);
    late_.push(number);
  }

  template <typename TimeOf>
  void look(TimeOf time_of) {
    first_ = early_.all().empty() ? Instant{} : time_of(early_.all().front());
    last_ = late_.all().empty() ? Instant{} : time_of(late_.all().front());
  }

  template <typename TimeOf>
  void begin_anew(std::vector<Number> numbers, TimeOf time_of) {
    numbers_ = early_ = late_ = Queue();
    for (const Number number : numbers) {
      numbers_.push(number);
      watch(number, time_of);
    }
    look(time_of);
  }

  Queue numbers_;
  Queue early_;  // those that are earlier than all behind them
  Queue late_;
  Instant first_{};
  Instant last_{};
};

}  // namespace wirewatch::feeds
