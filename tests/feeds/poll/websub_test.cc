// WebSub as decisions: W3C Recommendation of 23 January 2018.
#include "feeds/poll/websub.h"

#include <gtest/gtest.h>

namespace wirewatch::feeds {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant noon = Instant(hours(24 * 365 * 50 + 12));

Subscription wanted() {
  Subscription subscription;
  subscription.hub = "https://hub.example/";
  subscription.topic = "https://news.example/feed?a=1&b=2";
  subscription.callback = "https://ww.example/websub/0123";
  subscription.secret = "key";
  subscription.next_step = noon;
  return subscription;
}

std::map<std::string, std::string> question(const std::string& mode) {
  return {{"hub.mode", mode},
          {"hub.topic", wanted().topic},
          {"hub.challenge", "riddle"},
          {"hub.lease_seconds", "36000"}};
}

Reply answered(int status) {
  Reply reply;
  reply.status = status;
  return reply;
}

Subscription active(Span lease = hours(10)) {
  auto query = question("subscribe");
  query["hub.lease_seconds"] = std::to_string(std::chrono::duration_cast<seconds>(lease).count());
  return verify_intent(*begin_step(wanted(), noon), query, noon).subscription;
}

struct LinkCase {
  const char* name;
  Headers headers;
  const char* hub;
  const char* self;
  const char* wanted_hub;
  const char* wanted_topic;
};

class Links : public testing::TestWithParam<LinkCase> {};

TEST_P(Links, AreFoundInHeadersFirstAndThenInTheDocument) {
  const LinkCase& one = GetParam();
  const HubLinks found =
      hub_links(one.headers, one.hub, one.self, "https://news.example/a/feed.xml");
  EXPECT_EQ(found.hub, one.wanted_hub);
  EXPECT_EQ(found.topic, one.wanted_topic);
}

INSTANTIATE_TEST_SUITE_P(
    All, Links,
    testing::Values(
        LinkCase{"none", {}, "", "https://news.example/self", "", ""},
        LinkCase{"document",
                 {},
                 "https://hub.example/",
                 "/self",
                 "https://hub.example/",
                 "https://news.example/self"},
        LinkCase{"no_self",
                 {},
                 "https://hub.example/",
                 "",
                 "https://hub.example/",
                 "https://news.example/a/feed.xml"},
        LinkCase{
            "one_header",
            {{"Link", "<https://hub.example/>; rel=\"hub\", <../t>; title=\"a, b\"; rel=self"}},
            "https://other.example/",
            "/self",
            "https://hub.example/",
            "https://news.example/t"},
        LinkCase{"two_headers",
                 {{"link", "<https://hub.example/>;rel='x';rel=hub"},
                  {"LINK", "</h>; REL=\"next Hub\" , <s>; rel=\"alternate self\""}},
                 "",
                 "",
                 "https://news.example/h",
                 "https://news.example/a/s"},
        LinkCase{"broken",
                 {{"Link", "https://hub.example/; rel=hub"}, {"Link", "<https://h.example"}},
                 "https://hub.example/",
                 "",
                 "https://hub.example/",
                 "https://news.example/a/feed.xml"},
        LinkCase{"other_schemes",
                 {{"Link", "<file:///etc/passwd>; rel=hub"}},
                 "javascript:1",
                 "",
                 "",
                 ""}),
    [](const auto& one) { return one.param.name; });

TEST(WebSubRequest, IsAFormWithEverythingEscaped) {
  EXPECT_EQ(subscription_form(wanted()),
            "hub.callback=https%3A%2F%2Fww.example%2Fwebsub%2F0123&hub.mode=subscribe&"
            "hub.topic=https%3A%2F%2Fnews.example%2Ffeed%3Fa%3D1%26b%3D2&"
            "hub.lease_seconds=604800&hub.secret=key");
  Subscription leaving = wanted();
  leaving.state = SubscriptionState::leaving;
  EXPECT_EQ(subscription_form(leaving),
            "hub.callback=https%3A%2F%2Fww.example%2Fwebsub%2F0123&hub.mode=unsubscribe&"
            "hub.topic=https%3A%2F%2Fnews.example%2Ffeed%3Fa%3D1%26b%3D2");
}

TEST(WebSubRequest, IsSentWhenItIsDueAndNotBefore) {
  EXPECT_FALSE(begin_step(wanted(), noon - seconds(1)));
  const auto begun = begin_step(wanted(), noon);
  ASSERT_TRUE(begun);
  EXPECT_TRUE(begun->awaiting);
  EXPECT_EQ(begun->next_step, noon + minutes(15));
}

TEST(WebSubRequest, ThatFailsIsSentAgainEverMoreSeldom) {
  Subscription now = wanted();
  std::vector<Span> waits;
  Instant clock = noon;
  for (int i = 0; i < 14; ++i) {
    now = *after_hub_answer(*begin_step(now, clock), answered(503), clock, 0);
    waits.push_back(now.next_step - clock);
    clock = now.next_step;
  }
  EXPECT_EQ(waits[0], minutes(1));
  EXPECT_EQ(waits[1], minutes(2));
  EXPECT_EQ(waits[5], minutes(32));
  EXPECT_EQ(waits[13], hours(24));
  EXPECT_EQ(now.reason,
            "the hub did not take the request: the server answered 503 Service Unavailable");
}

TEST(WebSubRequest, ThatIsNeverVerifiedIsSentAgain) {
  const Subscription asked = *after_hub_answer(*begin_step(wanted(), noon), answered(202), noon, 0);
  EXPECT_EQ(asked.state, SubscriptionState::asked);
  const auto again = begin_step(asked, asked.next_step);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->failures, 1U);
  EXPECT_EQ(again->reason, "the hub took the request and never verified it");
}

