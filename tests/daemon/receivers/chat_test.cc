// Slack and Discord: exact payloads, escaping, limits, answers.
#include <gmock/gmock.h>
#include <simdjson.h>

#include "daemon/receivers/limits.h"
#include "daemon/receivers/text.h"
#include "tests/daemon/receivers/sample_view.h"

namespace wirewatch::daemon {
namespace {

using testing::HasSubstr;
using testing::Not;

HttpRequest rendered(const std::string& kind, const AlertView& view) {
  auto request = make_receiver(sample_receiver(kind))->render(view, sample_facts());
  EXPECT_TRUE(request);
  return request ? *request : HttpRequest{};
}

// Every text, name and address as long as a feed can make it, of characters that cost most.
AlertView longest_view() {
  AlertView view = sample_view();
  view.kind = "updated";
  for (int i = 0; i < 4000; ++i) {
    view.headline += i % 2 == 0 ? "&" : "\U0001f468\u200d\U0001f469";
    view.passage += i % 2 == 0 ? "&*" : "\U0001f468\u200d\U0001f469 ";
  }
  view.marks.clear();
  for (std::uint32_t i = 0; i < 40; ++i) view.marks.push_back({i * 2, i * 2 + 1});
  view.url = "https://news.example/?" + std::string(900, '&');
  view.entities.assign(50, std::string(500, '&'));
  view.sources.assign(50, {std::string(500, '*'), std::string(500, '<'), view.url, view.time});
  view.rule = std::string(500, '_');
  return view;
}

TEST(Slack, ShowsAnAlertAsBlocks) {
  const HttpRequest request = rendered("slack", sample_view());
  EXPECT_EQ(request.url, "https://hooks.example/T0/secret-path");
  EXPECT_EQ(
      request.body,
      R"({"text":"High: Border posts reopen after talks","blocks":[)"
      R"({"type":"section","text":{"type":"mrkdwn","text":"*High* )"
      "\u00b7"
      R"( *<https://news.example/border|Border posts reopen after talks>*","verbatim":true}},)"
      R"({"type":"section","text":{"type":"mrkdwn","text":">Patrols against )"
      "\u200b*smuggling*\u200b"
      R"( will start on Monday.","verbatim":true}},)"
      R"({"type":"context","elements":[{"type":"mrkdwn","text":"Rule border-security )"
      "\u00b7 Iraq, Syria \u00b7 "
      R"(<https://news.example/border|BBC> <!date^1772373720^{time}|14:02 UTC>",)"
      R"("verbatim":true}]}],"unfurl_links":false,"unfurl_media":false})");
}

// In Baghdad 20:30 and 21:30 UTC are two days, 21:30 and 00:30 UTC one.
TEST(Chats, NameTheDayOfATimeWhereItIsAnotherInTheConfigsZone) {
  const auto shown = [](const char* kind, const char* reported, const char* told) {
    AlertView view = sample_view();
    view.sources[0].time = at(reported);
    view.time = at(told);
    DeliveryFacts facts = sample_facts();
    facts.time_zone = "Asia/Baghdad";
    const auto request = make_receiver(sample_receiver(kind))->render(view, facts);
    return request ? request->body : std::string();
  };
  EXPECT_THAT(shown("slack", "2026-03-01T20:30:00Z", "2026-03-01T21:30:00Z"),
              HasSubstr("^{date_short} {time}|20:30 UTC>"));
  EXPECT_THAT(shown("slack", "2026-03-01T21:30:00Z", "2026-03-02T00:30:00Z"),
              HasSubstr("^{time}|2026-03-01 21:30 UTC>"));
  EXPECT_THAT(shown("discord", "2026-03-01T20:30:00Z", "2026-03-01T21:30:00Z"), HasSubstr(":f>"));
  EXPECT_THAT(shown("discord", "2026-03-01T21:30:00Z", "2026-03-02T00:30:00Z"), HasSubstr(":t>"));
}

TEST(Slack, AnUpdateIsAShortFollowUpThatSaysWhatIsNew) {
  AlertView view = sample_view();
  view.kind = "updated";
  view.sources.push_back({"INA", "Posts open", "https://ina.example/1", view.time});
  const HttpRequest request = rendered("slack", view);
  EXPECT_THAT(request.body,
              HasSubstr("\"text\":\"High: 2nd source: INA \u2013 Posts open: Border"));
  EXPECT_THAT(request.body, HasSubstr("*2nd source: INA \u2013 Posts open*\\n>Patrols"));
}

TEST(Slack, ACorrectionSaysOnceThatItIsOne) {
  AlertView view = sample_view();
  view.kind = "corrected";
  view.reason = "corrected: the report matches no longer";
  EXPECT_THAT(rendered("slack", view).body, HasSubstr("*Corrected: the report matches no longer*"));
}

