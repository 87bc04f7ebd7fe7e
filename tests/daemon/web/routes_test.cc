#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <pugixml.hpp>

#include "daemon/receivers/alert_view.h"
#include "feeds/json_writer.h"
#include "feeds/parse/parse.h"
#include "tests/daemon/web/fake_control.h"

namespace wirewatch::daemon {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

AlertRow full_alert(const std::string& text) {
  AlertRow alert = alert_row("a1", "s1");
  alert.severity = "high";
  alert.headline = text;
  alert.url = "https://example.org/1";
  alert.reason = "first report";
  alert.state.sources = {"Example", text};
  AlertView view;
  view.alert = "a1";
  view.passage = text;
  AlertSource source;
  source.name = "Example";
  source.title = text;
  source.url = "https://example.org/1";
  source.time = day(1);
  view.sources = {source};
  alert.view = to_json(view);
  return alert;
}

// An alert with its delivery and a story of two documents, whose texts are all `text`.
Commit full_commit(const std::string& text) {
  Commit commit;
  commit.alerts = {full_alert(text)};
  DeliveryRow delivery = delivery_row("d1", "desk");
  delivery.alert = "a1";
  delivery.answer = text;
  delivery.attempts = 1;
  commit.deliveries = {delivery};
  DocumentRow first = document_row("s1", "s1");
  DocumentRow second = document_row("i2", "s1");
  first.input.title = second.input.title = text;
  first.input.source = text;
  second.input.url = "javascript:alert(1)";
  second.placement.relation = feeds::Relation::same_story;
  second.placement.of = "s1";
  second.placement.similarity = 0.62;
  second.placement.why = {"border", text};
  commit.documents = {first, second};
  return commit;
}

TEST_F(RoutesTest, AFreshDaemonShowsWhatItWatches) {
  control->told_feeds = {feed_health("wire")};
  const WebResponse page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("<meta http-equiv=\"refresh\" content=\"15\">"));
  EXPECT_THAT(page.body, HasSubstr("Watching 1 feed with 0 rules. Started <time "
                                   "datetime=\"2026-01-02T00:00:00Z\" title=\"2026-01-02 00:00:00 "
                                   "UTC\">3 min ago</time>"));
  EXPECT_THAT(page.body, HasSubstr("No alert yet."));
  EXPECT_THAT(page.body, Not(HasSubstr("Feeds that need a look")));
}

TEST_F(RoutesTest, TroubleStandsOnTheStatusPageWithItsReason) {
  FeedHealth failing = feed_health("broken");
  failing.state.failures = 3;
  failing.state.failure = "the server answered 503";
  control->told_feeds = {feed_health("fine"), failing};
  ReceiverHealth desk;
  desk.name = "desk";
  desk.kind = "slack";
  desk.last_answer = "connection refused";
  desk.down_since = day(1);
  control->told_receivers = {desk};
  control->told.on_last_good = control->told.held_by_disk = true;
  control->told.held_back = {"border"};
  control->told.problems = {"rules.yaml:3:5: error: \"x\"\n  a\n  ^"};
  const std::string body = get("/").body;
  EXPECT_THAT(body, HasSubstr("Feeds that need a look"));
  EXPECT_THAT(body, HasSubstr("the server answered 503"));
  EXPECT_THAT(body, HasSubstr("3 times in a row"));
  EXPECT_THAT(body, Not(HasSubstr("https://example.org/fine")));
  EXPECT_THAT(body, HasSubstr("connection refused"));
  EXPECT_THAT(body, HasSubstr("running on the last good generation"));
  EXPECT_THAT(body, HasSubstr("nearly full"));
  EXPECT_THAT(body, HasSubstr("last good version: border."));
  EXPECT_THAT(body, HasSubstr("<pre>rules.yaml:3:5: error: &quot;x&quot;\n  a\n  ^</pre>"));
}

TEST_F(RoutesTest, NewestAlertsNameTheirSourcesAndTimes) {
  ASSERT_TRUE(commit(full_commit("Border talks")));
  const std::string body = get("/").body;
  EXPECT_THAT(body, HasSubstr("<ul class=\"sources\"><li><a href=\"https://example.org/1\" "
                              "rel=\"noreferrer noopener\" dir=\"auto\">Example</a> <time "
                              "datetime=\"2026-01-02T00:00:00Z\" title=\"2026-01-02 00:00:00 UTC\">"
                              "3 min ago</time></li><li><span dir=\"auto\">Border talks</span></li>"
                              "</ul>"));
}

