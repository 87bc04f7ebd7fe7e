// Items that wait for their page or for the operator: two transactions, and nothing lost between.
#include <atomic>
#include <boost/system/system_error.hpp>

#include "daemon/pipeline/articles.h"
#include "tests/daemon/pipeline/faulty_pipeline.h"
#include "tests/daemon/pipeline/pipeline_fixture.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class WaitingTest : public PipelineTest {
 protected:
  WaitingTest() { begin(); }
  void begin() {
    auto live = std::make_shared<Snapshot>(*rules_);
    live->feeds = {fetching("ina"), feed_of("plain")};
    live_ = live;
    engine_->set_snapshot(live_);
    Engine::Hooks hooks;
    hooks.fetch_pages = [this](std::vector<WaitingRow> rows) {
      for (WaitingRow& row : rows) asked_.push_back(std::move(row));
    };
    hooks.notice = [this](const OperatorNotice& notice) { notices_.push_back(notice.text); };
    engine_->set_hooks(std::move(hooks));
  }
  void crash_and_restart() {
    restart();
    asked_.clear();
    begin();
  }

  static FeedConfig fetching(const std::string& name) {
    FeedConfig feed = feed_of(name);
    feed.fetch_article = feeds::FetchArticle::always;
    return feed;
  }
  static feeds::Item teaser(const std::string& id, const std::string& text = "Read more there.") {
    feeds::Item item = item_of(id, "Report " + id, text);
    item.link = "https://ina.example/" + id;
    return item;
  }
  Result<Taken> take_from(const FeedConfig& feed, std::vector<feeds::Item> items,
                          bool baseline = false) {
    Arrival made = arrival(feed.name, std::move(items), baseline);
    made.snapshot = live_;
    made.feed = feed;
    return wait_for(engine_->take(std::move(made)));
  }
  Result<Taken> settle_with(WaitingRow row, const std::string& text) {
    row.input.text = text;
    std::vector<Settled> settled;
    settled.push_back({std::move(row), {"article: as the test says"}, false});
    return wait_for(engine_->decide_settled(std::move(settled)));
  }
  // A feed with twenty known reports that then pours out `count` others of long ago.
  void pour_out(int count) {
    std::vector<feeds::Item> known;
    for (int n = 0; n < 20; ++n) known.push_back(dated(n, std::chrono::hours(n)));
    ASSERT_TRUE(take_from(feed_of("plain"), known, true));
    std::vector<feeds::Item> old;
    for (int n = 0; n < count; ++n)
      old.push_back(dated(100 + n, std::chrono::minutes(60 * 24 * 2 - n)));
    const auto taken = take_from(feed_of("plain"), old);
    ASSERT_TRUE(taken);
    ASSERT_EQ(taken->held, static_cast<std::size_t>(count));
  }
  feeds::Item dated(int number, Span ago) {
    std::string text;
    for (int i = 0; i < 20; ++i) text += "w" + std::to_string(number * 31 + i) + " ";
    feeds::Item item =
        item_of("n" + std::to_string(number),
                (number < 100 ? "Known " : "Border ") + std::to_string(number), text);
    item.link = "https://plain.example/" + std::to_string(number);
    item.published = clock_.now() - ago;
    return item;
  }
  std::size_t held() {
    const auto& feeds = engine_->waiting().held_by_feed();
    const auto found = feeds.find(feed_of("plain").key);
    return found == feeds.end() ? 0 : found->second.count;
  }

  std::shared_ptr<const Snapshot> live_;
  std::vector<WaitingRow> asked_;
  std::vector<std::string> notices_;
};

TEST_F(WaitingTest, AnItemThatWaitsForItsPageIsKnownAndDecidedInASecondTransaction) {
  const auto taken = take_from(fetching("ina"), {teaser("1")});
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->fresh, 1U);
  EXPECT_EQ(taken->pages, 1U);
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(reader()->counts().documents, 0U);
  EXPECT_TRUE(reader()->item(asked_[0].input.id));
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("1")}));
  EXPECT_EQ(asked_.size(), 1U) << "seen again, nothing is asked anew";

  const auto decided = settle_with(asked_[0], "The border is closed.");
  ASSERT_TRUE(decided);
  EXPECT_EQ(decided->alerts, 1U);
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  EXPECT_THAT(woken_, ElementsAre("desk"));
  EXPECT_THAT(reader()->notes(asked_[0].input.id, 1), ElementsAre("article: as the test says"));
  EXPECT_THAT(reader()->waiting_entries(), IsEmpty());
}

