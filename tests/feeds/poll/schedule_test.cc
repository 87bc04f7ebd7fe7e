// When a feed is asked again. Jitter 0.5 is none.
#include "feeds/poll/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(Schedule, StartsAtFiveMinutes) {
  EXPECT_EQ(wait_after_document({}, facts({})), minutes(5));
  EXPECT_EQ(wait_after_document({}, facts(every(hours(5), 20))), minutes(5));
  EXPECT_EQ(wait_after_document({}, facts(every(minutes(4), 20))), minutes(2));
}

TEST(Schedule, FollowsHalfTheRhythmBetweenAMinuteAndAnHour) {
  EXPECT_EQ(wait_after_document(settled(hours(2)), facts(every(minutes(20), 20))), minutes(10));
  EXPECT_EQ(wait_after_document(settled(hours(2)), facts(every(seconds(10), 20))), minutes(1));
  EXPECT_EQ(wait_after_document(settled(hours(2)), facts(every(hours(30), 20))), hours(1));
  EXPECT_EQ(wait_after_document(settled(hours(2)), facts({}, 0)), minutes(15));
}

TEST(Schedule, GrowsByHalfAtATime) {
  EXPECT_EQ(wait_after_document(settled(minutes(4)), facts(every(hours(5), 20))), minutes(6));
  const PollState s = settled(minutes(4));
  EXPECT_EQ(after_not_modified(s, wishes(), {}, kNow, kNoJitter).next_due - kNow, minutes(6));
}

TEST(Schedule, AsksASilentFeedSeldomAndNeverStops) {
  const auto wait = [](Span silent) {
    PollState s = settled(hours(24));
    s.last_change = kNow - silent;
    s.rhythm = minutes(10);
    return after_not_modified(s, wishes(), {}, kNow, kNoJitter).next_due - kNow;
  };
  EXPECT_EQ(wait(minutes(30)), minutes(5));
  EXPECT_EQ(wait(hours(10)), minutes(10));
  EXPECT_EQ(wait(hours(60)), hours(1));
  EXPECT_EQ(wait(hours(24 * 30)), hours(12));
  EXPECT_EQ(wait(hours(24 * 365 * 10)), hours(24));
}

TEST(Schedule, TakesTheFirstDocumentsNewestDateForTheLastChange) {
  const Instant old = kNow - hours(24 * 700);
  const PollState s = after_document({}, wishes(), {}, facts(every(hours(1), 9, old)), kNow, 0.5);
  EXPECT_EQ(s.last_change, old);
  EXPECT_EQ(after_document({}, wishes(), {}, facts({}), kNow, 0.5).last_change, kNow);
  EXPECT_EQ(after_document({}, wishes(), {}, facts({}, 0), kNow, 0.5).last_change, Instant{});
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
    Span expected;
  };
  const Case cases[] = {
      {"", "", Span(0), minutes(5)},
      {"public, max-age=1200", "", Span(0), minutes(20)},
      {"Max-Age=\"1200\"", "", Span(0), minutes(20)},
      {"max-age=1200", "Sat, 21 Nov 2026 12:50:00 GMT", Span(0), minutes(20)},
      {"max-age=99999999999999999999999999", "", Span(0), hours(1)},
      {"max-age=86400", "", Span(0), hours(1)},
      {"max-age=1200, no-cache", "", Span(0), minutes(5)},
      {"max-age=x", "", Span(0), minutes(5)},
      {"", "Sat, 21 Nov 2026 12:20:00 GMT", Span(0), minutes(20)},
      {"", "Sat, 21 Nov 2026 11:20:00 GMT", Span(0), minutes(5)},
      {"", "0", Span(0), minutes(5)},
      {"", "", minutes(30), minutes(30)},
      {"", "", hours(24 * 365 * 200), hours(1)},
      {"", "", -hours(5), minutes(5)},
      {"max-age=1200", "", minutes(30), minutes(30)},
  };
  for (const Case& c : cases) {
    Reply reply;
    reply.headers = {{"Cache-Control", c.cache_control}, {"Expires", c.expires}};
    DocumentFacts f = facts(every(minutes(10), 20));
    f.ttl = c.ttl;
    EXPECT_EQ(wait_after_document(settled(minutes(5)), f, reply), c.expected)
        << c.cache_control << " " << c.expires << " " << c.ttl.count();
  }
}

