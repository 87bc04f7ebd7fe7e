#include "daemon/polling/poller.h"

#include <fmt/format.h>

#include <deque>
#include <fstream>

#include "daemon/polling/poll_queue.h"
#include "tests/daemon/pipeline/pipeline_fixture.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

feeds::Reply document(const std::string& body, feeds::Headers headers = {}) {
  feeds::Reply reply;
  reply.status = 200;
  reply.headers = std::move(headers);
  reply.body = body;
  return reply;
}

feeds::Reply status(int code) {
  feeds::Reply reply;
  reply.status = code;
  return reply;
}

std::string rss(const std::vector<std::string>& titles) {
  std::string items;
  for (const std::string& title : titles) {
    items += "<item><guid>" + title + "</guid><title>" + title + "</title><description>" + title +
             " and what else is there to say about it today</description></item>";
  }
  return "<rss version=\"2.0\"><channel><title>Example</title>" + items + "</channel></rss>";
}

struct Asked {
  std::string url;
  Instant time{};
  feeds::Headers headers;
};

// Answers each URL as its script says, after `takes`.
class FakeWeb : public Fetcher {
 public:
  explicit FakeWeb(Clock& clock) : clock_(clock) {}
  asio::awaitable<feeds::Reply> fetch(HttpRequest request) override {
    asked.push_back({request.url, clock_.now(), request.headers});
    if (breaks) throw std::bad_alloc();
    ++under_way;
    most = std::max(most, under_way);
    const auto hang = hangs.find(host_of(request.url));
    const Span pause = hang == hangs.end() ? takes : hang->second;
    if (pause > Span(0)) co_await sleep_for(clock_, pause);
    --under_way;
    auto& script = scripts[request.url];
    if (script.empty()) co_return status(500);
    feeds::Reply reply = script.front();
    if (script.size() > 1) script.pop_front();
    co_return reply;
  }
  std::map<std::string, std::deque<feeds::Reply>> scripts;  // the last answer stays
  std::vector<Asked> asked;
  std::map<std::string, Span> hangs;  // by host, instead of `takes`
  Span takes{};
  bool breaks = false;  // throws instead
  std::size_t under_way = 0;
  std::size_t most = 0;

 private:
  Clock& clock_;
};

class PollerTest : public PipelineTest {
 protected:
  ~PollerTest() override {
    if (running_ && !running_->ended) finish();
    poller_.reset();
  }

  // The daemon with these feeds; `every` is fixed so that the tests can tell when.
  FeedConfig feed(const std::string& name, Span every = minutes(5)) {
    FeedConfig config = feed_of(name);
    config.every = every;
    return config;
  }
  Result<void> load(std::vector<FeedConfig> feeds) {
    auto next = generation({rule_of("border", "border")});
    next->settings = settings_;
    next->feeds = std::move(feeds);
    return wait_quietly(poller_->set_snapshot(std::move(next)));
  }
  void begin(std::vector<FeedConfig> feeds, PollerLimits limits = {}) {
    poller_ = std::make_unique<Poller>(
        loop_.get_executor(), clock_, web_, pool_, *store_, *engine_, times_, [] { return 0.5; },
        limits);
    ASSERT_TRUE(load(std::move(feeds)));
    running_ = start(poller_->run());
    quiet();
  }
  void finish() {
    running_->cancel.emit(asio::cancellation_type::total);
    quiet();
  }
  void stop_and_restart(std::vector<FeedConfig> feeds) {
    finish();
    poller_.reset();
    restart();
    begin(std::move(feeds));
  }
  // Until all that is left in flight are answers that wait for virtual time.
  void quiet() {
    for (bool busy = true; busy;) {
      loop_.restart();
      busy = loop_.poll() > 0;
      if (activity_.count() <= web_.under_way) continue;
      busy = true;
      loop_.restart();
      loop_.run_one();
    }
  }
  template <class T>
  T wait_quietly(asio::awaitable<T> task) {
    std::optional<T> result;
    start(keep_result(std::move(task), result));
    run_until([&] { return result.has_value(); });
    return std::move(*result);
  }
  void pass(Span span) {
    const Instant until = clock_.now() + span;
    quiet();
    for (auto next = clock_.next_timer(); next && *next <= until; next = clock_.next_timer()) {
      clock_.advance_to(*next);
      quiet();
    }
    clock_.advance_to(until);
    quiet();
  }
  std::vector<int> asked_after() const {  // seconds since noon
    std::vector<int> times;
    for (const Asked& one : web_.asked) {
      times.push_back(
          static_cast<int>(std::chrono::duration_cast<seconds>(one.time - noon).count()));
    }
    return times;
  }
  std::string url(const std::string& name) const { return feed_of(name).url; }
  FeedHealth health() const { return poller_->health().front(); }
  // Stored, and not as what a first fetch found.
  bool is_news(const std::string& title) {
    const std::vector<DocumentRow> found = reader()->find_items(title, 1);
    return !found.empty() && !found.front().baseline;
  }