TEST_F(RoutesTest, FailingFeedsStandFirst) {
  FeedHealth failing = feed_health("broken");
  failing.state.failures = 1;
  control->told_feeds = {feed_health("fine"), failing};
  const std::string body = get("/feeds").body;
  EXPECT_LT(body.find("org/broken"), body.find("org/fine"));
}

TEST_F(RoutesTest, AStoryIsATimelineWithRelationSimilarityAndWhy) {
  ASSERT_TRUE(commit(full_commit("Border talks")));
  const std::string body = get("/stories/s1").body;
  EXPECT_THAT(body, HasSubstr("2 reports, in order of arrival."));
  EXPECT_THAT(body, HasSubstr("first report"));
  EXPECT_THAT(body, HasSubstr("same story</span> <span class=\"dim\">62 % like</span>"));
  EXPECT_THAT(body, HasSubstr("<li dir=\"auto\">border</li>"));
  EXPECT_THAT(body, HasSubstr("href=\"/alerts/a1\""));
}

TEST_F(RoutesTest, AnAlertShowsItsReportsAndWhatWasSent) {
  ASSERT_TRUE(commit(full_commit("Border talks")));
  const std::string body = get("/alerts/a1").body;
  EXPECT_THAT(body, HasSubstr("<blockquote dir=\"auto\">Border talks</blockquote>"));
  EXPECT_THAT(body, HasSubstr("Decided last: first report."));
  EXPECT_THAT(body, HasSubstr("<td>desk</td>"));
  EXPECT_THAT(body, HasSubstr("href=\"https://example.org/1\" rel=\"noreferrer noopener\""));
  EXPECT_THAT(get("/alerts").body, HasSubstr("Border talks"));
  EXPECT_THAT(get("/alerts?rule=border").body, HasSubstr("Border talks"));
  EXPECT_THAT(get("/alerts?rule=other").body, HasSubstr("No alert yet."));
}

TEST_F(RoutesTest, AnAlertsMatchedWordsAreMarked) {
  Commit rows = full_commit("Border talks");
  auto view = alert_view_from_json(rows.alerts[0].view);
  ASSERT_TRUE(view);
  view->marks = {{0, 6}};
  rows.alerts[0].view = to_json(*view);
  ASSERT_TRUE(commit(std::move(rows)));
  EXPECT_THAT(get("/alerts/a1").body,
              HasSubstr("<blockquote dir=\"auto\"><mark>Border</mark> talks</blockquote>"));
}

TEST_F(RoutesTest, AScriptInATitleOrAnErrorIsText) {
  ASSERT_TRUE(commit(full_commit(hostile)));
  FeedHealth feed = feed_health("x");
  feed.name = feed.title = feed.state.failure = feed.state.moved_to = hostile;
  feed.url = "http://example.org/" + hostile;
  feed.warnings = {hostile};
  feed.state.failures = 2;
  control->told_feeds = {feed};
  ReceiverHealth receiver;
  receiver.name = receiver.kind = receiver.last_answer = hostile;
  control->told_receivers = {receiver};
  control->told.problems = control->told.held_back = {hostile};
  control->told.config_file = control->told.state_folder = control->told.version = hostile;
  for (const std::string path : {"/", "/alerts", "/alerts?rule=%3Cscript%3E", "/alerts/a1",
                                 "/feeds", "/stories/s1", "/alerts.atom", "/%3Cscript%3E"}) {
    const std::string body = get(path).body;
    EXPECT_THAT(body, Not(HasSubstr("<script"))) << path;
    EXPECT_THAT(body, Not(HasSubstr("javascript:"))) << path;
    EXPECT_THAT(body, Not(HasSubstr("style="))) << path;
    EXPECT_THAT(body, Not(HasSubstr("\x1b"))) << path;
    EXPECT_THAT(body, Not(HasSubstr("\xE2\x80\xAE"))) << path;
    EXPECT_THAT(body, Not(HasSubstr("\xff"))) << path;
  }
}