TEST(Schedule, RemembersTheTtlWhileNothingChanges) {
  DocumentFacts f = facts(every(minutes(10), 20));
  f.ttl = minutes(30);
  PollState s = after_document(settled(minutes(5)), wishes(), {}, f, kNow, kNoJitter);
  s = after_not_modified(s, wishes(), {}, kNow + minutes(30), kNoJitter);
  EXPECT_EQ(s.interval, minutes(30));
}

TEST(Schedule, LessensMaxAgeByTheAgeInCaches) {
  EXPECT_EQ(freshness_of({{"Cache-Control", "max-age=600"}, {"Age", "200"}}, kNow), seconds(400));
  EXPECT_EQ(freshness_of({{"Cache-Control", "max-age=600"}, {"Age", "900"}}, kNow), seconds(0));
  EXPECT_EQ(freshness_of({}, kNow), seconds(0));
}

// Row 55.
TEST(Schedule, PollsFasterWhenTwoDocumentsDoNotOverlap) {
  DocumentFacts f = facts(every(minutes(40), 20));
  f.overlaps = false;
  f.ttl = hours(1);
  PollState s = after_document(settled(minutes(20)), wishes(), {}, f, kNow, kNoJitter);
  EXPECT_EQ(s.interval, minutes(10));
  s = after_document(s, wishes(), {}, f, kNow, kNoJitter);
  EXPECT_EQ(s.interval, minutes(5));
  for (int i = 0; i < 10; ++i) s = after_document(s, wishes(), {}, f, kNow, kNoJitter);
  EXPECT_EQ(s.interval, minutes(1));
}

TEST(Schedule, SpreadsByTenPercentEitherWay) {
  EXPECT_EQ(with_jitter(seconds(100), 0), seconds(90));
  EXPECT_EQ(with_jitter(seconds(100), 0.5), seconds(100));
  EXPECT_LT(with_jitter(seconds(100), 0.999999), seconds(110));
  EXPECT_GT(with_jitter(seconds(100), 0.999999), seconds(109));
}

// Row 54, as far as the rhythm uses dates.
TEST(Rhythm, IsTheMedianGapOfSaneDates) {
  std::vector<Instant> dates = every(minutes(7), 9, kNow - minutes(1));
  EXPECT_EQ(rhythm_of(dates, kNow), minutes(7));
  dates.push_back(from_iso8601("2041-01-01T00:00:00Z").value());
  dates.push_back(from_iso8601("1970-01-01T00:00:00Z").value());
  dates.push_back(from_iso8601("9999-12-31T23:59:59Z").value());
  dates.push_back(Instant::min());
  dates.push_back(Instant::max());
  EXPECT_EQ(rhythm_of(dates, kNow), minutes(7));
  EXPECT_EQ(rhythm_of({}, kNow), std::nullopt);
  EXPECT_EQ(rhythm_of(every(minutes(7), 2), kNow), std::nullopt);
  EXPECT_EQ(rhythm_of(std::vector<Instant>(500, kNow), kNow), std::nullopt);
  const Instant midnight = from_iso8601("2026-11-21").value();
  EXPECT_EQ(rhythm_of(every(hours(24), 30, midnight), kNow), std::nullopt);
}

TEST(Rhythm, IsLearnedFromArrivalsWhereThereAreNoDates) {
  PollState s = settled(minutes(15));
  s.last_change = kNow - minutes(60);
  s = after_document(s, wishes(), {}, facts({}, 3), kNow, kNoJitter);
  EXPECT_EQ(s.rhythm, minutes(20));
  s = after_document(s, wishes(), {}, facts({}, 1), kNow + minutes(40), kNoJitter);
  EXPECT_EQ(s.rhythm, minutes(25));
  s = after_document(s, wishes(), {}, facts({}, 0), kNow + minutes(50), kNoJitter);
  EXPECT_EQ(s.rhythm, minutes(25));
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