  // Feeds of one host, by path.
  std::vector<FeedConfig> of_host(const std::string& host, int count) {
    std::vector<FeedConfig> feeds;
    for (int i = 0; i < count; ++i) {
      FeedConfig config = feed(host + std::to_string(i), hours(1));
      config.url = config.key = "https://" + host + ".example/" + std::to_string(i);
      feeds.push_back(std::move(config));
    }
    return feeds;
  }

  Settings settings_;
  FakeWeb web_{clock_};
  std::unique_ptr<Poller> poller_;
  std::shared_ptr<Outcome> running_;
};

TEST_F(PollerTest, OnlyTroubledFeedsAreGivenToWhoAsksForThem) {
  web_.scripts[url("ina")] = {document(rss({"border old"}))};
  web_.scripts[url("moh")] = {status(503)};
  begin({feed("ina"), feed("moh")});
  EXPECT_EQ(poller_->health().size(), 2U);
  const std::vector<FeedHealth> troubled = poller_->health(FeedsAsked::troubled);
  ASSERT_EQ(troubled.size(), 1U);
  EXPECT_EQ(troubled[0].name, "moh");
}

TEST_F(PollerTest, AGlanceCountsAllFeedsAndCopiesTheFirstOfThoseThatNeedALook) {
  std::vector<FeedConfig> feeds = of_host("down", 12);  // without a script: 500
  web_.scripts[url("ina")] = {document(rss({"border old"}))};
  feeds.push_back(feed("ina"));
  begin(std::move(feeds));
  pass(minutes(1));
  const FeedGlance glance = glance_at(poller_->slots());
  EXPECT_EQ(glance.totals.feeds, 13U);
  EXPECT_EQ(glance.totals.failing, 12U);
  EXPECT_EQ(glance.totals.good, 1U);
  EXPECT_EQ(glance.totals.to_look_at, 12U);
  EXPECT_EQ(glance.totals.polls, 13U);
  ASSERT_EQ(glance.noted.size(), most_noted);
  EXPECT_EQ(glance.noted.back().name, "down7");
}

TEST_F(PollerTest, AllOfVeryManyFeedsAreToldBitByBit) {
  begin(of_host("many", 1200));
  std::optional<std::vector<FeedHealth>> told;
  auto mark = [](FeedHealth& one) { one.websub = "seen"; };
  start(keep_result(health_in_slices(loop_.get_executor(), poller_->slots(), mark), told));
  std::size_t turns = 0;
  for (loop_.restart(); !told && loop_.poll_one() > 0;) ++turns;
  ASSERT_TRUE(told);
  EXPECT_GT(turns, 2U);
  ASSERT_EQ(told->size(), 1200U);
  EXPECT_EQ(told->back().name, "many1199");
  EXPECT_EQ(told->back().websub, "seen");
}

TEST_F(PollerTest, TheFirstFetchIsABaselineAndWhatComesAfterItAlerts) {
  web_.scripts[url("ina")] = {document(rss({"border old"}), {{"ETag", "\"1\""}}),
                              document(rss({"border new one", "border old"}))};
  begin({feed("ina")});
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(health().would_alert, 1U);
  EXPECT_EQ(health().title, "Example");
  pass(minutes(5) + seconds(31));
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  EXPECT_EQ(feeds::header(web_.asked.back().headers, "If-None-Match"), "\"1\"");
}