TEST(Slack, ADigestSaysWhichOfItsAlertsWasTakenBack) {
  AlertView view = sample_view();
  view.kind = "digest";
  view.entries_count = 1;
  view.entries = {{"high", "border-security", "Border posts reopen", "https://news.example/border",
                   "", view.time, "corrected: the report matches no longer"}};
  EXPECT_THAT(rendered("slack", view).body,
              HasSubstr("Border posts reopen (corrected: the report matches no longer)"));
}

TEST(Slack, NothingFromAFeedMentionsLinksOrFormats) {
  AlertView view = sample_view();
  view.headline =
      "<!channel> @everyone <@U1> <http://evil|bbc.example> *b* _i_ ~s~ `c` :smile: & 1:2:3";
  view.url = "javascript:alert(1)";
  view.passage = "> quote|x\n<!here>";
  view.marks = {};
  view.sources[0].name = "<!subteam^S1>";
  const HttpRequest request = rendered("slack", view);
  EXPECT_THAT(request.body, HasSubstr("*&lt;!channel&gt; @everyone &lt;@U1&gt; "
                                      "&lt;http://evil|bbc.example&gt; \u2217b\u2217 \uff3fi\uff3f "
                                      "\u223cs\u223c \u02cbc\u02cb \ua789smile: &amp; 1:2:3*"
                                      "\\njavascript:alert(1)"));
  EXPECT_THAT(request.body, HasSubstr(">&gt; quote|x &lt;!here&gt;"));
  EXPECT_THAT(request.body, Not(HasSubstr("<!channel>")));
  EXPECT_THAT(request.body, Not(HasSubstr("<!here>")));
  EXPECT_THAT(request.body, Not(HasSubstr("<!subteam")));
}

TEST(Slack, TheLongestAlertFitsAndKeepsItsLink) {
  AlertView view = longest_view();
  view.url = "https://news.example/" + std::string(1900, 'x');
  for (const AlertView& candidate : {view, longest_view()}) {
    const HttpRequest request = rendered("slack", candidate);
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    ASSERT_EQ(parser.parse(request.body).get(root), simdjson::SUCCESS);
    simdjson::dom::array blocks;
    ASSERT_EQ(root["blocks"].get(blocks), simdjson::SUCCESS);
    EXPECT_LE(blocks.size(), limits::slack_blocks);
    for (const simdjson::dom::element block : blocks) {
      std::string_view text;
      if (block["text"]["text"].get(text) != simdjson::SUCCESS) {
        ASSERT_EQ(block["elements"].at(0)["text"].get(text), simdjson::SUCCESS);
      }
      EXPECT_LE(utf16_length(text), limits::slack_section);
      EXPECT_GE(text.size(), 1U);
    }
    std::string_view fallback;
    ASSERT_EQ(root["text"].get(fallback), simdjson::SUCCESS);
    EXPECT_LE(utf16_length(fallback), limits::slack_fallback);
  }
  EXPECT_THAT(rendered("slack", view).body, HasSubstr("<" + view.url + "|Border posts"));
}

TEST(Slack, ItsAnswerDecides) {
  struct Case {
    int status;
    std::string body;
    AnswerKind kind;
    std::string text;
  };
  const Case cases[] = {
      {200, "ok", AnswerKind::delivered, "200 ok"},
      {200, "ok\n", AnswerKind::delivered, "200 ok"},
      {200, "<html>log in", AnswerKind::retry, "200 without \"ok\": <html>log in"},
      {200, "", AnswerKind::retry, "200 without \"ok\":"},
      {302, "", AnswerKind::retry,
       "302 redirects elsewhere, which is not followed: the receiver's own address belongs in the "
       "config"},
      {400, "invalid_payload", AnswerKind::refused, "400 invalid_payload"},
      {403, "action_prohibited", AnswerKind::refused, "403 action_prohibited"},
      {404, "no_team", AnswerKind::refused, "404 no_team"},
      {410, "channel_is_archived", AnswerKind::refused, "410 channel_is_archived"},
      {418, "teapot", AnswerKind::retry, "418 teapot"},
      {429, "slow down", AnswerKind::paced, "429 slow down"},
      {500, "rollup_error", AnswerKind::later, "500 rollup_error"},
  };
  const auto receiver = make_receiver(sample_receiver("slack"));
  for (const Case& c : cases) {
    feeds::Reply reply;
    reply.status = c.status;
    reply.body = c.body;
    EXPECT_EQ(receiver->judge(reply).kind, c.kind) << c.status << c.body;
    EXPECT_EQ(receiver->judge(reply).text, c.text);
  }
}