TEST(WebSubRequest, VerifiedBeforeItsAnswerStaysVerified) {
  const Subscription verified = active();
  const Subscription after = *after_hub_answer(verified, answered(202), noon, 0);
  EXPECT_EQ(after.state, SubscriptionState::active);
  EXPECT_EQ(after.next_step, verified.next_step);
}

TEST(WebSubRequest, ToEndASubscriptionIsGivenUpAfterThreeFailures) {
  Subscription leaving = active();
  leaving.state = SubscriptionState::leaving;
  leaving.next_step = noon;
  auto once = after_hub_answer(*begin_step(leaving, noon), answered(500), noon, 0);
  auto twice = after_hub_answer(*begin_step(*once, once->next_step), answered(500), noon, 0);
  ASSERT_TRUE(twice);
  EXPECT_FALSE(
      after_hub_answer(*begin_step(*twice, twice->next_step), answered(500), noon, 0).has_value());
}

struct LeaseCase {
  const char* given;
  Span lease;
};

TEST(WebSubVerification, TakesTheHubsLeaseWithinBounds) {
  for (const LeaseCase& one :
       {LeaseCase{"36000", hours(10)}, LeaseCase{"1", minutes(1)}, LeaseCase{"", hours(168)},
        LeaseCase{"-5", hours(168)}, LeaseCase{"ten", hours(168)},
        LeaseCase{"99999999999", hours(720)}, LeaseCase{"9999999999999999999999", hours(168)}}) {
    auto query = question("subscribe");
    query["hub.lease_seconds"] = one.given;
    const Verification answer = verify_intent(*begin_step(wanted(), noon), query, noon);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "riddle");
    EXPECT_EQ(answer.subscription.state, SubscriptionState::active);
    EXPECT_EQ(answer.subscription.expires, noon + one.lease) << one.given;
    EXPECT_EQ(answer.subscription.next_step,
              noon + one.lease - std::min<Span>(one.lease / 5, hours(24)))
        << one.given;
  }
}