TEST_F(PollerTest, NotModifiedAndTheSameBodyChangeNothing) {
  web_.scripts[url("ina")] = {document(rss({"border old"}), {{"ETag", "\"1\""}}), status(304),
                              document(rss({"border old"}), {{"ETag", "\"2\""}})};
  begin({feed("ina")});
  pass(minutes(11));
  ASSERT_EQ(web_.asked.size(), 3U);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(health().state.failures, 0U);
  EXPECT_EQ(health().state.etag, "\"2\"");
  EXPECT_EQ(reader()->counts().documents, 1U);
}

TEST_F(PollerTest, NotModifiedIsNoAnswerToWhoAsksForTheWhole) {
  web_.scripts[url("ina")] = {status(304), document(rss({"border old"}))};
  begin({feed("ina")});
  EXPECT_EQ(health().state.failures, 1U);
  EXPECT_EQ(health().state.failure,
            "the server answered 304 (not modified), though the whole was asked for");
  EXPECT_FALSE(health().state.baseline_done);
  pass(minutes(6));
  EXPECT_EQ(health().state.failures, 0U);
  EXPECT_TRUE(health().state.baseline_done);
}

TEST_F(PollerTest, AFeedThatFailsIsReportedAskedLaterAndKeepsWhatItHad) {
  web_.scripts[url("ina")] = {document(rss({"old"}), {{"ETag", "\"1\""}}), status(503),
                              document("<html><body>log in</body></html>")};
  begin({feed("ina")});
  pass(minutes(6));
  EXPECT_EQ(health().state.failures, 1U);
  EXPECT_THAT(health().state.failure, HasSubstr("503"));
  EXPECT_EQ(health().state.etag, "\"1\"");
  pass(hours(2));
  EXPECT_GE(health().state.failures, 2U);
  EXPECT_EQ(health().state.etag, "\"1\"");
  EXPECT_EQ(reader()->feeds().front().state.failures, health().state.failures);
}

TEST_F(PollerTest, APollThatEndsEarlyIsAFailureWithItsBackOff) {
  web_.breaks = true;
  begin({feed("ina", minutes(1))});
  pass(hours(4));
  EXPECT_LT(web_.asked.size(), 60U) << "not every half a minute";
  EXPECT_THAT(health().state.failure, HasSubstr("the poll ended early: "));
  EXPECT_GT(health().state.failures, 5U);
}

TEST_F(PollerTest, APlainBodyLabelledGzipIsAskedForOnceMoreUnencoded) {
  web_.scripts[url("ina")] = {document(rss({"old"}), {{"Content-Encoding", "gzip"}}),
                              document(rss({"old"}))};
  begin({feed("ina")});
  ASSERT_EQ(web_.asked.size(), 2U);
  EXPECT_EQ(feeds::header(web_.asked.back().headers, "Accept-Encoding"), "identity");
  EXPECT_TRUE(health().state.baseline_done);
}

TEST_F(PollerTest, APermanentRedirectIsKeptOnceItRepeats) {
  feeds::Reply moved = document(rss({"old"}));
  moved.permanent_url = moved.effective_url = "https://moved.example/feed";
  web_.scripts[url("ina")] = {moved};
  web_.scripts[moved.permanent_url] = {document(rss({"old"}))};
  begin({feed("ina")});
  pass(minutes(22));
  ASSERT_GE(web_.asked.size(), 4U);
  EXPECT_EQ(web_.asked[2].url, url("ina"));
  EXPECT_EQ(web_.asked[3].url, moved.permanent_url);
  EXPECT_EQ(health().state.moved_to, moved.permanent_url);
}

TEST_F(PollerTest, NoMoreThanTheBoundArePolledAtOnce) {
  web_.takes = seconds(1);
  std::vector<FeedConfig> feeds;
  for (int i = 0; i < 10; ++i) feeds.push_back(feed("f" + std::to_string(i)));
  PollerLimits limits;
  limits.at_once = 3;
  begin(feeds, limits);
  pass(std::chrono::milliseconds(100));
  EXPECT_EQ(web_.under_way, 3U);
  pass(seconds(20));
  EXPECT_EQ(web_.most, 3U);
  EXPECT_EQ(web_.asked.size(), 10U);
}

TEST_F(PollerTest, OverdueFeedsAreSpreadAtTheStart) {
  std::vector<FeedConfig> feeds;
  for (int i = 0; i < 8; ++i) feeds.push_back(feed("f" + std::to_string(i)));
  PollerLimits limits;
  limits.at_once = 2;
  limits.spread = seconds(2);
  begin(feeds, limits);
  pass(seconds(20));
  EXPECT_THAT(asked_after(), ElementsAre(0, 2, 4, 6, 8, 10, 12, 14));
}

