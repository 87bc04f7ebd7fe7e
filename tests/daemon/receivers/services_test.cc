// The kinds beyond Slack's webhook and Discord: requests, follow-ups, escaping, answers.
#include <gmock/gmock.h>

#include "daemon/receivers/markup.h"
#include "daemon/receivers/text.h"
#include "daemon/receivers/zone_clock.h"
#include "tests/daemon/receivers/sample_view.h"

namespace wirewatch::daemon {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ReceiverConfig config_of(const std::string& kind) {
  ReceiverConfig config = sample_receiver(kind);
  config.token = literal("t0ken");
  if (kind == "telegram") config.options = {{"chat", "-1001"}};
  if (kind == "matrix") {
    config.options = {{"server", "https://matrix.example"}, {"room", "!desk:matrix.example"}};
  }
  if (kind == "ntfy") config.options = {{"server", "https://ntfy.example"}, {"topic", "border"}};
  if (kind == "slack") config.options = {{"channel", "C1"}};
  return config;
}

HttpRequest request_of(const ReceiverConfig& config, const AlertView& view,
                       const DeliveryFacts& facts = sample_facts()) {
  auto request = make_receiver(config)->render(view, facts);
  EXPECT_TRUE(request) << (request ? "" : request.error().text);
  return request ? *request : HttpRequest{};
}

std::string header_of(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

AlertView update_view() {
  AlertView view = sample_view();
  view.kind = "updated";
  view.revision = 2;
  view.sources.push_back({"INA", "Posts open", "https://ina.example/1", view.time});
  return view;
}

DeliveryFacts facts_after(const std::string& first) {
  DeliveryFacts facts = sample_facts();
  facts.first = first;
  return facts;
}

feeds::Reply reply_with(int status, std::string body) {
  feeds::Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

AlertView hostile_view() {
  AlertView view = sample_view();
  view.headline =
      "<!channel> @everyone @here [bank](https://evil.example) <b>x</b> *y* :smile: #tag";
  view.url = "javascript:alert(1)";
  view.passage = "</blockquote><script>@all /start</script>";
  view.marks = {};
  view.sources[0] = {"</a>@desk", "", "", view.time};
  view.entities = {"@channel"};
  return view;
}

TEST(Telegram, SendsHtmlToTheChat) {
  const HttpRequest request = request_of(config_of("telegram"), sample_view());
  EXPECT_EQ(request.url, "https://api.telegram.org/bott0ken/sendMessage");
  EXPECT_EQ(request.body,
            "{\"chat_id\":\"-1001\",\"text\":\"<b>High</b> \u00b7 <b><a "
            "href=\\\"https://news.example/border\\\">Border posts reopen after talks</a></b>\\n"
            "<blockquote>Patrols against <b>smuggling</b> will start on Monday.</blockquote>\\n"
            "<a href=\\\"https://news.example/border\\\">BBC</a> 14:02\\n"
            "Iraq, Syria \u00b7 rule border-security\",\"parse_mode\":\"HTML\","
            "\"link_preview_options\":{\"is_disabled\":true}}");
}

TEST(Telegram, AnUpdateAnswersTheFirstMessageShortly) {
  const HttpRequest request = request_of(config_of("telegram"), update_view(), facts_after("77"));
  EXPECT_THAT(request.body, HasSubstr("\"reply_parameters\":{\"message_id\":77,"));
  EXPECT_THAT(request.body, HasSubstr("<a href=\\\"https://ina.example/1\\\">2nd source: INA"));
  EXPECT_THAT(request.body, Not(HasSubstr("Patrols")));
}

TEST(Telegram, AnEditTakesTheFirstMessagesPlace) {
  ReceiverConfig config = config_of("telegram");
  config.on_update = OnUpdate::edit;
  const HttpRequest request = request_of(config, update_view(), facts_after("77"));
  EXPECT_EQ(request.url, "https://api.telegram.org/bott0ken/editMessageText");
  EXPECT_THAT(request.body, HasSubstr("\"message_id\":77,"));
  EXPECT_THAT(request.body, HasSubstr("Patrols"));
}

// Row 65 of the faults.
TEST(Telegram, AChatThatMovedIsFollowedAndRemembered) {
  const Answer answer =
      make_receiver(config_of("telegram"))
          ->judge(reply_with(400, R"({"ok":false,"error_code":400,"description":)"
                                  R"("Bad Request: group chat was upgraded",)"
                                  R"("parameters":{"migrate_to_chat_id":-2002}})"));
  EXPECT_EQ(answer.kind, AnswerKind::again);
  EXPECT_EQ(answer.note, "-2002");
  DeliveryFacts facts = sample_facts();
  facts.note = answer.note;
  EXPECT_THAT(request_of(config_of("telegram"), sample_view(), facts).body,
              HasSubstr("\"chat_id\":\"-2002\""));
}

struct Judged {
  const char* kind;
  int status;
  const char* body;
  AnswerKind expected;
  const char* text;
};

// Rows 62, 63 and 64 among them.
TEST(Services, TheAnswerDecides) {
  const Judged table[] = {
      {"telegram", 200, R"({"ok":true,"result":{"message_id":5}})", AnswerKind::delivered,
       "200 ok"},
      {"telegram", 200, "<html>login</html>", AnswerKind::retry,
       "200 without \"ok\": <html>login</html>"},
      {"telegram", 403, R"({"ok":false,"description":"Forbidden: bot was kicked"})",
       AnswerKind::refused, "403 Forbidden: bot was kicked"},
      {"telegram", 401, R"({"ok":false,"description":"Unauthorized"})", AnswerKind::retry,
       "401 Unauthorized"},
      {"telegram", 429, R"({"ok":false,"description":"Too Many","parameters":{"retry_after":7}})",
       AnswerKind::paced, "429 Too Many"},
      {"telegram", 400, R"({"ok":false,"description":"Bad Request: message is not modified"})",
       AnswerKind::delivered, "400 Bad Request: message is not modified"},
      {"telegram", 400, R"({"ok":false,"description":"Bad Request: message to edit not found"})",
       AnswerKind::again, "400 Bad Request: message to edit not found"},
      {"telegram", 502, "bad gateway", AnswerKind::later, "502 bad gateway"},
      {"teams", 202, "", AnswerKind::delivered, "202"},
      {"teams", 200, "1", AnswerKind::delivered, "200"},
      {"teams", 200, "<!doctype html>", AnswerKind::retry,
       "200 with a web page instead of an answer: <!doctype html>"},
      {"teams", 200,
       "Webhook message delivery failed with error: Microsoft Teams endpoint "
       "returned HTTP error 404",
       AnswerKind::retry,
       "200 Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP "
       "error 404"},
      {"teams", 202,
       "Webhook message delivery failed with error: Microsoft Teams endpoint "
       "returned HTTP error 429",
       AnswerKind::paced,
       "202 Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP "
       "error 429"},
      {"teams", 404, "gone", AnswerKind::refused, "404 gone"},
      {"mattermost", 200, "ok", AnswerKind::delivered, "200 ok"},
      {"mattermost", 200, "<html>", AnswerKind::retry, "200 without \"ok\": <html>"},
      {"mattermost", 400, R"({"message":"Invalid webhook"})", AnswerKind::refused,
       "400 Invalid webhook"},
      {"google_chat", 200, R"({"name":"spaces/A/messages/B"})", AnswerKind::delivered, "200"},
      {"google_chat", 404, "no space", AnswerKind::refused, "404 no space"},
      {"matrix", 200, R"({"event_id":"$e1"})", AnswerKind::delivered, "200"},
      {"matrix", 403, R"({"errcode":"M_FORBIDDEN","error":"not in room"})", AnswerKind::refused,
       "403 M_FORBIDDEN: not in room"},
      {"matrix", 401, R"({"errcode":"M_UNKNOWN_TOKEN","error":"bad"})", AnswerKind::retry,
       "401 M_UNKNOWN_TOKEN: bad"},
      {"ntfy", 200, R"({"id":"x1"})", AnswerKind::delivered, "200"},
      {"ntfy", 413, R"({"error":"too large"})", AnswerKind::refused, "413 too large"},
      {"slack", 200, R"({"ok":true,"channel":"C9","ts":"1.2"})", AnswerKind::delivered, "200 ok"},
      {"slack", 200, R"({"ok":false,"error":"channel_not_found"})", AnswerKind::refused,
       "200 channel_not_found"},
      {"slack", 200, R"({"ok":false,"error":"invalid_auth"})", AnswerKind::retry,
       "200 invalid_auth"},
      {"slack", 200, R"({"ok":false,"error":"ratelimited"})", AnswerKind::paced, "200 ratelimited"},
      {"slack", 200, R"({"ok":false,"error":"message_not_found"})", AnswerKind::again,
       "200 message_not_found"},
      {"slack", 200, R"({"ok":false,"error":"internal_error"})", AnswerKind::later,
       "200 internal_error"},
      {"discord", 404, R"({"code":10008,"message":"Unknown Message"})", AnswerKind::again,
       "404 the message to edit is gone"},
  };
  for (const Judged& row : table) {
    const Answer answer =
        make_receiver(config_of(row.kind))->judge(reply_with(row.status, row.body));
    EXPECT_EQ(answer.kind, row.expected) << row.kind << " " << row.status << " " << row.body;
    EXPECT_EQ(answer.text, row.text) << row.kind;
  }
}

TEST(Services, PatienceIsReadFromTheBodyWhereTheServicePutsItThere) {
  EXPECT_EQ(make_receiver(config_of("telegram"))
                ->judge(reply_with(429, R"({"parameters":{"retry_after":7}})"))
                .retry_after,
            std::chrono::seconds(7));
  EXPECT_EQ(make_receiver(config_of("matrix"))
                ->judge(reply_with(429, R"({"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500})"))
                .retry_after,
            std::chrono::milliseconds(2500));
}

TEST(Services, HandlesOfMessagesAreKept) {
  const auto handle = [](const char* kind, const char* body) {
    return make_receiver(config_of(kind))->judge(reply_with(200, body)).handle;
  };
  EXPECT_EQ(handle("telegram", R"({"ok":true,"result":{"message_id":5}})"), "5");
  EXPECT_EQ(handle("matrix", R"({"event_id":"$e1"})"), "$e1");
  EXPECT_EQ(handle("slack", R"({"ok":true,"channel":"C9","ts":"1.2"})"), "C9 1.2");
  EXPECT_EQ(handle("discord", R"({"id":"123"})"), "123");
  EXPECT_EQ(handle("discord", R"({"id":"../1"})"), "");
}

TEST(Matrix, PutsUnderTheDeliverysIdAndPingsNobody) {
  const HttpRequest request = request_of(config_of("matrix"), sample_view());
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.url,
            "https://matrix.example/_matrix/client/v3/rooms/%21desk%3Amatrix.example/send/"
            "m.room.message/d1");
  EXPECT_EQ(header_of(request, "Authorization"), "Bearer t0ken");
  EXPECT_THAT(request.body, HasSubstr("\"m.mentions\":{}"));
  EXPECT_THAT(request.body, HasSubstr("<blockquote>Patrols against <strong>smuggling</strong>"));
}

TEST(Matrix, AnUpdateStandsInTheThreadAndAnEditReplaces) {
  EXPECT_THAT(request_of(config_of("matrix"), update_view(), facts_after("$e1")).body,
              HasSubstr("\"m.relates_to\":{\"rel_type\":\"m.thread\",\"event_id\":\"$e1\","));
  ReceiverConfig config = config_of("matrix");
  config.on_update = OnUpdate::edit;
  const HttpRequest edit = request_of(config, update_view(), facts_after("$e1"));
  EXPECT_THAT(edit.body, HasSubstr("\"m.relates_to\":{\"rel_type\":\"m.replace\","));
  EXPECT_THAT(edit.body, HasSubstr("\"m.new_content\":{\"msgtype\":\"m.text\""));
}

TEST(GoogleChat, OneAlertIsOneThread) {
  const HttpRequest request = request_of(config_of("google_chat"), update_view());
  EXPECT_THAT(request.url, HasSubstr("messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"));
  EXPECT_THAT(request.body, HasSubstr("\"thread\":{\"threadKey\":\"a1\"}"));
  EXPECT_THAT(request.body, HasSubstr("2nd source: INA"));
}

TEST(Ntfy, TheHeadlineIsTheTitleAndATapOpensTheReport) {
  const HttpRequest request = request_of(config_of("ntfy"), sample_view());
  EXPECT_EQ(request.url, "https://ntfy.example");
  EXPECT_EQ(
      request.body,
      "{\"topic\":\"border\",\"title\":\"Border posts reopen after talks\",\"message\":"
      "\"Patrols against smuggling will start on Monday.\\nBBC 14:02\\nIraq, Syria \u00b7 rule "
      "border-security\",\"priority\":4,\"click\":\"https://news.example/border\"}");
  AlertView with_story = sample_view();
  with_story.story_url = "https://wire.example/stories/s1";
  EXPECT_THAT(request_of(config_of("ntfy"), with_story).body,
              AllOf(HasSubstr("rule border-security\",\"priority\""),
                    HasSubstr("\"label\":\"Story\",\"url\":\"https://wire.example/stories/s1\"")));
  AlertView longest = sample_view();
  for (int i = 0; i < 3000; ++i) longest.passage += "\u0642\u0627";
  EXPECT_LE(request_of(config_of("ntfy"), longest).body.size(), 4096U + 1000U);
}

TEST(SlackBot, AnswersInTheThreadAndEditsByTheChannelsId) {
  const HttpRequest first = request_of(config_of("slack"), sample_view());
  EXPECT_EQ(first.url, "https://slack.com/api/chat.postMessage");
  EXPECT_EQ(header_of(first, "Authorization"), "Bearer t0ken");
  EXPECT_THAT(first.body, HasSubstr("{\"channel\":\"C1\",\"text\":"));
  EXPECT_THAT(request_of(config_of("slack"), update_view(), facts_after("C9 1.2")).body,
              HasSubstr("{\"channel\":\"C1\",\"thread_ts\":\"1.2\","));
  ReceiverConfig config = config_of("slack");
  config.on_update = OnUpdate::edit;
  const HttpRequest edit = request_of(config, update_view(), facts_after("C9 1.2"));
  EXPECT_EQ(edit.url, "https://slack.com/api/chat.update");
  EXPECT_THAT(edit.body, HasSubstr("{\"channel\":\"C9\",\"ts\":\"1.2\","));
}

TEST(DiscordEdit, AnUpdateChangesTheFirstMessage) {
  ReceiverConfig config = config_of("discord");
  config.url = literal("https://discord.example/api/webhooks/1/x?thread_id=5");
  const HttpRequest request = request_of(config, update_view(), facts_after("123"));
  EXPECT_EQ(request.method, "PATCH");
  EXPECT_EQ(request.url, "https://discord.example/api/webhooks/1/x/messages/123?thread_id=5");
}

// Row 67. What each service reads as markup; plain texts beside it are read as they stand.
TEST(Services, NothingFromAFeedMentionsLinksOrFormats) {
  const std::pair<const char*, const char*> html[] = {
      {"telegram", "\"text\":"}, {"matrix", "\"formatted_body\":"}, {"google_chat", "{\"text\":"}};
  for (const auto& [kind, key] : html) {
    const std::string body = request_of(config_of(kind), hostile_view()).body;
    ASSERT_NE(body.find(key), std::string::npos) << kind;
    const std::string text = body.substr(body.find(key));
    if (std::string(kind) != "google_chat") {  // whose cards know no mentions
      EXPECT_THAT(text, Not(HasSubstr("@"))) << kind;
    }
    EXPECT_THAT(text, Not(HasSubstr("<script"))) << kind;
    EXPECT_THAT(text, Not(HasSubstr("<b>x</b>"))) << kind;
    EXPECT_THAT(text, Not(HasSubstr("href="))) << kind;
  }
  const std::string markdown = request_of(config_of("mattermost"), hostile_view()).body;
  EXPECT_THAT(markdown, HasSubstr("\\\\<\\\\!channel\\\\> \uff20everyone \uff20here "
                                  "\\\\[bank\\\\]\\\\(https\ua789//evil\\\\.example\\\\) "
                                  "\\\\<b\\\\>x\\\\</b\\\\> \\\\*y\\\\* \ua789smile: \uff03tag"));
  EXPECT_THAT(markdown, Not(HasSubstr("@")));
}

// Row 66: whatever a feed makes long, the link is whole and the bounds hold.
TEST(Services, WhatIsTooLongIsCutAndTheLinkSurvives) {
  AlertView view = update_view();
  for (int i = 0; i < 4000; ++i) {
    view.headline += i % 2 == 0 ? "&" : "\U0001f468\u200d\U0001f469";
    view.passage += i % 2 == 0 ? "&*" : "\U0001f468\u200d\U0001f469 ";
  }
  view.marks.clear();
  view.entities.assign(50, std::string(500, '&'));
  view.sources.assign(50, {std::string(500, '*'), std::string(500, '<'), view.url, view.time});
  const std::pair<const char*, std::size_t> bounds[] = {
      {"telegram", 4096 + 600}, {"mattermost", 16383}, {"google_chat", 32000},
      {"matrix", 65536},        {"ntfy", 6000},        {"teams", 28000}};
  for (const auto& [kind, bound] : bounds) {
    const HttpRequest request = request_of(config_of(kind), view);
    EXPECT_LE(utf16_length(request.body), bound) << kind;
    EXPECT_THAT(request.body, HasSubstr("https://news.example/border")) << kind;
  }
}

TEST(Services, ALongUpdateIsCutByItsEscapedLengthAndNotLeftOut) {
  Message message;
  message.headline = "Headline";
  message.update = "Corrected: " + std::string(500, '&');
  const std::string text = marked_up(message, Markup::html({}, "\n"), ZoneClock("UTC"), 600);
  EXPECT_THAT(text, HasSubstr("Corrected: &amp;&amp;"));
  EXPECT_LE(utf16_length(text), 600U);
}

TEST(Services, ADigestListsTheForemostAndCountsTheRest) {
  AlertView view;
  view.alert = "digest-1";
  view.kind = "digest";
  view.severity = "high";
  view.headline = "37 alerts since 14:00";
  view.story_url = "https://wire.example/alerts";
  view.time = at("2026-03-01T15:00:00Z");
  view.entries_count = 37;
  for (int i = 0; i < 10; ++i) {
    view.entries.push_back({"high", "border", "Report " + std::to_string(i),
                            "https://news.example/" + std::to_string(i), "", view.time});
  }
  for (const std::string kind :
       {"telegram", "matrix", "google_chat", "mattermost", "teams", "slack", "discord", "ntfy"}) {
    const std::string body = request_of(config_of(kind), view).body;
    EXPECT_THAT(body, HasSubstr("Report 9")) << kind;
    EXPECT_THAT(body, testing::AnyOf(HasSubstr("+27 more"), HasSubstr("\\\\+27 more"))) << kind;
    EXPECT_THAT(body, HasSubstr("https://wire.example/alerts")) << kind;
  }
}

TEST(WebhookBody, FieldsFillATreeThatStaysValidJson) {
  ReceiverConfig config = sample_receiver("webhook");
  config.options["body"] =
      R"j({"t":"{headline} ({rule})","n":"{revision}","s":"{sources}","k":[1,true,"{{x}}"]})j";
  AlertView view = sample_view();
  view.headline = "a \"b\" \\ {c}";
  EXPECT_EQ(request_of(config, view).body,
            R"j({"t":"a \"b\" \\ {c} (border-security)","n":1,"s":["BBC"],"k":[1,true,"{x}"]})j");
}

TEST(WebhookBody, ACloudEventHoldsTheAlertAsItsData) {
  ReceiverConfig config = sample_receiver("webhook");
  config.options = {{"format", "cloudevents"}};
  const HttpRequest request = request_of(config, sample_view());
  EXPECT_EQ(header_of(request, "Content-Type"), "application/cloudevents+json; charset=utf-8");
  EXPECT_THAT(request.body,
              HasSubstr(R"({"specversion":"1.0","id":"d1","source":"/wirewatch/rules/border-)"
                        R"(security","type":"wirewatch.alert.new","subject":"a1",)"));
}

TEST(Services, ATokenThatIsNoTokenIsNamedAndNotShown) {
  ReceiverConfig config = config_of("telegram");
  config.token = literal("two words");
  const auto request = make_receiver(config)->render(sample_view(), sample_facts());
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().text,
            "the token of receiver \"desk\" is empty or holds blanks: the file should hold the "
            "token and nothing else");
}

