// What is asked for, and what an answer means.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feeds/poll/http_date.h"
#include "feeds/poll/poll.h"

namespace wirewatch::feeds {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;

Instant at(const char* text) {
  return from_iso8601(text).value();
}
const Instant kNow = at("2026-11-21T12:00:00Z");

PollWishes wishes() {
  PollWishes w;
  w.url = "https://example.org/feed.xml";
  w.user_agent = "wirewatch/0.1";
  return w;
}

PollState known() {
  PollState s;
  s.url = wishes().url;
  s.etag = "W/\"a-1\"";
  s.last_modified = "Sat, 21 Nov 2026 11:00:00 GMT";
  s.last_unconditional = kNow - hours(1);
  s.baseline_done = true;
  return s;
}

std::string sent(const RequestPlan& plan, std::string_view name) {
  return std::string(header(plan.headers, name));
}

TEST(PlanRequest, AsksForAFeedInAnyFormat) {
  const RequestPlan plan = plan_request(wishes(), PollState{}, kNow);
  EXPECT_EQ(plan.url, "https://example.org/feed.xml");
  EXPECT_TRUE(plan.unconditional);
  EXPECT_EQ(sent(plan, "user-agent"), "wirewatch/0.1");
  EXPECT_THAT(sent(plan, "Accept"), testing::HasSubstr("application/rss+xml"));
  EXPECT_THAT(sent(plan, "Accept"), testing::HasSubstr("*/*;q=0.1"));
  EXPECT_THAT(sent(plan, "If-None-Match"), IsEmpty());
}

// Row 28.
TEST(PlanRequest, SendsBothValidatorsByteExact) {
  const RequestPlan plan = plan_request(wishes(), known(), kNow);
  EXPECT_FALSE(plan.unconditional);
  EXPECT_EQ(sent(plan, "If-None-Match"), "W/\"a-1\"");
  EXPECT_EQ(sent(plan, "If-Modified-Since"), "Sat, 21 Nov 2026 11:00:00 GMT");
  PollState one = known();
  one.etag.clear();
  EXPECT_THAT(sent(plan_request(wishes(), one, kNow), "If-None-Match"), IsEmpty());
  EXPECT_FALSE(plan_request(wishes(), one, kNow).unconditional);
}

// Row 27.
TEST(PlanRequest, AsksForTheWholeOnceADay) {
  PollState s = known();
  s.last_unconditional = kNow - hours(24) + seconds(1);
  EXPECT_FALSE(plan_request(wishes(), s, kNow).unconditional);
  s.last_unconditional = kNow - hours(24);
  const RequestPlan plan = plan_request(wishes(), s, kNow);
  EXPECT_TRUE(plan.unconditional);
  EXPECT_THAT(sent(plan, "If-None-Match"), IsEmpty());
  EXPECT_THAT(sent(plan, "If-Modified-Since"), IsEmpty());
  s.last_unconditional = kNow + hours(9000);  // the clock was wrong then
  EXPECT_TRUE(plan_request(wishes(), s, kNow).unconditional);
}

TEST(PlanRequest, SendsNoValidatorOfAnotherUrl) {
  PollState s = known();
  s.url = "https://example.org/old.xml";
  EXPECT_TRUE(plan_request(wishes(), s, kNow).unconditional);
}

TEST(PlanRequest, LetsTheUsersHeadersReplaceOurs) {
  PollWishes w = wishes();
  w.headers = {{"accept", "text/xml"}, {"X-Key", "k"}};
  const RequestPlan plan = plan_request(w, PollState{}, kNow);
  EXPECT_EQ(sent(plan, "Accept"), "text/xml");
  EXPECT_EQ(sent(plan, "x-key"), "k");
  EXPECT_EQ(plan.headers.size(), 3u);
}

// Row 10.
TEST(EffectiveUrl, IsThePermanentTargetOnceItRepeats) {
  PollState s = known();
  s.moved_to = "https://example.org/new.xml";
  s.moved_count = 2;
  EXPECT_EQ(effective_url(wishes(), s), "https://example.org/feed.xml");
  s.moved_count = 3;
  EXPECT_EQ(effective_url(wishes(), s), "https://example.org/new.xml");
  EXPECT_EQ(plan_request(wishes(), s, kNow).url, "https://example.org/new.xml");
  PollWishes other = wishes();
  other.url = "https://example.org/third.xml";
  EXPECT_EQ(effective_url(other, s), "https://example.org/third.xml");
  s.moved_to = "http://example.org/plain.xml";
  EXPECT_EQ(effective_url(wishes(), s), "https://example.org/feed.xml");
  s.moved_to = "file:///etc/passwd";
  EXPECT_EQ(effective_url(wishes(), s), "https://example.org/feed.xml");
}

// Row 16, for redirects that were kept.
TEST(PlanRequest, KeepsConfiguredHeadersFromAnotherHost) {
  struct Case {
    const char* from;
    const char* to;
    bool sends;
  };
  const Case cases[] = {
      {"https://example.org/a", "https://example.org/b", true},
      {"http://example.org/a", "https://example.org/a", true},
      {"https://example.org/a", "https://www.example.org/a", false},
      {"https://example.org/a", "https://example.org:8443/a", false},
      {"https://example.org/a", "https://evil.example/a", false},
      {"http://example.org:8080/a", "https://example.org/a", false},
  };
  for (const Case& c : cases) {
    PollWishes w;
    w.url = c.from;
    w.headers = {{"Authorization", "Basic x"}};
    PollState s;
    s.url = c.from;
    s.moved_to = c.to;
    s.moved_count = 3;
    const RequestPlan plan = plan_request(w, s, kNow);
    EXPECT_EQ(plan.url, c.to);
    EXPECT_EQ(!header(plan.headers, "Authorization").empty(), c.sends) << c.from << " → " << c.to;
  }
}

TEST(Header, IsFoundWithoutCaseAndTheLastOneCounts) {
  const Headers headers = {{"ETag", "1"}, {"etag", "2"}, {"X", "3"}};
  EXPECT_EQ(header(headers, "ETAG"), "2");
  EXPECT_EQ(header(headers, "y"), "");
}

struct AnswerCase {
  int status;
  const char* body;
  TransportFailure failure;
  ReplyKind kind;
  const char* reason;
};

TEST(Interpret, SaysWhatAnAnswerMeans) {
  using F = TransportFailure;
  using K = ReplyKind;
  const AnswerCase cases[] = {
      {200, "<rss/>", F::none, K::document, ""},
      {203, "<rss/>", F::none, K::document, ""},
      {200, "", F::none, K::failed, "the server answered with an empty body"},
      {200, "<rs", F::cut, K::failed, "the answer was cut short"},
      {200, "<rs", F::too_big, K::failed, "the answer is larger than the limit"},
      {204, "", F::none, K::failed, "the server answered 204"},
      {206, "<rss", F::none, K::failed,
       "the server sent a part (206), though the whole was asked for"},
      {304, "", F::none, K::not_modified, ""},
      {301, "", F::none, K::failed, "the server answered with a redirect (301) that leads nowhere"},
      {404, "x", F::none, K::failed, "the server answered 404 Not Found"},
      {410, "x", F::none, K::gone, "the server answered 410 Gone"},
      {418, "x", F::none, K::failed, "the server answered 418"},
      {503, "x", F::cut, K::failed, "the server answered 503 Service Unavailable"},
      {0, "", F::dns, K::failed, "the host's name could not be resolved"},
      {0, "", F::tls, K::failed, "the server's certificate or TLS was refused"},
      {0, "", F::none, K::failed, "there was no answer"},
      {-7, "", F::none, K::failed, "the server answered -7"},
  };
  for (const AnswerCase& c : cases) {
    Reply reply;
    reply.status = c.status;
    reply.body = c.body;
    reply.failure = c.failure;
    const Verdict verdict = interpret(reply, kNow);
    EXPECT_EQ(verdict.kind, c.kind) << c.status << " " << c.reason;
    EXPECT_EQ(verdict.reason, c.reason);
    EXPECT_EQ(verdict.status, c.status);
  }
}

TEST(Interpret, UsesTheNetworksOwnWordsWhereThereAreSome) {
  Reply reply;
  reply.failure = TransportFailure::tls;
  reply.failure_text = "the certificate of \"example.org\" expired on 2026-11-01";
  EXPECT_EQ(interpret(reply, kNow).reason, reply.failure_text);
}

// Row 19.
TEST(Interpret, ClampsRetryAfterToADay) {
  struct Case {
    const char* value;
    std::optional<Span> expected;
  };
  const Case cases[] = {
      {"120", seconds(120)},
      {" 120 ", seconds(120)},
      {"0", seconds(0)},
      {"1.5", std::chrono::milliseconds(1500)},
      {"-5", seconds(0)},
      {"86401", hours(24)},
      {"99999999999999999999999999999", hours(24)},
      {"Sat, 21 Nov 2026 12:10:00 GMT", minutes(10)},
      {"Saturday, 21-Nov-26 12:10:00 GMT", minutes(10)},
      {"Sat Nov 21 12:10:00 2026", minutes(10)},
      {"Sat, 21 Nov 2026 11:00:00 GMT", seconds(0)},
      {"Fri, 31 Dec 9999 23:59:59 GMT", hours(24)},
      {"soon", std::nullopt},
      {"", std::nullopt},
      {"1e9", std::nullopt},
      {".", std::nullopt},
      {"-", std::nullopt},
      {"inf", std::nullopt},
  };
  for (const int status : {429, 503}) {
    for (const Case& c : cases) {
      Reply reply;
      reply.status = status;
      reply.headers = {{"retry-after", c.value}};
      EXPECT_EQ(interpret(reply, kNow).retry_after, c.expected) << c.value;
    }
  }
}

TEST(HttpDate, IsReadInItsThreeForms) {
  const Instant expected = at("1994-11-06T08:49:37Z");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), expected);
  for (const char* bad : {"", "0", "-1", "Sun, 31 Feb 1994 08:49:37 GMT", "06 Nov 1994",
                          "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 08:49:37",
                          "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(parse_http_date(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(parse_http_date(std::string(1'000'000, ' ')), std::nullopt);
}

}  // namespace
}  // namespace wirewatch::feeds
