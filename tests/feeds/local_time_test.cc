#include "feeds/local_time.h"

#include <gtest/gtest.h>

namespace wirewatch::feeds {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Instant at(const char* text) {
  return from_iso8601(text).value();
}

TEST(LocalTime, AClockOnTheWallFollowsItsZoneThroughSummerTime) {
  EXPECT_EQ(local_minute("UTC", at("2025-01-15T07:30:59Z")), 7 * 60 + 30);
  EXPECT_EQ(local_minute("Asia/Baghdad", at("2025-01-15T22:10:00Z")), 60 + 10);
  EXPECT_EQ(local_minute("Europe/Berlin", at("2025-01-15T06:30:00Z")), 7 * 60 + 30);
  EXPECT_EQ(local_minute("Europe/Berlin", at("2025-07-15T05:30:00Z")), 7 * 60 + 30);
}

TEST(LocalTime, TheNextTimeOfDayIsTodayOrTomorrowAndNeverNow) {
  const std::vector<int> morning_and_evening = {7 * 60 + 30, 18 * 60};
  struct Case {
    const char* after;
    const char* next;
  };
  const Case cases[] = {
      {"2025-01-15T06:00:00Z", "2025-01-15T06:30:00Z"},
      {"2025-01-15T06:30:00Z", "2025-01-15T17:00:00Z"},
      {"2025-01-15T17:00:01Z", "2025-01-16T06:30:00Z"},
      {"2025-03-29T17:00:01Z", "2025-03-30T05:30:00Z"},  // the night in which summer time begins
      {"2025-10-25T17:00:01Z", "2025-10-26T06:30:00Z"},  // and ends
  };
  for (const Case& c : cases) {
    EXPECT_EQ(next_local_time("Europe/Berlin", morning_and_evening, at(c.after)), at(c.next))
        << c.after;
  }
}

TEST(LocalTime, ATimeThatTheClocksSkipStillComesOnceThatDay) {
  const Instant next = next_local_time("Europe/Berlin", {2 * 60 + 30}, at("2025-03-29T12:00:00Z"));
  EXPECT_GE(next, at("2025-03-30T00:30:00Z"));
  EXPECT_LE(next, at("2025-03-30T01:30:00Z"));
  EXPECT_EQ(next_local_time("Europe/Berlin", {2 * 60 + 30}, next), at("2025-03-31T00:30:00Z"));
}

TEST(LocalTime, ATimeThatComesTwiceCountsOnce) {
  const Instant first = next_local_time("Europe/Berlin", {2 * 60 + 30}, at("2025-10-25T12:00:00Z"));
  EXPECT_EQ(next_local_time("Europe/Berlin", {2 * 60 + 30}, first), at("2025-10-27T01:30:00Z"));
}

TEST(LocalTime, ATimeThatComesTwiceIsShownTwice) {
  const auto shown = [](const char* after) {
    return next_shown("Europe/Berlin", 2 * 60 + 30, at(after));
  };
  EXPECT_EQ(shown("2025-10-25T20:00:00Z"), at("2025-10-26T00:30:00Z"));
  EXPECT_EQ(shown("2025-10-26T00:30:00Z"), at("2025-10-26T01:30:00Z"));
  EXPECT_EQ(shown("2025-10-26T01:10:00Z"), at("2025-10-26T01:30:00Z"));
  EXPECT_EQ(shown("2025-10-26T01:30:00Z"), at("2025-10-27T01:30:00Z"));
  EXPECT_EQ(shown("2025-10-25T00:30:00Z"), at("2025-10-26T00:30:00Z"));
  // Elsewhere it is the next of the day.
  for (const char* after : {"2025-03-29T12:00:00Z", "2025-01-15T01:30:00Z", "2025-01-15T01:29:59Z",
                            "2025-03-30T00:59:00Z"}) {
    EXPECT_EQ(shown(after), next_local_time("Europe/Berlin", {2 * 60 + 30}, at(after))) << after;
  }
}

TEST(LocalTime, StepsCountFromLocalMidnight) {
  EXPECT_EQ(next_local_step("UTC", hours(1), at("2025-01-15T07:30:00Z")),
            at("2025-01-15T08:00:00Z"));
  EXPECT_EQ(next_local_step("UTC", hours(1), at("2025-01-15T08:00:00Z")),
            at("2025-01-15T09:00:00Z"));
  EXPECT_EQ(next_local_step("Asia/Kolkata", hours(1), at("2025-01-15T07:00:00Z")),
            at("2025-01-15T07:30:00Z"));
  // 7 h does not divide the day: midnight is a step all the same.
  EXPECT_EQ(next_local_step("UTC", hours(7), at("2025-01-15T21:30:00Z")),
            at("2025-01-16T00:00:00Z"));
}

TEST(LocalTime, AStepIsAheadEvenWhileAnHourIsShownTwice) {
  for (Instant now = at("2025-10-25T22:00:00Z"); now < at("2025-10-26T05:00:00Z");
       now += minutes(7)) {
    const Instant next = next_local_step("Europe/Berlin", hours(1), now);
    EXPECT_GT(next, now);
    EXPECT_LE(next - now, hours(1));
    EXPECT_LE(next_local_step("Europe/Berlin", minutes(15), now) - now, minutes(15));
  }
  // In the second pass of the hour they stay on the clock's quarters.
  for (const char* now : {"2025-10-26T01:05:00Z", "2025-10-26T01:07:00Z", "2025-10-26T01:11:00Z"}) {
    EXPECT_EQ(next_local_step("Europe/Berlin", minutes(15), at(now)), at("2025-10-26T01:15:00Z"));
  }
  EXPECT_EQ(next_local_step("Europe/Berlin", minutes(15), at("2025-10-26T00:50:00Z")),
            at("2025-10-26T01:00:00Z"));
  // Longer steps stay where the day has them.
  EXPECT_EQ(next_local_step("Europe/Berlin", hours(6), at("2025-10-25T23:00:00Z")),
            at("2025-10-26T05:00:00Z"));
}

}  // namespace
}  // namespace wirewatch::feeds
