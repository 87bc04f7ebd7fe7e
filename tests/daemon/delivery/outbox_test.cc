// The deliverer's questions against the real store.
#include "daemon/delivery/outbox.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "daemon/delivery/digest.h"
#include "tests/daemon/loop/loop_test.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::Pair;

class OutboxTest : public LoopTest {
 protected:
  OutboxTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                (std::string("wirewatch-outbox-") +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    StoreOptions options;
    options.folder = folder_;
    auto store = Store::open(options, activity_, loop_.get_executor());
    EXPECT_TRUE(store) << store.error().text;
    store_ = std::move(*store);
    outbox_ = make_outbox(*store_);
  }
  ~OutboxTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void finish(asio::awaitable<void> task) {
    const auto outcome = start(std::move(task));
    run_until([&] { return outcome->ended; });
    EXPECT_EQ(outcome->error, "");
  }

  static asio::awaitable<void> add(Store& store, std::vector<DeliveryRow> rows) {
    Commit commit;
    commit.deliveries = std::move(rows);
    const Result<void> done = co_await store.commit(std::move(commit));
    EXPECT_TRUE(done);
  }

  // Of the story of all alerts here, for two hours.
  static asio::awaitable<void> silence(Store& store) {
    Commit commit;
    AlertRow& alert = commit.alerts.emplace_back();
    alert.state.id = "a1";
    alert.state.rule = "border";
    alert.state.story = alert.state.scope = "s1";
    alert.created = alert.updated = noon;
    rules::Silence& one = commit.silences.emplace_back();
    one.id = "silence";
    one.story = "s1";
    one.created = noon;
    one.until = noon + hours(2);
    const Result<void> done = co_await store.commit(std::move(commit));
    EXPECT_TRUE(done);
  }

  static asio::awaitable<void> ask(Outbox& outbox, std::string receiver, Instant now,
                                   DueDeliveries& answer) {
    Result<DueDeliveries> due = co_await outbox.due(std::move(receiver), now, 100);
    EXPECT_TRUE(due);
    if (due) answer = std::move(*due);
  }

  static asio::awaitable<void> mark(Outbox& outbox, DeliveryMark mark) {
    std::vector<DeliveryMark> marks;
    marks.push_back(std::move(mark));
    const Result<void> done = co_await outbox.mark(std::move(marks));
    EXPECT_TRUE(done);
  }

  static asio::awaitable<void> count(Outbox& outbox, Outbox::Waiting& answer) {
    Result<Outbox::Waiting> waiting = co_await outbox.waiting();
    EXPECT_TRUE(waiting);
    if (waiting) answer = std::move(*waiting);
  }

  std::vector<std::string> due(const std::string& receiver, Instant now) {
    last_ = {};
    finish(ask(*outbox_, receiver, now, last_));
    std::vector<std::string> ids;
    for (const DeliveryRow& row : last_.rows) ids.push_back(row.id);
    return ids;
  }

  static DeliveryRow row(const std::string& id, const std::string& receiver) {
    DeliveryRow row;
    row.id = id;
    row.alert = "a1";
    row.receiver = receiver;
    row.payload = "{}";
    row.created = row.next_attempt = noon;
    return row;
  }

  std::filesystem::path folder_;
  Activity activity_{loop_.get_executor()};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Outbox> outbox_;
  DueDeliveries last_;
};

TEST_F(OutboxTest, WhatIsScheduledForLaterStandsInNobodysWay) {
  finish(
      add(*store_, {row("d1", "desk"), row("d2", "desk"), row("d3", "desk"), row("x", "other")}));
  finish(mark(*outbox_, {"d1", DeliveryState::pending, 1, noon + minutes(5), {}, "404"}));
  finish(mark(*outbox_, {"d2", DeliveryState::delivered, 1, noon, noon, "200"}));
  EXPECT_THAT(due("desk", noon), ElementsAre("d3"));
  EXPECT_EQ(last_.next, noon + minutes(5));
  EXPECT_THAT(due("desk", noon + minutes(5)), ElementsAre("d1", "d3"));
  EXPECT_EQ(last_.next, std::nullopt);
  EXPECT_EQ(last_.rows[0].attempts, 1U);
  EXPECT_EQ(last_.rows[0].answer, "404");
}

TEST_F(OutboxTest, AClockThatWasSetBackHoldsNothing) {
  finish(add(*store_, {row("d1", "desk"), row("d2", "desk")}));
  finish(mark(*outbox_, {"d1", DeliveryState::pending, 1, noon + minutes(5), {}, "404"}));
  EXPECT_THAT(due("desk", noon - hours(24 * 365)), ElementsAre("d1", "d2"));
}

TEST_F(OutboxTest, WhatWasSilencedSinceIsKeptBackAlsoWhereItIsScheduledForLater) {
  finish(
      add(*store_, {row("d1", "desk"), row("d2", "desk"), row("d3", "desk"), row("x", "other")}));
  finish(mark(*outbox_, {"d1", DeliveryState::pending, 1, noon + minutes(5), {}, "404"}));
  finish(mark(*outbox_, {"d3", DeliveryState::pending, 0, noon, {}, replayed_by_hand}));
  finish(silence(*store_));
  EXPECT_THAT(due("desk", noon), ElementsAre("d2", "d3")) << "without a config nothing is known";
  outbox_->set_snapshot(std::make_shared<const Snapshot>());
  EXPECT_THAT(due("desk", noon), ElementsAre("d3"));
  std::vector<std::string> kept_back;
  for (const DeliveryMark& one : last_.kept_back) kept_back.push_back(one.id);
  EXPECT_THAT(kept_back, ElementsAre("d2", "d1"));
  EXPECT_EQ(last_.kept_back[1].attempts, 1U);
  EXPECT_THAT(due("desk", noon + hours(3)), ElementsAre("d1", "d2", "d3")) << "it has ended";
}

TEST_F(OutboxTest, WaitingCountsEveryReceiverWithPendingDeliveries) {
  finish(add(*store_, {row("d1", "desk"), row("d2", "desk"), row("x", "other"), row("y", "done")}));
  finish(mark(*outbox_, {"y", DeliveryState::dead, 1, noon, noon, "410"}));
  Outbox::Waiting waiting;
  finish(count(*outbox_, waiting));
  EXPECT_THAT(waiting, ElementsAre(Pair("desk", 2U), Pair("other", 1U)));
}

}  // namespace
}  // namespace wirewatch::daemon