TEST_F(PollerTest, AHostIsAskedByFewAtOnceAndNotWithoutARest) {
  web_.takes = seconds(10);
  settings_.http.connections_per_host = 2;
  settings_.http.spacing = seconds(1);
  begin(of_host("one", 5));
  pass(minutes(1));
  EXPECT_THAT(asked_after(), ElementsAre(0, 1, 10, 11, 20));
  EXPECT_EQ(web_.most, 2U);
}

// Row 24: the resolver hangs until the request's deadline.
TEST_F(PollerTest, AHostThatHangsDelaysNoOther) {
  std::vector<FeedConfig> feeds = of_host("hanging", 300);
  feeds.push_back(feed("quick", minutes(5)));
  for (int i = 0; i < 300; ++i) {
    feeds::Reply reply;
    reply.failure = feeds::TransportFailure::dns;
    web_.scripts["https://hanging.example/" + std::to_string(i)] = {reply};
  }
  web_.scripts[url("quick")] = {document(rss({"old"}))};
  web_.hangs["hanging.example"] = seconds(60);
  begin(feeds);
  pass(minutes(11));
  std::vector<int> quick;
  for (const Asked& one : web_.asked) {
    if (one.url != url("quick")) continue;
    quick.push_back(static_cast<int>(std::chrono::duration_cast<seconds>(one.time - noon).count()));
  }
  ASSERT_GE(quick.size(), 3U);
  EXPECT_LE(quick[0], 300);  // the start is spread
  EXPECT_NEAR(quick[1] - quick[0], 300, 5);
  EXPECT_NEAR(quick[2] - quick[1], 300, 5);
  finish();
  pass(minutes(2));  // those that hang are still under way
  run_until([this] { return running_->ended; });
}

TEST_F(PollerTest, NoMorePollsGoOutThanTheBudgetHas) {
  settings_.polling = {60, hours(1)};
  std::vector<FeedConfig> feeds;
  for (int i = 0; i < 20; ++i) feeds.push_back(feed("f" + std::to_string(i), minutes(1)));
  begin(feeds);
  pass(hours(2));
  EXPECT_LE(web_.asked.size(), 150U);  // 30 were saved up
  EXPECT_GE(web_.asked.size(), 120U);  // what two hours bring is used
  const std::size_t before = web_.asked.size();
  EXPECT_TRUE(poller_->poll_now("f3"));
  quiet();
  EXPECT_EQ(web_.asked.size(), before + 1);
}

TEST_F(PollerTest, AReplayNeedsNoBudget) {
  settings_.polling = {1, hours(24)};
  const std::string path = folder_.file("replay.jsonl");
  std::ofstream(path) << "{\"title\":\"a border\",\"after\":5}\n{\"title\":\"b\",\"after\":5}\n";
  FeedConfig config;
  config.key = "replay:" + path;
  config.name = "sample";
  config.replay = path;
  begin({config, feed("ina")});
  pass(minutes(1));
  EXPECT_EQ(told().size(), 1U);
}

// Row 55.
TEST_F(PollerTest, TwoDocumentsWithoutACommonItemAreAGapAndPolledFaster) {
  web_.scripts[url("ina")] = {document(rss({"one", "two"})), document(rss({"three", "four"})),
                              document(rss({"three", "four"}))};
  FeedConfig config = feed("ina");
  config.every.reset();
  begin({config});
  EXPECT_EQ(health().state.gaps, 0U);
  pass(minutes(6));
  ASSERT_EQ(web_.asked.size(), 2U);
  EXPECT_EQ(health().state.gaps, 1U);
  EXPECT_LE(health().state.interval, seconds(150));
  EXPECT_EQ(reader()->feeds().front().state.gaps, 1U);
  pass(hours(1));
  EXPECT_EQ(health().state.gaps, 1U);
}

TEST_F(PollerTest, WhatWasLearnedSurvivesARestart) {
  web_.scripts[url("ina")] = {document(rss({"one"})), document(rss({"two", "one"}))};
  begin({feed("ina")});
  pass(hours(1));
  const std::string before = feeds::pack_rhythm(health().state.rhythm);
  EXPECT_FALSE(before.empty());
  stop_and_restart({feed("ina")});
  EXPECT_EQ(feeds::pack_rhythm(health().state.rhythm), before);
}