TEST_F(WaitingTest, AfterACrashBetweenTheTwoItStillWaitsAndIsDecidedOnce) {
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("1")}));
  crash_and_restart();
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("1")}));
  const std::vector<WaitingRow> rows = reader()->waiting(WaitingFor::article, "", 10);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].input.text, "Read more there.");
  EXPECT_EQ(rows[0].input.source, "ina");
  ASSERT_TRUE(settle_with(rows[0], "The border is closed."));
  const auto again = settle_with(rows[0], "The border is closed.");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->items, 0U) << "decided already";
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
}

TEST_F(WaitingTest, AnEditMeanwhileTakesItsPlaceAndIsStillNew) {
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("1")}));
  const WaitingRow first = asked_.at(0);
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("1", "Read it all over there, corrected.")}));
  ASSERT_EQ(asked_.size(), 2U);
  const auto late = settle_with(first, "The border is closed.");
  ASSERT_TRUE(late);
  EXPECT_EQ(late->items, 0U) << "its page came too late";
  const auto decided = settle_with(asked_[1], "The border is closed.");
  ASSERT_TRUE(decided);
  EXPECT_EQ(decided->fresh, 1U);
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
}

TEST_F(WaitingTest, AnEditThatWantsNoPageAnyMoreIsDecidedAtOnce) {
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("1")}));
  const WaitingRow first = asked_.at(0);
  const auto edited = take_from(feed_of("ina"), {teaser("1", "The border is closed, they say.")});
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->fresh, 1U) << "nothing of it was decided before";
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  EXPECT_THAT(reader()->waiting_entries(), IsEmpty());
  const auto late = settle_with(first, "Something else of the border.");
  ASSERT_TRUE(late);
  EXPECT_EQ(late->items, 0U);
}

TEST_F(WaitingTest, WhatLooksRepublishedIsHeldWithOneNoticeAlsoOverARestart) {
  pour_out(30);
  EXPECT_EQ(held(), 30U);
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_THAT(notices_[0], HasSubstr("feed \"plain\": 30 new items look republished and are held"));
  crash_and_restart();
  EXPECT_EQ(held(), 30U);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(WaitingTest, ReleasedItIsDecidedInTheOrderInWhichItCame) {
  pour_out(30);
  const auto released = wait_for(engine_->release(feed_of("plain").key, false));
  ASSERT_TRUE(released) << released.error().text;
  EXPECT_EQ(*released, 30U);
  EXPECT_EQ(held(), 0U);
  std::vector<std::string> headlines;
  for (const DeliveryRow& row : deliveries()) {
    headlines.push_back(alert_view_from_json(row.payload)->headline);
  }
  ASSERT_EQ(headlines.size(), 30U);
  EXPECT_EQ(headlines.front(), "Border 100") << "the oldest first";
  EXPECT_EQ(headlines.back(), "Border 129");
  const auto none = wait_for(engine_->release(feed_of("plain").key, false));
  ASSERT_TRUE(none);
  EXPECT_EQ(*none, 0U);
  EXPECT_EQ(reader()->publisher(feed_of("plain").key).largest, 30) << "the operator knows better";
}

TEST_F(WaitingTest, DroppedItIsArchivedAndNobodyHearsOfIt) {
  pour_out(12);
  const auto dropped = wait_for(engine_->release(feed_of("plain").key, true));
  ASSERT_TRUE(dropped);
  EXPECT_EQ(*dropped, 12U);
  EXPECT_THAT(told(), IsEmpty());
  const auto found = reader()->find_items("Border 100", 1);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(reader()->notes(found[0].input.id, 1),
              ElementsAre("looked republished: older than what the feed had shown before",
                          "held as republished, then dropped by the operator"));
}

TEST_F(WaitingTest, ReleasedItemsOfAFeedThatFetchesPagesWaitForThem) {
  auto live = std::make_shared<Snapshot>(*live_);
  pour_out(12);
  live->feeds = {fetching("plain")};
  engine_->set_snapshot(live);
  live_ = live;
  settle();
  ASSERT_TRUE(wait_for(engine_->release(feed_of("plain").key, false)));
  ASSERT_EQ(asked_.size(), 12U);
  EXPECT_EQ(held(), 0U);
  EXPECT_THAT(told(), IsEmpty());
  const std::vector<WaitingRow> rows = asked_;
  for (const WaitingRow& row : rows) ASSERT_TRUE(settle_with(row, row.input.text));
  EXPECT_EQ(told().size(), 12U);
}

class FaultyWaitingTest : protected Disk, public WaitingTest {
 protected:
  FaultyWaitingTest() {
    disk.before_write([this] { return full ? SQLITE_FULL : 0; });
  }
  ~FaultyWaitingTest() override { close(); }
  std::atomic<bool> full = false;
};

TEST_F(FaultyWaitingTest, ACommitThatFailsLeavesNothingWaitingInMemory) {
  full = true;
  EXPECT_FALSE(take_from(fetching("ina"), {teaser("1")}));
  full = false;
  settle();
  EXPECT_THAT(asked_, IsEmpty());
  EXPECT_EQ(engine_->waiting().articles(), 0U);
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("1")}));
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(FaultyWaitingTest, ADecisionThatCannotBeStoredLeavesItWaiting) {
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("1")}));
  full = true;
  EXPECT_FALSE(settle_with(asked_.at(0), "The border is closed."));
  full = false;
  settle();
  EXPECT_EQ(engine_->waiting().articles(), 1U);
  ASSERT_TRUE(settle_with(asked_.at(0), "The border is closed."));
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
}

