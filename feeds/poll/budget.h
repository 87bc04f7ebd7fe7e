// One budget of polls for all feeds together, spent where a poll saves the most waiting.
//
// A feed that is asked whenever its items have waited c item-seconds is asked √(λ/2c) times a
// second: polls ∝ √rate, and c is the Lagrange multiplier of the budget (schedule.h, rule 1). What
// all feeds would spend at another price is known from what they spend now, q = Σ √cᵢ/intervalᵢ
// polls a second at the price of 1, so that the price which spends B − f is (q / (B − f))². f is
// what is spent whatever the price: fixed intervals, feeds that fail or stand at a bound. Both are
// averaged over the window, so that a budget of a day is spent by day rather than by night; but q
// is at least four fifths of what all spend now, so that feeds that wake up together after a pause
// are dear before the purse is empty. The price is never below PollLimits::price: a budget that is
// larger than the feeds' rhythm needs is not used up.
//
// What has to hold whatever the feeds do is kept by a purse (token bucket): it gains B polls a
// second and holds half a window's at most, so that no window ever has more than one and a half
// times its polls. The price leans towards a purse that is half full and rises steeply when little
// is left, so that intervals grow before polls have to wait; while it is empty, nobody is polled.
#pragma once

#include "feeds/poll/limits.h"
#include "feeds/time.h"

namespace wirewatch::feeds {

struct PollState;

struct Demand {         // polls a second
  double at_price = 0;  // at the price of 1
  double fixed = 0;
};
// What the feed spends until its next poll; a paused one, or one never asked, nothing.
Demand demand_of(const PollState& state);

class Budget {
 public:
  // `polls` in every `window` (of seconds at least); 0: as many as the rhythm wants.
  void set(double polls, Span window, Instant now);

  void replace(const Demand& before, const Demand& after, Instant now);  // of one feed, O(1)
  double price(Instant now);                                             // item-seconds a poll
  bool take(Instant now);                             // one poll from the purse; false: it is empty
  void give_back() { purse_ += polls_ > 0 ? 1 : 0; }  // what was taken and not used
  void overdraw(Instant now);  // a poll that someone asked for goes out whatever the purse holds
  Span until_next() const;     // until the purse holds one again; 0: it does

 private:
  void pass_time(Instant now);

  double polls_ = 0;
  Span window_{};
  Demand total_;
  Demand mean_;
  double purse_ = 0;
  Span watched_{};
  Instant last_{};
};

}  // namespace wirewatch::feeds