TEST_F(PollerTest, ARestartKeepsTheDueTimes) {
  web_.scripts[url("ina")] = {document(rss({"old"}))};
  begin({feed("ina")});
  pass(minutes(1));
  stop_and_restart({feed("ina")});
  EXPECT_EQ(web_.asked.size(), 1U);
  pass(minutes(4) + seconds(31));
  EXPECT_EQ(web_.asked.size(), 2U);
}

TEST_F(PollerTest, PollNowAsksAtOnceAlsoAPausedFeed) {
  web_.scripts[url("ina")] = {status(410), document(rss({"old"}))};
  begin({feed("ina")});
  EXPECT_TRUE(health().state.paused);
  pass(hours(100));
  EXPECT_EQ(web_.asked.size(), 1U);
  EXPECT_FALSE(poller_->poll_now("nobody"));
  EXPECT_TRUE(poller_->poll_now("ina"));
  quiet();
  EXPECT_EQ(web_.asked.size(), 2U);
  EXPECT_FALSE(health().state.paused);
}

TEST_F(PollerTest, AFeedTakenOutAndPutBackDuringItsPollIsNotPolledTwiceAtOnce) {
  web_.takes = seconds(30);
  web_.scripts[url("ina")] = {document(rss({"old"}))};
  begin({feed("ina")});
  ASSERT_EQ(web_.under_way, 1U);
  ASSERT_TRUE(load({feed("sana")}));
  ASSERT_TRUE(load({feed("ina")}));
  pass(seconds(20));
  EXPECT_EQ(web_.asked.front().url, url("ina"));
  EXPECT_EQ(std::count_if(web_.asked.begin(), web_.asked.end(),
                          [&](const Asked& one) { return one.url == url("ina"); }),
            1);
  pass(seconds(30));
  EXPECT_EQ(health().polls, 1U);
  EXPECT_TRUE(health().state.baseline_done);
}

TEST_F(PollerTest, PollsAndPushesOfAFeedAreDecidedOneAfterTheOther) {
  web_.takes = seconds(20);
  web_.scripts[url("ina")] = {document(rss({"old"})), document(rss({"border polled", "old"})),
                              document(rss({"border later", "border polled", "old"}))};
  begin({feed("ina")});
  pass(seconds(20));
  pass(minutes(5));
  ASSERT_EQ(web_.under_way, 1U);
  std::vector<std::optional<PushOutcome>> outcomes(2);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    PushedDocument pushed;
    pushed.body = rss({"border pushed" + std::to_string(i), "old"});
    start(keep_result(poller_->push(url("ina"), std::move(pushed)), outcomes[i]));
  }
  quiet();
  EXPECT_THAT(told(), IsEmpty()) << "the poll has its turn first";
  EXPECT_FALSE(outcomes[0]);
  pass(seconds(21));
  const std::vector<DocumentRow> documents = reader()->find_items("border", 10);
  std::vector<std::string> titles;
  for (const DocumentRow& one : documents) titles.push_back(one.input.title);
  EXPECT_THAT(titles, ElementsAre("border pushed1", "border pushed0", "border polled"));
  EXPECT_EQ(outcomes[0], PushOutcome::taken);
  EXPECT_EQ(outcomes[1], PushOutcome::taken);
}

TEST_F(PollerTest, AnIntervalChangedDuringAPollCountsFromThatPoll) {
  web_.takes = seconds(10);
  web_.scripts[url("ina")] = {document(rss({"old"}))};
  begin({feed("ina", hours(24))});
  ASSERT_TRUE(load({feed("ina", minutes(1))}));
  pass(minutes(2));
  EXPECT_GE(web_.asked.size(), 2U);
}

TEST_F(PollerTest, AFeedWhoseUrlIsMendedIsAskedAtOnce) {
  FeedConfig config = feed("ina", hours(24));
  config.key = "the-id";
  begin({config});
  ASSERT_EQ(web_.asked.size(), 1U);
  config.url = "https://mended.example/feed";
  ASSERT_TRUE(load({config}));
  quiet();
  ASSERT_EQ(web_.asked.size(), 2U);
  EXPECT_EQ(web_.asked.back().url, config.url);
}