TEST(Services, RightToLeftTextStandsInIsolatesEverywhere) {
  AlertView view = sample_view();
  view.headline = "\u0627\u0644\u062d\u062f\u0648\u062f 5!";
  view.passage = "\u0627\u0644\u062d\u062f\u0648\u062f 2.";
  view.marks = {};
  const std::string alone = "\u2068\u0627\u0644\u062d\u062f\u0648\u062f 5!\u2069";
  for (const char* kind : {"slack", "teams", "google_chat"}) {  // in the notification as well
    EXPECT_THAT(request_of(config_of(kind), view).body, HasSubstr("\"High: " + alone + "\""))
        << kind;
  }
  EXPECT_THAT(
      request_of(config_of("teams"), view).body,
      HasSubstr("{\"type\":\"TextRun\",\"text\":\"\u2068\"},"
                "{\"type\":\"TextRun\",\"text\":\"\u0627\u0644\u062d\u062f\u0648\u062f 2.\"},"
                "{\"type\":\"TextRun\",\"text\":\"\u2069\"}"));
  for (const char* kind : {"mattermost", "telegram", "matrix"}) {
    EXPECT_THAT(request_of(config_of(kind), view).body,
                HasSubstr("\u2068\u0627\u0644\u062d\u062f\u0648\u062f 2"))
        << kind;
  }
}

}  // namespace
}  // namespace wirewatch::daemon
