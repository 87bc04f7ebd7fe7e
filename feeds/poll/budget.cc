#include "feeds/poll/budget.h"

#include <algorithm>
#include <cmath>

#include "feeds/poll/poll.h"
#include "feeds/poll/rhythm_shape.h"

namespace wirewatch::feeds {
namespace {

using L = BudgetLimits;
constexpr double kLeastShare = 0.02;  // of the budget, for all that is polled by price

double most_saved(double polls) {
  return std::max(1.0, L::burst * polls);
}

}  // namespace

Demand demand_of(const PollState& state) {
  Demand demand;
  if (state.paused || state.last_poll == Instant{}) return demand;
  if (state.price > 0 && state.interval > Span(0)) {
    demand.at_price = std::sqrt(state.price) / seconds_of(state.interval);
  } else if (state.next_due > state.last_poll) {
    demand.fixed = 1 / seconds_of(state.next_due - state.last_poll);
  }
  return demand;
}

void Budget::set(double polls, Span window, Instant now) {
  pass_time(now);
  const bool begins = polls_ <= 0;
  polls_ = std::max(polls, 0.0);
  window_ = std::max<Span>(window, std::chrono::seconds(1));
  purse_ = begins ? most_saved(polls_) : std::min(purse_, most_saved(polls_));
}

void Budget::pass_time(Instant now) {
  const Span passed = last_ == Instant{} ? Span(0) : std::max(now - last_, Span(0));
  last_ = now;
  if (polls_ <= 0) return;
  const double seconds = seconds_of(passed);
  purse_ = std::min(purse_ + seconds * polls_ / seconds_of(window_), most_saved(polls_));
  // A plain mean at first, then one that forgets within the window.
  watched_ = std::min(watched_ + passed, window_);
  const double share = watched_ > Span(0) ? 1 - std::exp(-seconds / seconds_of(watched_)) : 1;
  mean_.at_price += share * (total_.at_price - mean_.at_price);
  mean_.fixed += share * (total_.fixed - mean_.fixed);
}

void Budget::replace(const Demand& before, const Demand& after, Instant now) {
  pass_time(now);
  total_.at_price = std::max(total_.at_price + after.at_price - before.at_price, 0.0);
  total_.fixed = std::max(total_.fixed + after.fixed - before.fixed, 0.0);
}

double Budget::price(Instant now) {
  if (polls_ <= 0) return PollLimits::price;
  pass_time(now);
  if (watched_ == Span(0)) mean_ = total_;
  const double budget = polls_ / seconds_of(window_);
  const double left = std::max(budget - mean_.fixed, kLeastShare * budget);
  // Feeds that wake up together are dear at once, before the purse is empty.
  const double root = std::max(mean_.at_price, L::rush * total_.at_price) / left;
  const double fill = std::max(purse_, 0.0) / most_saved(polls_);
  const double lean = std::exp(L::pull * (1 - 2 * fill));
  const double scarce = std::min(fill / L::low, 1.0) + 0.01;
  const double dear = lean / (scarce * scarce);
  return std::clamp(root * root * dear, PollLimits::price, L::dearest);
}

bool Budget::take(Instant now) {
  if (polls_ <= 0) return true;
  pass_time(now);
  if (purse_ < 1) return false;
  purse_ -= 1;
  return true;
}

void Budget::overdraw(Instant now) {
  pass_time(now);
  purse_ -= polls_ > 0 ? 1 : 0;
}

Span Budget::until_next() const {
  if (polls_ <= 0 || purse_ >= 1) return Span(0);
  return span_of((1 - purse_) * seconds_of(window_) / polls_) + Span(1);
}

}  // namespace wirewatch::feeds