TEST_F(PollerTest, AFailingFeedThatGetsAnotherLoginIsAskedAtOnce) {
  web_.scripts[url("ina")] = {status(401)};
  web_.scripts[url("sana")] = {document(rss({"old"}))};
  begin({feed("ina", hours(24)), feed("sana", hours(24))});
  ASSERT_EQ(web_.asked.size(), 2U);
  std::vector<FeedConfig> feeds = {feed("ina", hours(24)), feed("sana", hours(24))};
  FeedRequest request;
  request.basic = {"desk", {SecretRef::From::literal, "word"}};
  for (FeedConfig& one : feeds) one.own_request = std::make_shared<const FeedRequest>(request);
  ASSERT_TRUE(load(feeds));
  pass(seconds(1));
  ASSERT_EQ(web_.asked.size(), 3U) << "the one that does not fail has time";
  EXPECT_EQ(web_.asked.back().url, url("ina"));
}

TEST_F(PollerTest, ALowerBoundOnTheRhythmCountsFromTheLastPoll) {
  web_.scripts[url("ina")] = {document(rss({"old"}))};
  FeedConfig config = feed("ina");
  config.every.reset();
  config.every_least = hours(20);
  begin({config});
  ASSERT_EQ(web_.asked.size(), 1U);
  config.every_least.reset();
  config.every_most = minutes(10);
  ASSERT_TRUE(load({config}));
  pass(minutes(11));
  EXPECT_GE(web_.asked.size(), 2U);
}

TEST_F(PollerTest, AFeedThatGetsOrLosesItsIdHasNoSecondFirstFetch) {
  web_.scripts[url("ina")] = {document(rss({"old"})), document(rss({"border one", "old"})),
                              document(rss({"border two", "border one", "old"}))};
  FeedConfig config = feed("ina");
  begin({config});
  const std::string address = std::exchange(config.key, "the-id");
  ASSERT_TRUE(load({config}));
  pass(minutes(6));
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  ASSERT_EQ(reader()->feeds().size(), 1U);
  EXPECT_EQ(reader()->feeds().front().key, "the-id");
  config.key = address;
  stop_and_restart({config});
  pass(minutes(6));
  EXPECT_TRUE(is_news("border two"));
  ASSERT_EQ(reader()->feeds().size(), 1U);
  EXPECT_EQ(reader()->feeds().front().key, address);
}

// Two names for one address, of which the second could not be asked yet: it has a place already.
TEST_F(PollerTest, AFeedThatIsThereAlreadyTakesNoOthersPlace) {
  web_.scripts[url("ina")] = {document(rss({"old"})), status(500)};
  web_.scripts[url("sana")] = {document(rss({"other"}))};
  FeedConfig first = feed("ina");
  begin({first});
  FeedConfig second = first;
  second.key = second.name = "the-id";
  ASSERT_TRUE(load({first, second}));
  pass(minutes(1));
  ASSERT_TRUE(load({second, feed("sana")}));
  pass(minutes(60));
  std::set<std::string> keys;
  for (const FeedRow& row : reader()->feeds()) keys.insert(row.key);
  EXPECT_THAT(keys, ElementsAre("https://ina.example/feed", "https://sana.example/feed", "the-id"));
  EXPECT_TRUE(std::any_of(web_.asked.begin(), web_.asked.end(),
                          [this](const auto& one) { return one.url == url("sana"); }));
}

TEST_F(PollerTest, AFeedPutUnderTheAddressToWhichItMovedGoesOnWithItsState) {
  feeds::Reply moved = document(rss({"border old"}));
  moved.permanent_url = moved.effective_url = "https://new.example/feed";
  web_.scripts[url("ina")] = {moved};
  web_.scripts["https://new.example/feed"] = {document(rss({"border old"})),
                                              document(rss({"border new one", "border old"}))};
  FeedConfig config = feed("ina");
  begin({config});
  pass(minutes(16));
  ASSERT_EQ(web_.asked.back().url, "https://new.example/feed");
  config.key = "the-id";
  config.url = "https://new.example/feed";
  ASSERT_TRUE(load({config}));
  pass(minutes(6));
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
}

