#include <gmock/gmock.h>

#include <cstdlib>

#include "daemon/receivers/signature.h"
#include "tests/daemon/receivers/sample_view.h"

namespace wirewatch::daemon {
namespace {

std::string header(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "absent";
}

// The example that the Standard Webhooks libraries test themselves with.
TEST(WebhookSignature, IsTheOneOfTheSpecificationsExample) {
  const auto key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key) << key.error().text;
  EXPECT_EQ(
      sign_webhook({*key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, ASignerThatIsKeptSignsEachMessageAsANewOneWould) {
  const std::vector<std::string> keys = {"short", std::string(100, 'k')};
  WebhookSigner kept(keys);
  for (const std::string body : {"{}", "", "{\"test\": 2432232314}", "{}"}) {
    EXPECT_EQ(kept.sign("msg_1", 1614265330, body), sign_webhook(keys, "msg_1", 1614265330, body));
  }
}

TEST(WebhookSignature, SecretsAreBase64AfterTheirPrefixAndRawOtherwise) {
  EXPECT_EQ(*signing_key("whsec_aGVsbG8="), "hello");
  EXPECT_EQ(*signing_key("whsec_aGVsbG8"), "hello");
  EXPECT_EQ(*signing_key("hello"), "hello");
  const auto wrong = signing_key("whsec_not base64!");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text,
            "a signing secret that begins with \"whsec_\" must go on in base64");
  EXPECT_FALSE(signing_key("whsec_"));
  EXPECT_FALSE(signing_key(""));
}

TEST(Webhook, SendsTheAlertAsJson) {
  const auto request =
      make_receiver(sample_receiver("webhook"))->render(sample_view(), sample_facts());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "POST");
  EXPECT_EQ(request->url, "https://hooks.example/T0/secret-path");
  EXPECT_FALSE(request->follow_redirects);
  EXPECT_EQ(
      request->body,
      R"({"type":"alert.new","timestamp":"2026-03-01T14:02:05Z","data":{)"
      R"("alert":"a1","story":"s1","rule":"border-security","severity":"high","revision":1,)"
      R"("headline":"Border posts reopen after talks","url":"https://news.example/border",)"
      R"("language":"en","passage":"Patrols against smuggling will start on Monday.",)"
      R"("marks":[{"start":16,"end":25}],"entities":["Iraq","Syria"],"sources":[{"name":"BBC",)"
      R"("title":"Border posts reopen after talks","url":"https://news.example/border",)"
      R"("time":"2026-03-01T14:02:00Z"}],"sources_count":1,"reason":"first report",)"
      R"("story_url":"","late":false}})");
  EXPECT_EQ(header(*request, "Content-Type"), "application/json");
  EXPECT_EQ(header(*request, "webhook-id"), "d1");
  EXPECT_EQ(header(*request, "webhook-timestamp"), "1772373726");
  EXPECT_EQ(header(*request, "webhook-signature"), "absent");
}

TEST(Webhook, MayReachThePrivateAddressesThatItsConfigAllows) {
  ReceiverConfig config = sample_receiver("webhook");
  config.allow = {"10.1.0.0/16"};
  const auto request = make_receiver(config)->render(sample_view(), sample_facts());
  ASSERT_TRUE(request);
  EXPECT_THAT(request->allow, testing::ElementsAre("10.1.0.0/16"));
}

TEST(Webhook, EverySecretSigns) {
  ReceiverConfig config = sample_receiver("webhook");
  config.secrets = {literal("whsec_bmV3"), literal("old")};
  const auto request = make_receiver(config)->render(sample_view(), sample_facts());
  ASSERT_TRUE(request);
  EXPECT_EQ(header(*request, "webhook-signature"),
            sign_webhook({"new", "old"}, "d1", 1772373726, request->body));
  EXPECT_THAT(header(*request, "webhook-signature"),
              testing::MatchesRegex("v1,[A-Za-z0-9+/]+= v1,[A-Za-z0-9+/]+="));
}

TEST(Webhook, ASecretThatHasChangedSignsTheNextMessage) {
  ReceiverConfig config = sample_receiver("webhook");
  config.secrets = {{SecretRef::From::environment, "WIREWATCH_TEST_SECRET"}};
  const auto receiver = make_receiver(config);
  for (const std::string secret : {"first", "first", "second", "first"}) {
    ::setenv("WIREWATCH_TEST_SECRET", secret.c_str(), 1);
    const auto request = receiver->render(sample_view(), sample_facts());
    ASSERT_TRUE(request);
    EXPECT_EQ(header(*request, "webhook-signature"),
              sign_webhook({secret}, "d1", 1772373726, request->body));
  }
  ::setenv("WIREWATCH_TEST_SECRET", "whsec_not base64!", 1);
  EXPECT_FALSE(receiver->render(sample_view(), sample_facts()));
  ::unsetenv("WIREWATCH_TEST_SECRET");
}

TEST(Webhook, HeadersOfTheConfigAreAddedButNoneOfOursIsReplaced) {
  ReceiverConfig config = sample_receiver("webhook");
  config.headers = {{"X-Team", "desk"}, {"Webhook-Id", "forged"}, {"content-type", "text/plain"}};
  const auto request = make_receiver(config)->render(sample_view(), sample_facts());
  ASSERT_TRUE(request);
  EXPECT_EQ(header(*request, "X-Team"), "desk");
  EXPECT_EQ(header(*request, "Webhook-Id"), "absent");
  EXPECT_EQ(header(*request, "content-type"), "absent");
}

TEST(Webhook, MarksFollowThePassageThroughItsCleaning) {
  AlertView view = sample_view();
  view.passage = "\u202e  x \n\n\x1b[1mborder\u200b guard\x07 y";
  view.marks = {{0, 3}, {13, 23}, {20, 22}, {9000, 9001}};
  const std::string marked = view.passage.substr(13, 10);
  const auto request = make_receiver(sample_receiver("webhook"))->render(view, sample_facts());
  ASSERT_TRUE(request);
  EXPECT_THAT(request->body, testing::HasSubstr(R"("passage":"x border guard y")")) << marked;
}

TEST(Webhook, MarksOfAPlainPassageAreThoseOfOneThatHasToBeCleaned) {
  AlertView view = sample_view();
  view.marks = {{8, 16}, {16, 17}, {18, 25}, {20, 24}, {25, 26}, {26, 31}, {36, 40}, {46, 99}};
  for (const std::string end : {"", "\u202e"}) {
    view.passage = "Patrols against smuggling will start on Monday." + end;
    const auto request = make_receiver(sample_receiver("webhook"))->render(view, sample_facts());
    ASSERT_TRUE(request);
    EXPECT_THAT(request->body,
                testing::HasSubstr(R"("passage":"Patrols against smuggling will start on Monday.",)"
                                   R"("marks":[{"start":8,"end":15},{"start":16,"end":17},)"
                                   R"({"start":18,"end":25},{"start":26,"end":30},)"
                                   R"({"start":37,"end":39}],)"));
  }
}

TEST(Webhook, TextThatIsHostileStaysText) {
  AlertView view = sample_view();
  view.headline = "\"},\"x\":{\"\xff\u202e\x1b[31m";
  view.url = "javascript:alert(1)";
  view.sources[0].url = "data:text/html,<script>";
  const auto request = make_receiver(sample_receiver("webhook"))->render(view, sample_facts());
  ASSERT_TRUE(request);
  EXPECT_THAT(request->body, testing::HasSubstr(R"("headline":"\"},\"x\":{\")"
                                                "\ufffd\",\"url\":\"\""));
  EXPECT_THAT(request->body, testing::Not(testing::HasSubstr("data:text")));
}

struct AnswerCase {
  int status;
  feeds::Headers headers;
  AnswerKind kind;
  std::string text;
  std::optional<Span> retry_after = std::nullopt;
};

TEST(Webhook, ItsAnswerDecides) {
  using std::chrono::seconds;
  const std::string moved =
      " redirects elsewhere, which is not followed: the receiver's own address belongs in the "
      "config";
  const AnswerCase cases[] = {
      {200, {}, AnswerKind::delivered, "200"},
      {204, {}, AnswerKind::delivered, "204"},
      {301, {{"Location", "https://x"}}, AnswerKind::retry, "301" + moved},
      {307, {}, AnswerKind::retry, "307" + moved},
      {400, {}, AnswerKind::refused, "400 said why"},
      {401, {}, AnswerKind::retry, "401 said why"},
      {403, {}, AnswerKind::retry, "403 said why"},
      {404, {}, AnswerKind::retry, "404 said why"},
      {408, {}, AnswerKind::retry, "408 said why"},
      {410, {}, AnswerKind::refused, "410 said why"},
      {413, {}, AnswerKind::refused, "413 said why"},
      {422, {}, AnswerKind::refused, "422 said why"},
      {425, {}, AnswerKind::retry, "425 said why"},
      {429, {}, AnswerKind::paced, "429 said why"},
      {429, {{"Retry-After", "7"}}, AnswerKind::paced, "429 said why", seconds(7)},
      {429, {{"retry-after", "1.5"}}, AnswerKind::paced, "429 said why", Span(1500000)},
      {429, {{"retry-after", "999999999"}}, AnswerKind::paced, "429 said why", seconds(86400)},
      {429, {{"retry-after", "-3"}}, AnswerKind::paced, "429 said why", seconds(0)},
      {429, {{"retry-after", "soon"}}, AnswerKind::paced, "429 said why"},
      {429, {{"retry-after", "nan"}}, AnswerKind::paced, "429 said why"},
      {503,
       {{"Date", "Sun, 01 Mar 2026 14:00:00 GMT"},
        {"Retry-After", "Sun, 01 Mar 2026 14:01:30 GMT"}},
       AnswerKind::paced,
       "503 said why",
       seconds(90)},
      {503,
       {{"Date", "Sun, 01 Mar 2026 14:00:00 GMT"},
        {"Retry-After", "Sun, 01 Mar 2026 13:00:00 GMT"}},
       AnswerKind::paced,
       "503 said why",
       seconds(0)},
      {500, {}, AnswerKind::later, "500 said why"},
      {503, {}, AnswerKind::later, "503 said why"},
  };
  const auto receiver = make_receiver(sample_receiver("webhook"));
  for (const AnswerCase& c : cases) {
    feeds::Reply reply;
    reply.status = c.status;
    reply.headers = c.headers;
    reply.body = "said\n\x1b[31mwhy\n";
    const Answer answer = receiver->judge(reply);
    EXPECT_EQ(answer.kind, c.kind) << c.status;
    EXPECT_EQ(answer.text, c.text);
    EXPECT_EQ(answer.retry_after, c.retry_after) << c.status;
  }
  feeds::Reply silence;
  silence.failure = feeds::TransportFailure::timeout;
  silence.failure_text = "no answer within 15 s";
  EXPECT_EQ(receiver->judge(silence).kind, AnswerKind::later);
  EXPECT_EQ(receiver->judge(silence).text, "no answer within 15 s");
}

}  // namespace
}  // namespace wirewatch::daemon