// The first tag that closes what is not open, or stays open; empty when all is well. Attributes
// hold no ">", since it is escaped in them.
std::string unbalanced(const std::string& html) {
  const std::vector<std::string> alone = {"!doctype", "meta", "link", "br"};
  std::vector<std::string> open;
  for (std::size_t at = 0; (at = html.find('<', at)) != std::string::npos; ++at) {
    const bool closes = html[at + 1] == '/';
    const std::size_t start = at + (closes ? 2 : 1);
    const std::string name = html.substr(start, html.find_first_of(" >\n", start) - start);
    if (std::find(alone.begin(), alone.end(), name) != alone.end()) continue;
    if (!closes) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return name + " at " + html.substr(at, 60);
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

TEST_F(RoutesTest, PagesCloseWhatTheyOpen) {
  ASSERT_TRUE(commit(full_commit(hostile)));
  FeedHealth feed = feed_health("x");
  feed.state.failures = 2;
  feed.state.failure = hostile;
  feed.warnings = {hostile};
  feed.would_alert = 2;
  control->told_feeds = {feed, feed_health("y")};
  ReceiverHealth receiver;
  receiver.name = "desk";
  control->told_receivers = {receiver};
  control->told.problems = control->told.held_back = {hostile};
  control->told.ready = false;
  for (const std::string path :
       {"/", "/alerts", "/alerts/a1", "/feeds", "/stories/s1", "/nothing"}) {
    EXPECT_EQ(unbalanced(get(path).body), "") << path;
  }
}

TEST_F(RoutesTest, LongListsAreCutAndSaySo) {
  for (int i = 0; i < 2500; ++i) {
    control->told_feeds.push_back(feed_health("f" + std::to_string(i)));
    control->told_feeds.back().state.failures = 1;
  }
  control->told.problems.assign(60, "x.yaml: error: wrong");
  EXPECT_THAT(get("/feeds").body, HasSubstr("and 500 more"));
  EXPECT_THAT(get("/").body, HasSubstr("<a href=\"/feeds\">and 2492 more</a>"));
  EXPECT_THAT(get("/").body, HasSubstr("and 10 more: <code>wirewatch check</code>"));
}

TEST_F(RoutesTest, UnknownPathsAreNotFound) {
  for (const std::string path : {"/nothing", "/alerts/", "/alerts/zz", "/stories/", "/stories/zz",
                                 "/v1/status", "/v1/", "/../etc/passwd"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

TEST_F(RoutesTest, PagesAreOnlyRead) {
  WebRequest request;
  request.method = "POST";
  request.path = "/v1/reload";  // over TCP
  request.peer_uid = std::nullopt;
  const WebResponse answer = ask(request);
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers, (feeds::Headers{{"Allow", "GET, HEAD"}}));
}

TEST_F(RoutesTest, HealthAndReadinessAreTold) {
  EXPECT_EQ(get("/healthz").body, "ok\n");
  EXPECT_EQ(get("/readyz").status, 200);
  control->told.held_by_disk = true;
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/readyz").body,
            "not ready: the disk of the state folder is nearly full, nothing is polled\n");
  control->told.held_by_disk = false;
  control->told.ready = false;
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/metrics").content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(get("/metrics").body, HasSubstr("\nwirewatch_ready 0\n"));
  EXPECT_EQ(get("/style.css").content_type, "text/css; charset=utf-8");
}

TEST_F(RoutesTest, TheAtomFeedIsValidWhateverTheFieldsHold) {
  ASSERT_TRUE(commit(full_commit(hostile + " ]]> \xEF\xBF\xBF")));
  const WebResponse atom = get("/alerts.atom");
  EXPECT_EQ(atom.content_type, "application/atom+xml; charset=utf-8");
  pugi::xml_document document;
  const auto parsed = document.load_string(atom.body.c_str());
  ASSERT_TRUE(parsed) << parsed.description();
  const pugi::xml_node feed = document.child("feed");
  EXPECT_STREQ(feed.child_value("id"), "urn:wirewatch:alerts");
  EXPECT_STREQ(feed.child_value("updated"), "2026-01-02T00:00:00Z");
  EXPECT_STREQ(feed.child("entry").child_value("id"), "urn:wirewatch:alert:a1");
  feeds::ParseContext context;
  context.url = "http://127.0.0.1:8420/alerts.atom";
  const auto read = feeds::parse_feed(atom.body, context);
  ASSERT_TRUE(read) << read.error().text;
  ASSERT_EQ(read->items.size(), 1U);
  EXPECT_EQ(read->items[0].link, "https://example.org/1");
  EXPECT_EQ(read->items[0].categories, (std::vector<std::string>{"border", "high"}));
  EXPECT_TRUE(read->warnings.empty());
}

TEST_F(RoutesTest, AnAtomFeedWithoutAlertsDatesFromTheStart) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(get("/alerts.atom").body.c_str()));
  EXPECT_STREQ(document.child("feed").child_value("updated"), "2026-01-02T00:00:00Z");
  EXPECT_FALSE(document.child("feed").child("entry"));
}

TEST_F(RoutesTest, TheControlSocketTellsWhatThePagesTell) {
  ASSERT_TRUE(commit(full_commit("Border talks")));
  EXPECT_THAT(control_get("/v1/status").body, HasSubstr("\"alerts\":1"));
  EXPECT_THAT(control_get("/v1/alerts").body, HasSubstr("\"headline\":\"Border talks\""));
  EXPECT_THAT(control_get("/v1/alerts/a").body, HasSubstr("\"deliveries\":[{\"id\":\"d1\""));
  EXPECT_THAT(control_get("/v1/stories/s1").body, HasSubstr("\"similarity\":0.62"));
  EXPECT_THAT(control_get("/v1/items?text=border").body, HasSubstr("\"id\":\"s1\""));
  EXPECT_THAT(control_get("/v1/why?item=i2").body, HasSubstr("\"relation\":\"same-story\""));
  EXPECT_EQ(control_get("/").status, 200);
}

struct Refusal {
  std::string target;
  int status;
  std::string error;
};

TEST_F(RoutesTest, WhatCannotBeReadIsRefusedAndNotIgnored) {
  const std::vector<Refusal> cases = {
      {"/v1/deliveries?state=ded", 400,
       "state: \"ded\" is none of pending, delivered, dead, held, collected, absorbed"},
      {"/v1/alerts?since=monday", 400, "since: \"monday\" is no time such as 2026-11-21T18:00:00Z"},
      {"/v1/items?limit=many", 400, "limit: \"many\" is no number up to 10000"},
      {"/v1/items?limit=10001", 400, "limit: \"10001\" is no number up to 10000"},
      {"/v1/feeds?only=good", 400, "only: \"good\" is none of failing, stale"},
      {"/v1/alerts?waiting=yes", 400, "waiting: \"yes\" is not 1"},
      {"/v1/status?since=2026-01-02", 400, "there is no parameter \"since\" here; this takes none"},
      {"/v1/alerts?rul=border", 400,
       "there is no parameter \"rul\" here; this takes rule, story, since, waiting, limit"},
      {"/v1/alerts/zz", 404, "no alert has an id that begins so, or several do"},
      {"/v1/stories/zz", 404,
       "no story is known by \"zz\": write its id or the beginning of it, or of one of its reports "
       "the link or words of the title"},
      {"/v1/why?item=zz", 404,
       "no item is known by \"zz\": write its id or the beginning of it, its link, or words of its "
       "title"},
      {"/v1/why", 400, "say which item: item=ID, a link, or words of its title"},
      {"/v1/nothing", 404, "there is nothing at /v1/nothing"},
  };
  for (const Refusal& one : cases) {
    const WebResponse answer = control_get(one.target);
    EXPECT_EQ(answer.status, one.status) << one.target;
    std::string expected;
    append_json_string(expected, one.error);
    EXPECT_EQ(answer.body, "{\"error\":" + expected + "}");
  }
}

TEST_F(RoutesTest, OnlyRootAndTheDaemonsOwnUserMayChangeThings) {
  control->told_feeds = {feed_health("wire")};
  const unsigned own = ::geteuid();
  EXPECT_EQ(control_post("/v1/feeds/poll?name=wire", own).status, 200);
  EXPECT_EQ(control_post("/v1/feeds/poll?name=wire", 0).status, 200);
  EXPECT_EQ(control_post("/v1/feeds/poll?name=wire", own + 1).status, 403);
  EXPECT_EQ(control_post("/v1/feeds/poll?name=other", own).status, 404);
}

TEST_F(RoutesTest, WhatIsHeldIsShownReleasedAndDropped) {
  FeedHealth feed = feed_health("wire");
  feed.held = 40;
  feed.held_since = day(1);
  control->told_feeds = {feed};
  control->told.notices = {{"items held", feed.key, "feed \"wire\": 40 new items", day(1)}};
  EXPECT_THAT(
      get("/").body,
      HasSubstr("40 items of <span dir=\"auto\">wire</span> look republished and are held since"));
  EXPECT_THAT(control_get("/v1/status").body,
              AllOf(HasSubstr(R"("held_items":[{"feed":"wire","count":40,"since":")"),
                    HasSubstr(R"("kind":"items held")")));
  EXPECT_THAT(control_get("/v1/feeds").body, HasSubstr(R"("held":40,"held_since":")"));
  EXPECT_EQ(control_post("/v1/feeds/release?name=wire", 0).body, R"({"released":40})");
  EXPECT_EQ(control_post("/v1/feeds/release?name=wire&drop=1", 0).body, R"({"dropped":40})");
  EXPECT_THAT(control->released, testing::ElementsAre("wire", "wire dropped"));
  EXPECT_EQ(control_post("/v1/feeds/release?name=wire&drop=no", 0).status, 400);
  EXPECT_EQ(control_post("/v1/feeds/release?name=other", 0).status, 404);
  EXPECT_EQ(control_post("/v1/feeds/release?name=wire", ::geteuid() + 1).status, 403);
}

TEST_F(RoutesTest, ARefusedReloadSaysWhy) {
  ConfigMessage message;
  message.file = "x.yaml";
  message.text = "no such key";
  control->outcome.messages = {message};
  const WebResponse refused = control_post("/v1/reload", 0);
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("no such key"));
  control->outcome = ReloadOutcome{};
  control->outcome.accepted = true;
  control->outcome.generation = 2;
  EXPECT_EQ(control_post("/v1/reload", 0).body,
            "{\"accepted\":true,\"generation\":2,\"messages\":[]}");
}

TEST_F(RoutesTest, AReplayTakesWhatFitsAndNothingElse) {
  Commit commit_in;
  commit_in.deliveries = {delivery_row("aa1", "desk"), delivery_row("ab2", "desk"),
                          delivery_row("ac3", "other")};
  ASSERT_TRUE(commit(commit_in));
  EXPECT_EQ(control_post("/v1/deliveries/replay", 0).status, 400);
  EXPECT_EQ(control_post("/v1/deliveries/replay?receiver=desk&state=ded", 0).status, 400);
  EXPECT_EQ(control_post("/v1/deliveries/replay?since=2026-01-01&recevier=desk", 0).status, 400);
  EXPECT_EQ(control_post("/v1/silences?rule=border&for=2h&until=2026-01-03", 0).body,
            "{\"error\":\"for and until exclude each other\"}");
  EXPECT_EQ(control_post("/v1/deliveries/replay?receiver=nobody", 0).status, 404);
  EXPECT_TRUE(control->replayed.empty());
  EXPECT_EQ(control_post("/v1/deliveries/replay?id=ab", 0).body, "{\"replayed\":1}");
  EXPECT_EQ(control_post("/v1/deliveries/replay?receiver=desk", 0).body, "{\"replayed\":2}");
  EXPECT_EQ(control->replayed, (std::vector<std::string>{"ab2", "aa1", "ab2"}));
}

TEST_F(RoutesTest, ALongCommentIsCutBetweenCharacters) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->receivers.emplace_back().name = "desk";
  control->told_snapshot = snapshot;
  std::string comment = "a";
  for (int i = 0; i < 250; ++i) comment += "%C3%A9";
  control_post("/v1/silences?receiver=desk&for=2h&comment=" + comment, 0);
  ASSERT_EQ(control->silences.size(), 1U);
  EXPECT_EQ(control->silences[0].comment.size(), 499U);
}

TEST_F(RoutesTest, OnlyAManualClockIsStepped) {
  EXPECT_EQ(control_post("/v1/clock?by=5m", 0).status, 409);
  control->manual = true;
  EXPECT_EQ(control_post("/v1/clock?by=5m", 0).body, "{\"now\":\"2026-01-02T00:08:00Z\"}");
  EXPECT_EQ(control_post("/v1/clock?by=soon", 0).status, 400);
}

}  // namespace
}  // namespace wirewatch::daemon