TEST_F(PollerTest, AnIdGivenDuringAPollWaitsForWhatThePollBrings) {
  web_.takes = seconds(30);
  web_.scripts[url("ina")] = {document(rss({"border old"})),
                              document(rss({"border new one", "border old"}))};
  FeedConfig config = feed("ina");
  begin({config});
  pass(seconds(30));
  pass(minutes(5));
  ASSERT_EQ(web_.under_way, 1U);
  config.key = "the-id";
  auto next = generation({rule_of("border", "border")});
  next->feeds = {config};
  std::optional<Result<void>> loaded;
  start(keep_result(poller_->set_snapshot(next), loaded));
  quiet();
  EXPECT_FALSE(loaded);
  pass(seconds(31));
  run_until([&] { return loaded.has_value(); });
  ASSERT_TRUE(*loaded);
  pass(minutes(6));
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  const std::vector<FeedRow> rows = reader()->feeds();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key, "the-id");
}

TEST_F(PollerTest, AClockThatIsSetBackAYearSilencesNoFeed) {
  web_.scripts[url("ina")] = {document(rss({"old"}))};
  begin({feed("ina")});
  clock_.set_wall(noon - hours(24 * 365));
  pass(minutes(6));
  EXPECT_EQ(web_.asked.size(), 2U);
}

TEST_F(PollerTest, ADueTimeStoredUnderAClockAYearAheadIsNotBelieved) {
  web_.scripts[url("ina")] = {document(rss({"old"}))};
  clock_.set_wall(noon + hours(24 * 365));
  begin({feed("ina")});
  ASSERT_EQ(web_.asked.size(), 1U);
  finish();
  poller_.reset();
  clock_.set_wall(noon);
  restart();
  begin({feed("ina")});
  EXPECT_EQ(web_.asked.size(), 2U);
}

TEST_F(PollerTest, AStopLetsThePollsUnderWayFinish) {
  web_.takes = seconds(3);
  web_.scripts[url("ina")] = {document(rss({"old"}))};
  begin({feed("ina")});
  finish();
  EXPECT_FALSE(running_->ended);
  pass(seconds(3));
  run_until([this] { return running_->ended; });
  EXPECT_EQ(running_->error, "");
  EXPECT_EQ(reader()->counts().documents, 1U);
}

TEST_F(PollerTest, AStopDoesNotWaitForAPushWhoseTurnNeverComes) {
  web_.scripts[url("ina")] = {document(rss({"old"}))};
  begin({feed("ina")});
  web_.takes = seconds(3);
  pass(minutes(5));
  ASSERT_EQ(web_.under_way, 1U);
  std::optional<PushOutcome> outcome;
  PushedDocument pushed;
  pushed.body = rss({"border pushed", "old"});
  start(keep_result(poller_->push(url("ina"), std::move(pushed)), outcome));
  quiet();
  EXPECT_FALSE(outcome);
  finish();
  run_until([&] { return outcome.has_value(); });
  EXPECT_EQ(outcome, PushOutcome::busy) << "its hub comes again";
  pass(seconds(3));
  run_until([this] { return running_->ended; });
}

TEST_F(PollerTest, NothingIsPolledWhileTheDiskIsNearlyFull) {
  close();
  low_water_ = std::numeric_limits<std::uint64_t>::max();
  open();
  begin({feed("ina")});
  pass(minutes(10));
  EXPECT_TRUE(poller_->held_by_disk());
  EXPECT_THAT(web_.asked, IsEmpty());
}

TEST_F(PollerTest, AReplayReleasesItsItemsOneByOneAndARestartAlertsNothingAgain) {
  const std::string path = folder_.file("replay.jsonl");
  std::ofstream(path)
      << "{\"title\":\"Peru: fishermen protest against border fees\",\"after\":5}\n"
         "{\"title\":\"Astronomers map the border of a galaxy cluster\",\"after\":5}\n";
  FeedConfig config;
  config.key = "replay:" + path;
  config.name = "sample";
  config.replay = path;
  begin({config});
  EXPECT_THAT(told(), IsEmpty());
  pass(seconds(6));
  EXPECT_EQ(told().size(), 1U);
  pass(seconds(6));
  EXPECT_EQ(told().size(), 2U);
  stop_and_restart({config});
  pass(minutes(1));
  EXPECT_EQ(told().size(), 2U);
}

}  // namespace
}  // namespace wirewatch::daemon