TEST(WebSubVerification, ConfirmsNothingThatIsNotAwaited) {
  EXPECT_EQ(verify_intent(wanted(), question("subscribe"), noon).status, 404);
  const Subscription begun = *begin_step(wanted(), noon);
  EXPECT_EQ(verify_intent(begun, question("unsubscribe"), noon).status, 404);
  auto other = question("subscribe");
  other["hub.topic"] = "https://news.example/feed";
  EXPECT_EQ(verify_intent(begun, other, noon).status, 404);
  EXPECT_EQ(verify_intent(active(), question("subscribe"), noon).status, 404);
}

TEST(WebSubVerification, OfTheEndForgets) {
  Subscription leaving = active();
  leaving.state = SubscriptionState::leaving;
  leaving.next_step = noon;
  EXPECT_EQ(verify_intent(leaving, question("unsubscribe"), noon).status, 404);
  const Verification answer =
      verify_intent(*begin_step(leaving, noon), question("unsubscribe"), noon);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.forget);
}

TEST(WebSubVerification, ADenialWaitsADayAndItsReasonIsOneLine) {
  auto query = question("denied");
  query["hub.reason"] = "no\nroom";
  const Verification answer = verify_intent(active(), query, noon);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.subscription.state, SubscriptionState::denied);
  EXPECT_EQ(answer.subscription.reason, "the hub refuses: no?room");
  EXPECT_EQ(answer.subscription.next_step, noon + hours(24));
}

TEST(WebSubLease, ThatEndedIsWantedAgainAndNoLongerTrusted) {
  Subscription late = active(hours(10));
  late.trusted = true;
  const auto renewing = begin_step(late, noon + hours(8));
  ASSERT_TRUE(renewing);
  EXPECT_EQ(renewing->state, SubscriptionState::active) << "it still delivers while it is renewed";
  const Subscription refused = *after_hub_answer(*renewing, answered(503), noon + hours(8), 0);
  EXPECT_EQ(refused.state, SubscriptionState::active);
  const auto over = begin_step(refused, noon + hours(10));
  ASSERT_TRUE(over);
  EXPECT_EQ(over->state, SubscriptionState::wanted);
  EXPECT_FALSE(over->trusted);
}

TEST(WebSubSignature, HoldsForTheRightKeyAndBodyAlone) {
  // HMACs of RFC 4231 (test case 2 has no such short key for SHA-1; RFC 2202, case 2, has).
  Subscription subscription = wanted();
  subscription.secret = "Jefe";
  const std::string body = "what do ya want for nothing?";
  const char* const good[] = {
      "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
      "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      "sha256=5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843",
      "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b32"
      "39ecfab21649",
      "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d03"
      "4f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"};
  for (const char* const signature : good) {
    EXPECT_TRUE(signed_by_hub(subscription, signature, body)) << signature;
    EXPECT_FALSE(signed_by_hub(subscription, signature, body + " ")) << signature;
    EXPECT_FALSE(signed_by_hub(subscription, std::string(signature) + "00", body)) << signature;
    EXPECT_FALSE(signed_by_hub(wanted(), signature, body)) << signature;
  }
  for (const char* const signature :
       {"", "sha256", "sha256=", "sha256=zz", "md5=d41d8cd98f00b204e9800998ecf8427e",
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"}) {
    EXPECT_FALSE(signed_by_hub(subscription, signature, body)) << signature;
  }
}

TEST(WebSubPolls, BesideAHubAreFourTimesRarerWithinBounds) {
  EXPECT_EQ(beside_a_hub(minutes(1)), minutes(15));
  EXPECT_EQ(beside_a_hub(minutes(10)), minutes(40));
  EXPECT_EQ(beside_a_hub(minutes(30)), hours(1));
  EXPECT_EQ(beside_a_hub(hours(5)), hours(5));
}

}  // namespace
}  // namespace wirewatch::feeds