TEST_F(WaitingTest, WhatAFeedBringsAfterALongAbsenceIsOneDigestAlsoWhereItWaitedForItsPage) {
  Arrival made = arrival("ina", {teaser("1"), teaser("2")});
  made.snapshot = live_;
  made.feed = fetching("ina");
  made.absent = std::chrono::hours(13);
  ASSERT_TRUE(wait_for(engine_->take(std::move(made))));
  ASSERT_EQ(asked_.size(), 2U);
  const bool turned = asked_[0].input.url.ends_with("/2");
  ASSERT_TRUE(settle_with(asked_[turned ? 1 : 0], "The border is closed."));
  // An edit that comes soon after is of the same absence.
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("2", "Read it all over there, corrected.")}));
  crash_and_restart();
  const std::vector<WaitingRow> rows = reader()->waiting(WaitingFor::article, "", 10);
  ASSERT_EQ(rows.size(), 1U);
  ASSERT_TRUE(settle_with(rows[0], "Smugglers crossed a border river on Thursday."));
  ASSERT_EQ(deliveries().size(), 2U);
  for (const DeliveryRow& row : deliveries()) {
    EXPECT_EQ(row.state, DeliveryState::collected);
    EXPECT_THAT(row.answer, HasSubstr("caught up: the feed was not heard of for"));
  }
}

TEST_F(WaitingTest, WhatAFeedBringsAfterALongAbsenceIsOneDigestAlsoWhereAnEditWantsNoPage) {
  Arrival made = arrival("ina", {teaser("1")});
  made.snapshot = live_;
  made.feed = fetching("ina");
  made.absent = std::chrono::hours(13);
  ASSERT_TRUE(wait_for(engine_->take(std::move(made))));
  ASSERT_TRUE(take_from(feed_of("ina"), {teaser("1", "The border is closed, they say."),
                                         item_of("2", "Border guards found eleven lost geese")}));
  const std::vector<DeliveryRow> all = deliveries();
  ASSERT_EQ(all.size(), 2U);
  std::size_t gathered = 0;
  for (const DeliveryRow& row : all) {
    if (row.state != DeliveryState::collected) continue;
    ++gathered;
    EXPECT_THAT(row.answer, HasSubstr("caught up: the feed was not heard of for"));
    EXPECT_THAT(row.payload, HasSubstr("Report 1"));
  }
  EXPECT_EQ(gathered, 1U) << "what came later is told at once";
}

