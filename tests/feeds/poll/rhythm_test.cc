// What is learned of a feed from the arrival of its items.
#include "feeds/poll/rhythm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "feeds/poll/limits.h"
#include "feeds/poll/poll.h"

namespace wirewatch::feeds {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Instant kMonday = from_iso8601("2026-11-02T00:00:00Z").value();

// Items at these hours of each of `days` days from Monday on, polled every hour.
Rhythm of_hours(const std::vector<int>& at_hours, int days, bool weekends = true) {
  Rhythm rhythm;
  for (int hour = 0; hour < 24 * days; ++hour) {
    const Instant now = kMonday + hours(hour + 1);
    std::vector<Instant> items;
    const bool works = weekends || hour / 24 % 7 < 5;
    for (const int one : at_hours) {
      if (works && one == hour % 24) items.push_back(kMonday + hours(hour) + minutes(30));
    }
    learn(rhythm, items, now);
  }
  return rhythm;
}

TEST(Rhythm, KnowsHowManyADay) {
  const Rhythm rhythm = of_hours({1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23}, 28);
  EXPECT_NEAR(items_a_day(rhythm, rhythm.at), 12, 0.5);
  EXPECT_EQ(rhythm_words(rhythm, rhythm.at), "about 12 a day");
}

TEST(Rhythm, KnowsTheHoursOfTheDayAndTheDaysOfTheWeek) {
  const Rhythm rhythm = of_hours({8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, 28, false);
  const Instant monday = kMonday + hours(24 * 28);
  EXPECT_GT(rate_at(rhythm, monday + hours(12)), 8 * rate_at(rhythm, monday + hours(3)));
  EXPECT_GT(rate_at(rhythm, monday + hours(12)), 3 * rate_at(rhythm, monday + hours(24 * 5 + 12)));
  const std::string words = rhythm_words(rhythm, rhythm.at);
  EXPECT_THAT(words,
              testing::MatchesRegex("about [67].* a day, mostly 0[89]–1[78] UTC, mostly Mon–Fri"));
}

TEST(Rhythm, PollsAtTheHourThatIsDueAndHardlyBefore) {
  const Rhythm rhythm = of_hours({9}, 42);  // ends at midnight
  const Wait in_the_night = wait_for_price(rhythm, rhythm.at + hours(1), 600, 1e9, hours(24));
  const Wait at_nine = wait_for_price(rhythm, rhythm.at + hours(9), 600, 1e9, hours(24));
  EXPECT_GT(in_the_night.span, hours(2));
  EXPECT_LT(at_nine.span, minutes(75));
  EXPECT_TRUE(at_nine.by_price);
  EXPECT_GT(rate_at(rhythm, rhythm.at + hours(9)), 8 * rate_at(rhythm, rhythm.at + hours(3)));
}

TEST(Rhythm, ExpectsMoreWhileABurstGoesOnAndForgetsItAfterwards) {
  Rhythm rhythm;
  for (int day = 0; day < 30; ++day) {  // six within the hour, once a day
    std::vector<Instant> items;
    const Instant begin = kMonday + hours(24 * day + day * 7 % 24);
    for (int i = 0; i < 6; ++i) items.push_back(begin + minutes(8 * i));
    learn(rhythm, items, begin + minutes(41));
  }
  const double during = rate_at(rhythm, rhythm.at);
  EXPECT_GT(during, 4 * rate_at(rhythm, rhythm.at + hours(18)));
  EXPECT_GT(during, 1.0);
  EXPECT_NEAR(items_a_day(rhythm, rhythm.at), 6, 1);
}

TEST(Rhythm, TakesItemsOfOneMinuteForOneEvent) {
  Rhythm at_once;
  Rhythm apart;
  for (int day = 0; day < 30; ++day) {
    const Instant noon = kMonday + hours(24 * day + 12);
    learn(at_once, std::vector<Instant>(5, noon), noon + hours(1));
    learn(apart, {noon, noon + minutes(9), noon + minutes(19), noon + minutes(30)},
          noon + hours(1));
  }
  EXPECT_LT(at_once.share[0] + at_once.share[1], 0.1F);
  EXPECT_GT(apart.share[0] + apart.share[1], 0.2F);
  EXPECT_NEAR(items_a_day(at_once, at_once.at), 5, 0.5);
}

TEST(Rhythm, FollowsAFeedThatBecomesAnother) {
  Rhythm rhythm = of_hours({0, 4, 8, 12, 16, 20}, 28);
  for (int hour = 0; hour < 24 * 42; ++hour) {
    const Instant now = kMonday + hours(24 * 28 + hour + 1);
    learn(rhythm, {now - minutes(40), now - minutes(10)}, now);
  }
  EXPECT_GT(items_a_day(rhythm, rhythm.at), 38);
}

// An item every `gap`, polled every two hours from rhythm.at on, for `span`.
void bring(Rhythm& rhythm, Span gap, Span span) {
  const Instant begin = rhythm.at;
  Instant item = begin + gap;
  while (rhythm.at < begin + span) {
    const Instant now = rhythm.at + hours(2);
    std::vector<Instant> items;
    for (; item <= now; item += gap) items.push_back(item);
    learn(rhythm, items, now);
  }
}

TEST(Rhythm, BelievesAFeedThatWakesUpAfterALongNearSilenceNotAfterWeeks) {
  struct Case {
    int items_a_day;
    Span within;
  };
  for (const Case& c : {Case{200, hours(12)}, Case{48, hours(36)}, Case{12, hours(24 * 5)}}) {
    Rhythm rhythm;
    learn(rhythm, {}, kMonday);
    bring(rhythm, hours(24 * 5), hours(24 * 20));
    bring(rhythm, Span(hours(24)) / c.items_a_day, c.within);
    EXPECT_GT(items_a_day(rhythm, rhythm.at), 0.6 * c.items_a_day) << c.items_a_day;
    EXPECT_LT(items_a_day(rhythm, rhythm.at), 1.7 * c.items_a_day) << c.items_a_day;
  }
}

TEST(Rhythm, BelievesAFeedThatGoesToSleepThoughItBringsAnItemNowAndThen) {
  Rhythm rhythm;
  learn(rhythm, {}, kMonday);
  bring(rhythm, minutes(30), hours(24 * 28));
  EXPECT_NEAR(items_a_day(rhythm, rhythm.at), 48, 2);
  bring(rhythm, hours(24 * 2), hours(24 * 7));
  EXPECT_LT(items_a_day(rhythm, rhythm.at), 8);
}

TEST(Rhythm, TakesNeitherABurstNorABusyHourForAnotherRegime) {
  const Rhythm daily = of_hours({9, 9, 9, 9, 9, 9, 9, 9}, 28);
  EXPECT_LT(daily.since, daily.at - hours(24 * 20));
  Rhythm rhythm = of_hours({0, 6, 12, 18}, 28);
  std::vector<Instant> burst;
  for (int i = 0; i < 12; ++i) burst.push_back(rhythm.at + minutes(5 * i));
  learn(rhythm, burst, rhythm.at + hours(1));
  EXPECT_LT(rhythm.since, rhythm.at - hours(24 * 20));
  EXPECT_LT(items_a_day(rhythm, rhythm.at), 6);
}

TEST(Rhythm, KeepsItsHoursWhenItWakesUp) {
  Rhythm rhythm = of_hours({8, 9, 10, 11, 12, 13}, 28);
  bring(rhythm, hours(24 * 3), hours(24 * 14));
  for (int hour = 0; hour < 24 * 3; ++hour) {
    const Instant now = rhythm.at + hours(1);
    std::vector<Instant> items;
    for (int i = 0; i < 9 && hour % 24 >= 8 && hour % 24 < 14; ++i)
      items.push_back(now - minutes(6 * i));
    learn(rhythm, items, now);
  }
  EXPECT_GT(items_a_day(rhythm, rhythm.at), 25);
  EXPECT_GT(rate_at(rhythm, rhythm.at + hours(11)), 3 * rate_at(rhythm, rhythm.at + hours(3)));
}

// Row 21, as far as the pure part goes.
TEST(Rhythm, IsStaleOnlyWhenSilentForFarLongerThanIsPlausible) {
  struct Case {
    std::vector<int> at_hours;
    bool weekends;
    Span silent;
    bool stale;
  };
  const Case cases[] = {
      {{1, 4, 7, 10, 13, 16, 19, 22}, true, hours(11), false},
      {{1, 4, 7, 10, 13, 16, 19, 22}, true, hours(48), true},
      {{8, 9, 10, 11, 12, 13, 14, 15, 16}, false, hours(24 * 3), false},  // over a weekend
      {{8, 9, 10, 11, 12, 13, 14, 15, 16}, false, hours(24 * 14), true},
      {{9}, true, hours(24 * 5), false},
      {{9}, true, hours(24 * 21), true},
  };
  for (const Case& c : cases) {
    Rhythm rhythm = of_hours(c.at_hours, 39, c.weekends);  // ends on a Friday's midnight
    const Instant then = rhythm.last_item + c.silent;
    for (Instant now = rhythm.at; now < then; now += hours(1)) learn(rhythm, {}, now);
    EXPECT_EQ(staleness(rhythm, then) >= 1, c.stale)
        << c.at_hours.size() << " " << c.silent.count() << " " << staleness(rhythm, then);
  }
  EXPECT_EQ(staleness(Rhythm{}, kMonday), 0);
}

TEST(Rhythm, IsTheSameAfterTheStore) {
  const Rhythm rhythm = of_hours({3, 9, 17}, 20);
  const std::string bytes = pack_rhythm(rhythm);
  EXPECT_LT(bytes.size(), 200U);
  EXPECT_EQ(pack_rhythm(unpack_rhythm(bytes)), bytes);
  EXPECT_EQ(rate_at(unpack_rhythm(bytes), rhythm.at), rate_at(rhythm, rhythm.at));
  EXPECT_EQ(pack_rhythm(Rhythm{}), "");
}

TEST(Rhythm, TakesDamagedBytesForNothingLearned) {
  std::string bytes = pack_rhythm(of_hours({3}, 3));
  EXPECT_EQ(unpack_rhythm("").at, Instant{});
  EXPECT_EQ(unpack_rhythm(bytes.substr(1)).at, Instant{});
  EXPECT_EQ(unpack_rhythm(bytes + "x").at, Instant{});
  const float bad = std::numeric_limits<float>::quiet_NaN();
  bytes.replace(bytes.size() - 4, 4, reinterpret_cast<const char*>(&bad), 4);
  EXPECT_EQ(unpack_rhythm(bytes).at, Instant{});
}

TEST(Rhythm, StaysSoundWhateverTheDatesAndTheClockDo) {
  std::mt19937 random(7);
  Rhythm rhythm;
  Instant now = kMonday;
  for (int i = 0; i < 3000; ++i) {
    std::vector<Instant> items;
    for (auto left = random() % 4; left > 0; --left) {
      const auto kind = random() % 5;
      items.push_back(kind == 0   ? Instant::min()
                      : kind == 1 ? Instant::max()
                      : kind == 2 ? now + hours(24 * 400)
                                  : now - minutes(static_cast<int>(random() % 10000)));
    }
    now += kMonday > now ? hours(1) : minutes(static_cast<int>(random() % 600)) - hours(4);
    learn(rhythm, items, now);
    const double rate = rate_at(rhythm, now);
    ASSERT_TRUE(std::isfinite(rate) && rate >= 0) << i;
    const Wait wait = wait_for_price(rhythm, now, 60, 1e9, hours(24));
    ASSERT_GE(wait.span, Span(0)) << i;
    ASSERT_LE(wait.span, hours(24)) << i;
  }
}

TEST(Rhythm, IsToldInWords) {
  EXPECT_EQ(rhythm_words(Rhythm{}, kMonday), "nothing yet");
  Rhythm weekly;
  for (int week = 0; week < 20; ++week) {
    learn(weekly, {kMonday + hours(24 * 7 * week + 9)}, kMonday + hours(24 * 7 * week + 10));
  }
  EXPECT_THAT(rhythm_words(weekly, weekly.at), testing::MatchesRegex("about 1(.[1-4])? a week"));
}

// Row 54, as far as the rhythm uses dates.
TEST(Rhythm, UsesOnlyDatesThatCanBeTrue) {
  PollWishes wishes;
  wishes.url = "https://example.org/feed.xml";
  DocumentFacts facts;
  const Instant now = kMonday;
  for (int i = 1; i <= 20; ++i) facts.published.push_back(now - hours(2 * i));
  facts.items = facts.new_items = 25;
  const PollState plain = after_document({}, wishes, {}, facts, now, 0.5);
  for (const char* wrong :
       {"2041-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    facts.published.push_back(from_iso8601(wrong).value());
  }
  facts.published.push_back(Instant::min());
  facts.published.push_back(Instant::max());
  const PollState same = after_document({}, wishes, {}, facts, now, 0.5);
  EXPECT_EQ(pack_rhythm(same.rhythm), pack_rhythm(plain.rhythm));
  EXPECT_NEAR(items_a_day(plain.rhythm, now), 12, 2);
}

TEST(Rhythm, IsLearnedFromArrivalsWhereThereAreNoDates) {
  PollWishes wishes;
  wishes.url = "https://example.org/feed.xml";
  PollState state;
  DocumentFacts facts;
  facts.items = 10;
  for (int i = 0; i < 24 * 20; ++i) {
    facts.new_items = i % 2 == 0 ? 1 : 0;
    state = after_document(state, wishes, {}, facts, kMonday + hours(i), 0.5);
  }
  EXPECT_NEAR(items_a_day(state.rhythm, state.rhythm.at), 12, 1);
}

TEST(Staleness, IsNoticedOnceAndEndsOnlyWhenTheFeedIsBackForGood) {
  PollWishes wishes;
  wishes.url = "https://example.org/feed.xml";
  PollState state;
  state.baseline_done = true;
  state.rhythm = of_hours({1, 4, 7, 10, 13, 16, 19, 22}, 35);
  state.last_success = state.rhythm.at;
  Instant now = state.rhythm.at;
  while (state.stale_since == Instant{} && now < kMonday + hours(24 * 60)) {
    now += hours(1);
    state = after_not_modified(state, wishes, {}, now, 0.5);
  }
  const Instant noticed = state.stale_since;
  EXPECT_GT(noticed - state.rhythm.last_item, hours(24));
  EXPECT_LT(noticed - state.rhythm.last_item, hours(72));
  state = after_not_modified(state, wishes, {}, now + hours(40), 0.5);
  EXPECT_EQ(state.stale_since, noticed);
  DocumentFacts facts;
  facts.items = facts.new_items = 1;
  state = after_document(state, wishes, {}, facts, now + hours(41), 0.5);
  EXPECT_EQ(state.stale_since, Instant{});
}

// Row 21: what fails is tried for ever, and is stale after a day without an answer.
TEST(Staleness, IsSaidOfAFeedThatFailsForADay) {
  PollWishes wishes;
  wishes.url = "https://example.org/feed.xml";
  Verdict verdict;
  verdict.reason = "the server answered 404 Not Found";
  verdict.status = 404;
  PollState state;
  Instant now = kMonday;
  for (int i = 0; i < 3; ++i, now += hours(10)) {
    EXPECT_EQ(state.stale_since, Instant{});
    state = after_failure(state, wishes, verdict, TransportFailure::none, now, 0.5);
  }
  state = after_failure(state, wishes, verdict, TransportFailure::none, now, 0.5);
  EXPECT_NE(state.stale_since, Instant{});
  DocumentFacts facts;
  state = after_document(state, wishes, {}, facts, now + hours(1), 0.5);
  EXPECT_EQ(state.stale_since, Instant{});
}

}  // namespace
}  // namespace wirewatch::feeds