TEST(Discord, ShowsAnAlertAsAnEmbed) {
  const HttpRequest request = rendered("discord", sample_view());
  EXPECT_EQ(request.url, "https://hooks.example/T0/secret-path?wait=true");
  EXPECT_EQ(
      request.body,
      R"({"allowed_mentions":{"parse":[]},"embeds":[{"title":"Border posts reopen after talks",)"
      R"("url":"https://news.example/border","description":"> Patrols against **smuggling** )"
      R"(will start on Monday\\.\n[BBC](<https://news.example/border>) <t:1772373720:t>\n)"
      R"(Iraq, Syria","color":15233290,"timestamp":"2026-03-01T14:02:05Z",)"
      R"("footer":{"text":"High )"
      "\u00b7"
      R"( border-security"}}]})");
}

TEST(Discord, NothingFromAFeedMentionsLinksOrFormats) {
  AlertView view = sample_view();
  view.headline = "@everyone [bbc.example](https://evil) **b** ||s||";
  view.url = "javascript:alert(1)";
  view.passage = "<@123> <#1> https://evil.example `c` # h";
  view.marks = {};
  view.sources[0].name = "x](https://evil";
  const HttpRequest request = rendered("discord", view);
  EXPECT_THAT(request.body, HasSubstr(R"("title":"\\@everyone \\[bbc\\.example\\]\\(https\\:/)"
                                      R"(/evil\\) \\*\\*b\\*\\* \\|\\|s\\|\\|","description")"));
  EXPECT_THAT(request.body, HasSubstr(R"(javascript\\:alert\\(1\\)\n> \\<\\@123\\> \\<\\#1\\> )"
                                      R"(https\\://evil\\.example \\`c\\` \\# h\n[x\\]\\(https\\:)"
                                      R"(//evil](<https://news.example/border>))"));
}

TEST(Discord, TheLongestAlertFits) {
  const HttpRequest request = rendered("discord", longest_view());
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  ASSERT_EQ(parser.parse(request.body).get(root), simdjson::SUCCESS);
  std::size_t total = 0;
  const std::pair<const char*, std::size_t> parts[] = {
      {"/embeds/0/title", limits::discord_title},
      {"/embeds/0/description", limits::discord_description},
      {"/embeds/0/footer/text", limits::discord_footer}};
  for (const auto& [pointer, limit] : parts) {
    std::string_view text;
    ASSERT_EQ(root.at_pointer(pointer).get(text), simdjson::SUCCESS) << pointer;
    EXPECT_LE(utf16_length(text), limit) << pointer;
    total += utf16_length(text);
  }
  EXPECT_LE(total, limits::discord_total);
  EXPECT_THAT(request.body, HasSubstr("\"url\":\"https://news.example/?&&&"));
}

TEST(Discord, ItsAnswerDecides) {
  struct Case {
    int status;
    feeds::Headers headers;
    std::string body;
    AnswerKind kind;
    std::string text;
    std::optional<Span> retry_after = std::nullopt;
  };
  const Case cases[] = {
      {200, {}, R"({"id":"1"})", AnswerKind::delivered, "200"},
      {204, {}, "", AnswerKind::delivered, "204"},
      {200,
       {},
       "\n<html>log in",
       AnswerKind::retry,
       "200 with a web page instead of an answer: <html>log in"},
      {200,
       {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset-After", "1.25"}},
       "{}",
       AnswerKind::delivered,
       "200",
       Span(1250000)},
      {200,
       {{"X-RateLimit-Remaining", "3"}, {"X-RateLimit-Reset-After", "1.25"}},
       "{}",
       AnswerKind::delivered,
       "200"},
      {404,
       {},
       R"({"message":"Unknown Webhook","code":10015})",
       AnswerKind::refused,
       "404 10015 Unknown Webhook"},
      {400,
       {},
       R"({"message":"Invalid Form Body","code":50035})",
       AnswerKind::refused,
       "400 50035 Invalid Form Body"},
      {401,
       {},
       R"({"message":"Invalid Webhook Token","code":50027})",
       AnswerKind::refused,
       "401 50027 Invalid Webhook Token"},
      {403, {}, "<html>", AnswerKind::retry, "403 <html>"},
      {429,
       {},
       R"({"message":"You are being rate limited.","retry_after":0.65,"global":false})",
       AnswerKind::paced,
       "429 You are being rate limited.",
       Span(650000)},
      {429,
       {{"Retry-After", "65"}},
       "error code: 1015",
       AnswerKind::paced,
       "429 error code: 1015",
       std::chrono::seconds(65)},
      {502, {}, "", AnswerKind::later, "502"},
  };
  const auto receiver = make_receiver(sample_receiver("discord"));
  for (const Case& c : cases) {
    feeds::Reply reply;
    reply.status = c.status;
    reply.headers = c.headers;
    reply.body = c.body;
    const Answer answer = receiver->judge(reply);
    EXPECT_EQ(answer.kind, c.kind) << c.status << c.body;
    EXPECT_EQ(answer.text, c.text);
    EXPECT_EQ(answer.retry_after, c.retry_after) << c.status << c.body;
  }
}

}  // namespace
}  // namespace wirewatch::daemon