// Pages that are not there, after `delay`; the first `failures` requests end in an exception.
class NoPages : public Fetcher {
 public:
  explicit NoPages(Clock& clock) : clock_(clock) {}
  asio::awaitable<feeds::Reply> fetch(HttpRequest request) override {
    asked.push_back(std::move(request.url));
    if (failures > 0) {
      --failures;
      throw boost::system::system_error(asio::error::no_buffer_space);
    }
    if (delay > Span::zero()) co_await sleep_for(clock_, delay);
    feeds::Reply reply;
    reply.status = 404;
    co_return reply;
  }
  Span delay{};
  int failures = 0;
  std::vector<std::string> asked;

 private:
  Clock& clock_;
};

class ArticlesTest : public WaitingTest {
 protected:
  void resume() {
    articles_ = std::make_unique<Articles>(loop_.get_executor(), clock_, pages_, pool_, *engine_);
    articles_->set_snapshot(live_);
    ASSERT_TRUE(wait_for(articles_->resume(*store_)));
    running_ = start(articles_->run());
  }
  ~ArticlesTest() override {
    if (!running_) return;
    running_->cancel.emit(asio::cancellation_type::terminal);
    settle();
  }
  NoPages pages_{clock_};
  std::unique_ptr<Articles> articles_;
  std::shared_ptr<Outcome> running_;
};

TEST_F(ArticlesTest, AnExceptionOnTheWayToAPageLeavesTheFeedsOwnText) {
  ASSERT_TRUE(take_from(fetching("ina"), {teaser("1", "The border is closed.")}));
  pages_.failures = 1;
  resume();
  settle();
  advance(std::chrono::minutes(1));
  settle();
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  EXPECT_THAT(reader()->waiting_entries(), IsEmpty());
}

TEST_F(ArticlesTest, AllThatTheStoreHasWaitingIsTakenUpAgain) {
  Commit commit;
  for (std::size_t i = 0; i < WaitingList::most_articles + 5; ++i) {
    WaitingRow row;
    row.input.id = "w" + std::to_string(i);
    row.input.feed = fetching("ina").key;
    row.input.source = "ina";
    row.input.url = "https://ina.example/" + row.input.id;
    row.input.title = "Report";
    commit.waiting.push_back(std::move(row));
  }
  ASSERT_TRUE(wait_for(store_->commit(std::move(commit))));
  crash_and_restart();
  auto all_at_once = std::make_shared<Snapshot>(*live_);
  all_at_once->settings.article.at_once = all_at_once->settings.article.per_host = 10'000;
  live_ = all_at_once;
  pages_.delay = std::chrono::hours(1000);
  resume();
  run_ready();
  EXPECT_EQ(pages_.asked.size(), WaitingList::most_articles + 5);
}

TEST_F(FaultyWaitingTest, ARequestToStopLeavesNoReleasedItemWaitingInMemoryAlone) {
  queue_ = 1;
  crash_and_restart();
  auto live = std::make_shared<Snapshot>(*live_);
  pour_out(12);
  live->feeds = {fetching("plain")};
  engine_->set_snapshot(live);
  settle();
  HeldDisk slow(disk, loop_);
  slow.hold_syncs();
  Commit other;
  other.feeds = {feed_row("other")};
  std::optional<Result<void>> stored;
  const auto first = start(keep_result(store_->commit(std::move(other)), stored));
  std::optional<Result<std::size_t>> released;
  const auto release = start(keep_result(engine_->release(feed_of("plain").key, false), released));
  run_until([&] { return slow.reached() && engine_->waiting().articles() == 12; });
  release->cancel.emit(asio::cancellation_type::terminal);
  slow.let_go();
  settle();
  EXPECT_EQ(reader()->waiting(WaitingFor::article, "", 100).size(), engine_->waiting().articles());
  EXPECT_EQ(asked_.size(), 12U);
}

}  // namespace
}  // namespace wirewatch::daemon
