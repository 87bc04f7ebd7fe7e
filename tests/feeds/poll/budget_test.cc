// One budget of polls for all feeds.
#include "feeds/poll/budget.h"

#include <gtest/gtest.h>

#include <cmath>

#include "feeds/poll/poll.h"

namespace wirewatch::feeds {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Instant kNow = from_iso8601("2026-11-21T12:00:00Z").value();

TEST(Budget, WithoutOneThePriceIsTheRhythmsOwnAndEveryPollIsPaid) {
  Budget budget;
  budget.replace({}, {1000, 1000}, kNow);
  EXPECT_EQ(budget.price(kNow), PollLimits::price);
  for (int i = 0; i < 10000; ++i) EXPECT_TRUE(budget.take(kNow));
  EXPECT_EQ(budget.until_next(), Span(0));
}

TEST(Budget, ThePriceIsWhatSpendsTheRest) {
  Budget budget;
  budget.set(3600, hours(1), kNow);     // one a second
  budget.replace({}, {30, 0.5}, kNow);  // half of it is spent whatever the price
  Instant now = kNow;
  for (int i = 0; i < 600; ++i) {  // polled as paid for, so that the purse keeps its half
    now += seconds(10);
    for (int polls = 0; polls < 10; ++polls) budget.take(now);
    budget.price(now);
  }
  const double expected = (30 / 0.5) * (30 / 0.5);
  EXPECT_NEAR(budget.price(now) / expected, 1, 0.4);
}

TEST(Budget, IsNotUsedUpWhereTheRhythmNeedsLess) {
  Budget budget;
  budget.set(1e9, hours(1), kNow);
  budget.replace({}, {30, 1}, kNow);
  EXPECT_EQ(budget.price(kNow + hours(5)), PollLimits::price);
}

TEST(Budget, NoWindowHasMoreThanOneAndAHalfTimesItsPolls) {
  Budget budget;
  budget.set(100, hours(1), kNow);
  int polls = 0;
  for (Instant now = kNow; now <= kNow + hours(1); now += seconds(1)) {
    while (budget.take(now)) ++polls;
  }
  EXPECT_LE(polls, 150);
  EXPECT_GE(polls, 148);
  EXPECT_GT(budget.until_next(), seconds(1));
  EXPECT_LE(budget.until_next(), seconds(36) + seconds(1));
}

TEST(Budget, PollsBecomeDearBeforeThePurseIsEmpty) {
  Budget budget;
  budget.set(1000, hours(1), kNow);
  budget.replace({}, {30, 0}, kNow);
  const double before = budget.price(kNow);
  for (int i = 0; i < 480; ++i) EXPECT_TRUE(budget.take(kNow));
  EXPECT_GT(budget.price(kNow), 5 * before);
}

TEST(Budget, AskedForByHandGoesOutAndIsPaidLater) {
  Budget budget;
  budget.set(60, hours(1), kNow);
  while (budget.take(kNow)) {
  }
  budget.overdraw(kNow);
  EXPECT_FALSE(budget.take(kNow + minutes(1)));
  EXPECT_TRUE(budget.take(kNow + minutes(2) + seconds(1)));
}

TEST(Budget, AFeedsDemandIsByItsPriceOrFixed) {
  PollState state;
  EXPECT_EQ(demand_of(state).fixed, 0);
  state.last_poll = kNow;
  state.interval = minutes(10);
  state.next_due = kNow + minutes(10);
  state.price = 60;
  EXPECT_NEAR(demand_of(state).at_price, std::sqrt(60) / 600, 1e-9);
  EXPECT_EQ(demand_of(state).fixed, 0);
  state.price = 0;
  EXPECT_NEAR(demand_of(state).fixed, 1.0 / 600, 1e-9);
  EXPECT_EQ(demand_of(state).at_price, 0);
  state.paused = true;
  EXPECT_EQ(demand_of(state).fixed, 0);
}

TEST(Budget, AClockThatIsSetBackCostsNothing) {
  Budget budget;
  budget.set(3600, hours(1), kNow);
  while (budget.take(kNow)) {
  }
  EXPECT_FALSE(budget.take(kNow - hours(24)));
  EXPECT_TRUE(budget.take(kNow - hours(24) + seconds(2)));
}

}  // namespace
}  // namespace wirewatch::feeds
