// When a feed is asked again. Jitter 0.5 is none.
#include "feeds/poll/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "feeds/poll/limits.h"

namespace wirewatch::feeds {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
constexpr double kNoJitter = 0.5;

const Instant kNow = from_iso8601("2026-11-21T12:00:00Z").value();

PollWishes wishes() {
  PollWishes w;
  w.url = "https://example.org/feed.xml";
  return w;
}

// A feed that has been polled for a while, with that interval.
PollState settled(Span interval) {
  PollState s;
  s.url = wishes().url;
  s.baseline_done = true;
  s.interval = interval;
  s.last_success = kNow - interval;
  s.last_change = kNow - interval;
  s.etag = "\"1\"";
  s.last_modified = "Sat, 21 Nov 2026 11:00:00 GMT";
  return s;
}

std::vector<Instant> every(Span gap, int count, Instant newest = kNow) {
  std::vector<Instant> dates;
  for (int i = 0; i < count; ++i) dates.push_back(newest - gap * i);
  return dates;
}

DocumentFacts facts(std::vector<Instant> published, std::size_t new_items = 1) {
  DocumentFacts f;
  f.body_hash = "h";
  f.items = published.size();
  f.new_items = new_items;
  f.published = std::move(published);
  return f;
}

Span wait_after_document(const PollState& state, const DocumentFacts& f, const Reply& reply = {},
                         const PollWishes& w = wishes()) {
  return after_document(state, w, reply, f, kNow, kNoJitter).next_due - kNow;
}

// A feed of so many items a day at even distances, watched for 30 days, the last item just now.
PollState watched(double a_day, Instant last = kNow, Instant now = kNow) {
  PollState s = settled(minutes(20));
  const auto gap = std::chrono::duration_cast<Span>(hours(24) / a_day);
  std::vector<Instant> items;
  for (Instant when = last; when > last - hours(24 * 30); when -= gap) items.push_back(when);
  s.last_change = last;
  s.shown = 50;
  learn(s.rhythm, items, last);
  learn(s.rhythm, {}, now);
  return s;
}

Span wait_after_nothing(const PollState& s, const PollWishes& w = wishes(), Instant now = kNow) {
  return after_not_modified(s, w, {}, now, kNoJitter).next_due - now;
}

double minutes_of(Span span) {
  return std::chrono::duration<double>(span).count() / 60;
}

TEST(Schedule, StartsAtFiveMinutesAndGrowsByHalfWhileLittleIsKnown) {
  EXPECT_EQ(wait_after_document({}, facts({}, 0)), minutes(5));
  PollState s = after_document({}, wishes(), {}, facts({}, 0), kNow, kNoJitter);
  s = after_not_modified(s, wishes(), {}, s.next_due, kNoJitter);
  EXPECT_EQ(s.interval, seconds(450));
  s = after_not_modified(s, wishes(), {}, s.next_due, kNoJitter);
  EXPECT_EQ(s.interval, seconds(675));
}

TEST(Schedule, PollsByTheRootOfTheRate) {
  // One item waiting for a minute: √(2 · 60 s / rate), and steady feeds have no bursts.
  for (const double a_day : {4.37, 24.0, 96.0, 300.0}) {
    const double expected = std::sqrt(2 * 60 / (a_day / 86400)) / 60;
    EXPECT_NEAR(minutes_of(wait_after_nothing(watched(a_day))), expected, expected * 0.25) << a_day;
  }
  EXPECT_EQ(wait_after_nothing(watched(24 * 600)), minutes(1));
}

TEST(Schedule, PollsLessWherePollsAreDear) {
  const PollState s = watched(24);
  PollWishes dear = wishes();
  dear.price = 4 * PollLimits::price;
  EXPECT_NEAR(minutes_of(wait_after_nothing(s, dear)) / minutes_of(wait_after_nothing(s)), 2, 0.1);
  EXPECT_EQ(after_not_modified(s, dear, {}, kNow, kNoJitter).price, dear.price);
}

TEST(Schedule, AsksASilentFeedSeldomAndNeverStops) {
  Span before{};
  for (const int days : {1, 3, 10, 30, 100}) {
    const PollState s = watched(48, kNow - hours(24 * days));
    const Span wait = wait_after_nothing(s);
    EXPECT_GT(wait, before) << days;
    EXPECT_LE(wait, hours(24)) << days;
    before = wait;
  }
  EXPECT_GT(before, hours(6));
  EXPECT_EQ(wait_after_nothing(watched(48, kNow - hours(24 * 3650))), hours(24));
}

TEST(Schedule, DoesNotTakeAFeedThatDiedYearsAgoForALivelyOne) {
  const Instant old = kNow - hours(24 * 700);
  const PollState s = after_document({}, wishes(), {}, facts(every(hours(1), 9, old)), kNow, 0.5);
  EXPECT_EQ(s.last_change, old);
  EXPECT_GT(s.interval, hours(1));
  EXPECT_EQ(after_document({}, wishes(), {}, facts({}), kNow, 0.5).last_change, kNow);
  EXPECT_EQ(after_document({}, wishes(), {}, facts({}, 0), kNow, 0.5).last_change, Instant{});
}

TEST(Schedule, KeepsWithinTheUsersBounds) {
  PollWishes w = wishes();
  w.least = minutes(30);
  EXPECT_EQ(wait_after_nothing(watched(500), w), minutes(30));
  w.least = seconds(10);
  w.most = minutes(3);
  EXPECT_EQ(wait_after_nothing(watched(1), w), minutes(3));
  EXPECT_LT(wait_after_nothing(watched(24 * 3600), w), minutes(1));
  w.most = seconds(20);
  w.least.reset();
  EXPECT_EQ(wait_after_nothing(watched(1), w), seconds(20));
}

TEST(Schedule, PollsBeforeHalfOfWhatADocumentShowsIsNew) {
  PollState s = watched(24 * 12);  // one in five minutes
  PollWishes dear = wishes();
  dear.price = 1e9;
  s.shown = 10;
  EXPECT_NEAR(minutes_of(wait_after_nothing(s, dear)), 25, 5);
  s.shown = 100;
  EXPECT_NEAR(minutes_of(wait_after_nothing(s, dear)), 250, 50);
  EXPECT_EQ(after_not_modified(s, dear, {}, kNow, kNoJitter).price, 0);  // not by price
}

TEST(Schedule, HonoursTheUsersFixedInterval) {
  PollWishes w = wishes();
  w.every = seconds(20);
  Reply reply;
  reply.headers = {{"Cache-Control", "max-age=3000"}};
  DocumentFacts f = facts(every(hours(5), 20));
  f.overlaps = false;
  EXPECT_EQ(wait_after_document(settled(hours(1)), f, reply, w), seconds(20));
  w.every = Span(0);
  EXPECT_EQ(wait_after_document(settled(hours(1)), f, reply, w), seconds(1));
}

TEST(Schedule, HonoursWhatThePublisherAsksForUpToAnHour) {
  struct Case {
    const char* cache_control;
    const char* expires;
    Span ttl;
    Span expected;  // 0: its own rhythm's
  };
  const Span own = wait_after_nothing(watched(140));
  ASSERT_LT(own, minutes(20));
  const Case cases[] = {
      {"", "", Span(0), Span(0)},
      {"public, max-age=1200", "", Span(0), minutes(20)},
      {"Max-Age=\"1200\"", "", Span(0), minutes(20)},
      {"max-age=1200", "Sat, 21 Nov 2026 12:50:00 GMT", Span(0), minutes(20)},
      {"max-age=99999999999999999999999999", "", Span(0), hours(1)},
      {"max-age=86400", "", Span(0), hours(1)},
      {"max-age=1200, no-cache", "", Span(0), Span(0)},
      {"max-age=x", "", Span(0), Span(0)},
      {"", "Sat, 21 Nov 2026 12:20:00 GMT", Span(0), minutes(20)},
      {"", "Sat, 21 Nov 2026 11:20:00 GMT", Span(0), Span(0)},
      {"", "0", Span(0), Span(0)},
      {"", "", minutes(30), minutes(30)},
      {"", "", hours(24 * 365 * 200), hours(1)},
      {"", "", -hours(5), Span(0)},
      {"max-age=1200", "", minutes(30), minutes(30)},
  };
  for (const Case& c : cases) {
    Reply reply;
    reply.headers = {{"Cache-Control", c.cache_control}, {"Expires", c.expires}};
    DocumentFacts f = facts({}, 0);
    f.ttl = c.ttl;
    EXPECT_EQ(wait_after_document(watched(140), f, reply), c.expected > Span(0) ? c.expected : own)
        << c.cache_control << " " << c.expires << " " << c.ttl.count();
  }
}

TEST(Schedule, RemembersTheTtlWhileNothingChanges) {
  DocumentFacts f = facts(every(minutes(10), 20));
  f.ttl = minutes(30);
  PollState s = after_document(watched(140), wishes(), {}, f, kNow, kNoJitter);
  s = after_not_modified(s, wishes(), {}, kNow + minutes(30), kNoJitter);
  EXPECT_EQ(s.interval, minutes(30));
}

TEST(Schedule, LessensMaxAgeByTheAgeInCaches) {
  EXPECT_EQ(freshness_of({{"Cache-Control", "max-age=600"}, {"Age", "200"}}, kNow), seconds(400));
  EXPECT_EQ(freshness_of({{"Cache-Control", "max-age=600"}, {"Age", "900"}}, kNow), seconds(0));
  EXPECT_EQ(freshness_of({}, kNow), seconds(0));
}

// Row 55.
TEST(Schedule, PollsFasterWhenTwoDocumentsDoNotOverlapAndCountsTheGap) {
  DocumentFacts f = facts({}, 3);
  f.items = 3;
  f.overlaps = false;
  f.ttl = hours(1);
  f.skip_hours = (1U << 24U) - 2;  // all but midnight: not while items are lost
  PollState s = watched(10);
  s.interval = minutes(20);
  Instant now = kNow;
  Span expected = minutes(20);
  for (std::uint32_t gaps = 1; gaps <= 8; ++gaps) {
    s = after_document(s, wishes(), {}, f, now, kNoJitter);
    expected = std::max<Span>(expected / 2, minutes(1));
    EXPECT_EQ(s.gaps, gaps);
    EXPECT_EQ(s.last_gap, now);
    EXPECT_LE(s.interval, expected);
    EXPECT_GE(s.interval, minutes(1));
    now = s.next_due;
  }
  const Instant last_gap = s.last_gap;
  f = facts({}, 0);
  Span before = s.interval;
  for (int i = 0; i < 3; ++i) {
    s = after_document(s, wishes(), {}, f, s.next_due, kNoJitter);
    EXPECT_GT(s.interval, before);
    EXPECT_LE(s.interval, before * 2);
    before = s.interval;
  }
  EXPECT_EQ(s.gaps, 8U);
  EXPECT_EQ(s.last_gap, last_gap);
}

TEST(Schedule, NeitherABaselineNorWhatFollowsAnEmptyDocumentIsAGap) {
  DocumentFacts f = facts({}, 3);
  f.items = 3;
  f.overlaps = false;
  EXPECT_EQ(after_document({}, wishes(), {}, f, kNow, kNoJitter).gaps, 0U);
  PollState s = watched(10);
  s.shown = 0;
  EXPECT_EQ(after_document(s, wishes(), {}, f, kNow, kNoJitter).gaps, 0U);
}

TEST(Schedule, SkipsTheHoursAndDaysThatThePublisherNames) {
  const Instant saturday = kNow;  // 2026-11-21, 12:00
  const std::uint32_t noon_to_two = (1U << 12U) | (1U << 13U);
  const auto at = [](const char* when) { return from_iso8601(when).value(); };
  struct Case {
    const char* due;
    std::uint32_t hours;
    std::uint8_t days;
    const char* expected;
  };
  const Case cases[] = {
      {"2026-11-21T12:20:00Z", 0, 0, "2026-11-21T12:20:00Z"},
      {"2026-11-21T12:20:00Z", noon_to_two, 0, "2026-11-21T14:00:00Z"},
      {"2026-11-21T14:00:00Z", noon_to_two, 0, "2026-11-21T14:00:00Z"},
      {"2026-11-21T13:59:59Z", noon_to_two | 1U << 14U, 0, "2026-11-21T15:00:00Z"},
      {"2026-11-21T23:30:00Z", 1U << 23U, 0, "2026-11-22T00:00:00Z"},
      {"2026-11-21T12:20:00Z", 0, 1U << 6U, "2026-11-22T00:00:00Z"},
      {"2026-11-21T12:20:00Z", 0, 1U << 6U | 1U, "2026-11-22T12:00:00Z"},  // a day at most
      {"2026-11-21T12:20:00Z", 0, 1U, "2026-11-21T12:20:00Z"},
      {"2026-11-21T12:20:00Z", (1U << 24U) - 1, 0, "2026-11-21T12:20:00Z"},
      {"2026-11-21T12:20:00Z", 0, 127, "2026-11-21T12:20:00Z"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(to_iso8601(after_skipped(at(c.due), c.hours, c.days, saturday)), c.expected)
        << c.due << " " << c.hours << " " << int{c.days};
  }
}

TEST(Schedule, RemembersWhatIsSkippedWhileNothingChangesAndTheUsersIntervalIgnoresIt) {
  DocumentFacts f = facts({}, 0);
  f.skip_hours = 1U << 12U;
  PollState s = after_document(watched(140), wishes(), {}, f, kNow, kNoJitter);
  EXPECT_EQ(s.next_due, kNow + hours(1));
  s = after_not_modified(s, wishes(), {}, kNow + minutes(1), kNoJitter);
  EXPECT_EQ(s.next_due, kNow + hours(1));
  PollWishes w = wishes();
  w.every = minutes(5);
  s = after_not_modified(s, w, {}, kNow + minutes(1), kNoJitter);
  EXPECT_EQ(s.next_due, kNow + minutes(6));
}

TEST(Schedule, SpreadsByTenPercentEitherWay) {
  EXPECT_EQ(with_jitter(seconds(100), 0), seconds(90));
  EXPECT_EQ(with_jitter(seconds(100), 0.5), seconds(100));
  EXPECT_LT(with_jitter(seconds(100), 0.999999), seconds(110));
  EXPECT_GT(with_jitter(seconds(100), 0.999999), seconds(109));
}

struct FailureCase {
  TransportFailure failure;
  int status;
  Span first;  // of an interval of 20 min
};

// Rows 21 and 22: the wait grows and never ends, and what was known of the feed stays.
TEST(BackOff, StartsByKindAndDoublesToADay) {
  using F = TransportFailure;
  const FailureCase cases[] = {
      {F::dns, 0, minutes(5)},
      {F::connect, 0, minutes(5)},
      {F::timeout, 0, minutes(5)},
      {F::cut, 200, minutes(5)},
      {F::none, 500, minutes(10)},
      {F::none, 503, minutes(10)},
      {F::none, 429, minutes(10)},
      {F::none, 404, minutes(20)},
      {F::none, 0, minutes(20)},
      {F::tls, 0, minutes(20)},
      {F::too_big, 200, minutes(20)},
      {F::refused_address, 0, minutes(20)},
      {F::redirect_loop, 0, minutes(20)},
  };
  for (const FailureCase& c : cases) {
    PollState s = settled(minutes(20));
    s.last_success = Instant{};
    Verdict verdict;
    verdict.reason = "because";
    verdict.status = c.status;
    Span expected = c.first;
    for (std::uint32_t n = 1; n <= 40; ++n) {
      s = after_failure(s, wishes(), verdict, c.failure, kNow, kNoJitter);
      EXPECT_EQ(s.failures, n);
      EXPECT_EQ(s.failure, "because");
      EXPECT_EQ(s.next_due - kNow, std::min<Span>(expected, hours(24)));
      expected = std::min<Span>(expected * 2, hours(48));
    }
    EXPECT_EQ(s.etag, "\"1\"");
    EXPECT_EQ(s.last_modified, "Sat, 21 Nov 2026 11:00:00 GMT");
  }
}

TEST(BackOff, StaysWithinAnHourOnTheFirstDayOfAnOutage) {
  PollState s = settled(minutes(20));
  s.failures = 30;
  s.last_success = kNow - hours(23);
  EXPECT_EQ(after_failure(s, wishes(), {}, TransportFailure::dns, kNow, 0.5).next_due - kNow,
            hours(1));
  s.last_success = kNow - hours(24);
  EXPECT_EQ(after_failure(s, wishes(), {}, TransportFailure::dns, kNow, 0.5).next_due - kNow,
            hours(24));
  s.failures = 4294967295U;
  EXPECT_EQ(after_failure(s, wishes(), {}, TransportFailure::dns, kNow, 0.5).next_due - kNow,
            hours(24));
}

TEST(BackOff, IsNotSlowerAtFirstThanTheUsersOwnInterval) {
  PollWishes w = wishes();
  w.every = seconds(10);
  EXPECT_EQ(after_failure({}, w, {}, TransportFailure::dns, kNow, 0.5).next_due - kNow,
            seconds(10));
}

// Row 19.
TEST(BackOff, NeverComesBeforeRetryAfter) {
  Verdict verdict;
  verdict.status = 503;
  verdict.retry_after = hours(3);
  for (const double jitter : {0.0, 0.5, 0.99}) {
    const PollState s = after_failure(settled(minutes(20)), wishes(), verdict,
                                      TransportFailure::none, kNow, jitter);
    EXPECT_GE(s.next_due - kNow, hours(3));
    EXPECT_LE(s.next_due - kNow, hours(3) + minutes(18));
  }
  verdict.retry_after = Span(0);
  EXPECT_EQ(
      after_failure(settled(minutes(20)), wishes(), verdict, TransportFailure::none, kNow, 0.5)
              .next_due -
          kNow,
      minutes(10));
}

// Row 25.
TEST(BackOff, DoesNotBlameTheFeedForOurOwnShortage) {
  const PollState before = settled(minutes(20));
  const PollState s = after_failure(before, wishes(), {}, TransportFailure::local, kNow, 0.5);
  EXPECT_EQ(s.failures, 0u);
  EXPECT_EQ(s.failure, "");
  EXPECT_EQ(s.next_due - kNow, seconds(30));
}

TEST(After, SuccessEndsTheFailures) {
  PollState s = settled(minutes(20));
  s.failures = 9;
  s.failure = "x";
  for (const PollState& after : {after_document(s, wishes(), {}, facts({}, 0), kNow, 0.5),
                                 after_not_modified(s, wishes(), {}, kNow, 0.5)}) {
    EXPECT_EQ(after.failures, 0u);
    EXPECT_EQ(after.failure, "");
    EXPECT_EQ(after.last_success, kNow);
    EXPECT_EQ(after.last_poll, kNow);
  }
}

// Rows 17 and 28.
TEST(After, KeepsValidatorsByteExactOrNotAtAll) {
  struct Case {
    std::string value;
    bool kept;
  };
  const Case cases[] = {
      {"\"abc\"", true},
      {"W/\"a b~!\"", true},
      {"unquoted", true},
      {" spaced ", true},
      {"\"a\r\nX: y\"", false},
      {std::string("\"a\0\"", 4), false},
      {"\"\x7f\"", false},
      {"\"\xc3\xa4\"", false},
      {"\"\t\"", false},
      {std::string(4096, 'e'), true},
      {std::string(4097, 'e'), false},
  };
  for (const Case& c : cases) {
    Reply reply;
    reply.headers = {{"ETag", c.value}, {"Last-Modified", c.value}};
    const PollState s = after_document(settled(minutes(20)), wishes(), reply, facts({}), kNow, 0.5);
    EXPECT_EQ(s.etag, c.kept ? c.value : "");
    EXPECT_EQ(s.last_modified, c.kept ? c.value : "");
    EXPECT_EQ(s.last_unconditional, kNow);
  }
  const PollState none = after_document(settled(minutes(20)), wishes(), {}, facts({}), kNow, 0.5);
  EXPECT_EQ(none.etag + none.last_modified, "");
  const PollState same = after_not_modified(settled(minutes(20)), wishes(), {}, kNow, 0.5);
  EXPECT_EQ(same.etag, "\"1\"");
}

// Row 10.
TEST(After, KeepsAPermanentRedirectThatRepeats) {
  Reply moved;
  moved.permanent_url = "https://example.org/new.xml";
  PollState s = settled(minutes(20));
  s = after_document(s, wishes(), moved, facts({}), kNow, 0.5);
  s = after_not_modified(s, wishes(), moved, kNow, 0.5);
  EXPECT_EQ(effective_url(wishes(), s), wishes().url);
  const PollState interrupted = after_not_modified(s, wishes(), {}, kNow, 0.5);
  EXPECT_EQ(interrupted.moved_count, 0u);
  s = after_not_modified(s, wishes(), moved, kNow, 0.5);
  EXPECT_EQ(effective_url(wishes(), s), moved.permanent_url);
  s = after_not_modified(s, wishes(), {}, kNow, 0.5);  // the target answers by itself
  EXPECT_EQ(effective_url(wishes(), s), moved.permanent_url);

  for (int i = 0; i < 2; ++i) {
    s = after_failure(s, wishes(), {}, TransportFailure::dns, kNow, 0.5);
    EXPECT_EQ(effective_url(wishes(), s), moved.permanent_url);
  }
  s = after_failure(s, wishes(), {}, TransportFailure::dns, kNow, 0.5);
  EXPECT_EQ(effective_url(wishes(), s), wishes().url);
}

TEST(After, ForgetsWhatBelongedToAnotherUrl) {
  PollState s = settled(minutes(20));
  s.url = "https://example.org/old.xml";
  s.moved_to = "https://example.org/older.xml";
  s.moved_count = 3;
  s = after_not_modified(s, wishes(), {}, kNow, 0.5);
  EXPECT_EQ(s.etag, "");
  EXPECT_EQ(s.moved_to, "");
  EXPECT_EQ(s.url, wishes().url);
}

// Row 20.
TEST(After, PausesAFeedThatIsGone) {
  Verdict verdict;
  verdict.reason = "the server answered 410 Gone";
  const PollState s = after_gone(settled(minutes(20)), verdict, kNow);
  EXPECT_TRUE(s.paused);
  EXPECT_EQ(s.failure, "the server answered 410 Gone");
  EXPECT_EQ(s.etag, "\"1\"");
  EXPECT_FALSE(after_document(s, wishes(), {}, facts({}), kNow, 0.5).paused);
}

}  // namespace
}  // namespace wirewatch::feeds
