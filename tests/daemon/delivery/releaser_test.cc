#include "daemon/delivery/releaser.h"

#include <sqlite3.h>

#include <atomic>
#include <stdexcept>
#include <utility>

#include "daemon/delivery/alert_desk.h"
#include "tests/daemon/delivery/delivery_fakes.h"
#include "tests/daemon/pipeline/pipeline_fixture.h"
#include "tests/daemon/store/faulty_disk.h"

namespace wirewatch::daemon {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::size_t more_than_at_once = 10'050;

class ReleaserTest : public PipelineTest {
 protected:
  ReleaserTest() {
    releaser_.set_snapshot(quiet(17));
    start_ = start(releaser_.run());
    settle();
  }
  ~ReleaserTest() override {
    start_->cancel.emit(asio::cancellation_type::terminal);
    settle();
  }
  // Both receivers are quiet at noon, until the hour of `until`; 0: never.
  std::shared_ptr<Snapshot> quiet(int until) {
    auto snapshot = generation({rule_of("border", "border")});
    snapshot->settings.time_zone = "UTC";
    for (const char* name : {"alpha", "zulu"}) {
      ReceiverConfig receiver;
      receiver.name = name;
      if (until > 0) receiver.send.quiet = rules::QuietHours{11 * 60, until * 60, std::nullopt};
      snapshot->receivers.push_back(receiver);
    }
    return snapshot;
  }
  void hold(const std::string& receiver, std::size_t count) {
    Commit commit;
    AlertRow alert = alert_row("a", "s", noon);
    alert.state.rule = "border";
    commit.alerts = {alert};
    for (std::size_t i = 0; i < count; ++i) {
      DeliveryRow row = delivery_row(receiver + std::to_string(i), receiver, noon);
      row.alert = "a";
      row.state = DeliveryState::held;
      row.next_attempt = noon + std::chrono::hours(5);
      row.answer = "quiet hours until 17:00";
      commit.deliveries.push_back(std::move(row));
    }
    ASSERT_TRUE(wait_for(store_->commit(std::move(commit))));
  }
  std::size_t held() {
    DeliveryFilter filter;
    filter.state = DeliveryState::held;
    filter.limit = 2 * more_than_at_once;
    return reader()->deliveries(filter).size();
  }

  std::vector<std::string> sent_to_;
  bool fails_ = false;
  Releaser releaser_{loop_.get_executor(), clock_, *store_, [this](const std::string& name) {
                       if (std::exchange(fails_, false)) throw std::runtime_error("no memory");
                       sent_to_.push_back(name);
                     }};
  std::shared_ptr<Outcome> start_;
};

TEST_F(ReleaserTest, AllThatIsHeldFollowsAnEditHoweverMuchThereIs) {
  hold("alpha", more_than_at_once);
  hold("zulu", 1);
  releaser_.wake();
  settle();
  EXPECT_EQ(held(), more_than_at_once + 1);
  EXPECT_THAT(sent_to_, IsEmpty());
  releaser_.set_snapshot(quiet(0));
  settle();
  EXPECT_EQ(held(), 0U);
  EXPECT_THAT(sent_to_, Contains("zulu"));
}

TEST_F(ReleaserTest, WhatIsHeldLongerByAnEditGoesOutAtTheNewEnd) {
  hold("alpha", 1);
  releaser_.set_snapshot(quiet(18));
  settle();
  clock_.advance_to(noon + std::chrono::hours(5));
  settle();
  EXPECT_THAT(sent_to_, IsEmpty());
  clock_.advance_to(noon + std::chrono::hours(6));
  settle();
  EXPECT_THAT(sent_to_, SizeIs(1));
}

// Fault 77.
TEST_F(ReleaserTest, WhatAClockThatWasAYearAheadHeldBackIsDueWhenItIsPutRight) {
  releaser_.set_snapshot(quiet(0));
  settle();
  for (const DeliveryState state : {DeliveryState::held, DeliveryState::collected}) {
    Commit commit;
    DeliveryRow row = delivery_row(std::string(to_string(state)), "alpha", noon);
    row.state = state;
    row.next_attempt = noon + std::chrono::hours(24 * 365);
    commit.deliveries = {row};
    ASSERT_TRUE(wait_for(store_->commit(std::move(commit))));
  }
  releaser_.wake();
  settle();
  EXPECT_EQ(held(), 0U);
  EXPECT_EQ(reader()->due_holds(noon, 10).rows.size(), 0U);
  EXPECT_FALSE(reader()->due_holds(noon, 10).next);
  EXPECT_THAT(sent_to_, Contains("alpha"));
}

TEST_F(ReleaserTest, GoesOnAfterAFailureOfAnyKind) {
  hold("alpha", 1);
  fails_ = true;
  clock_.advance_to(noon + std::chrono::hours(5));
  settle();
  EXPECT_FALSE(start_->ended);
  hold("zulu", 1);
  releaser_.wake();
  settle();
  EXPECT_THAT(sent_to_, Contains("zulu"));
}

// The disk is the base: it must be there before any connection is opened.
struct Disk {
  FaultyDisk disk;
  std::atomic<bool> full = false;
};

class AlertDeskTest : protected Disk, public PipelineTest {
 protected:
  AlertDeskTest() {
    disk.before_write([this] { return full ? SQLITE_FULL : 0; });
  }
  ~AlertDeskTest() override { close(); }

  // `folder`: where the archive is thought to be.
  std::unique_ptr<AlertDesk> desk_in(const std::string& folder) {
    AlertDesk::Sources sources;
    sources.feeds = [] { return std::vector<FeedHealth>(); };
    sources.receivers = [] { return std::vector<ReceiverHealth>(); };
    sources.progress = [] { return std::uint64_t{0}; };
    auto desk = std::make_unique<AlertDesk>(loop_.get_executor(), clock_, pool_, http_, *store_,
                                            *engine_, deliverer_, folder, std::move(sources));
    desk->set_snapshot(rules_);
    return desk;
  }

  FakeHttp http_{clock_};
  Deliverer deliverer_{loop_.get_executor(), clock_, http_, *store_, [](const std::string&) {},
                       [] { return 0.0; }};
};

TEST_F(AlertDeskTest, ANewRuleWhoseArchiveCannotBeReadStaysNew) {
  ASSERT_TRUE(take("ina", {item_of("1", "Smugglers held at Rabia", long_report)}));
  rules::RuleDef rule = rule_of("smuggling", "smugglers");
  rule.policy.catch_up = std::chrono::hours(24);
  rules_ = generation({rule});
  const auto blind = desk_in(folder_.file("nowhere"));
  const auto failed = start(blind->catch_up());
  settle();
  EXPECT_EQ(failed->error, "");
  EXPECT_THAT(reader()->known_rules(), Not(Contains("smuggling")));
  const auto desk = desk_in(folder_.path());
  const auto done = start(desk->catch_up());
  settle();
  EXPECT_TRUE(done->ended);
  EXPECT_THAT(reader()->known_rules(), Contains("smuggling"));
  EXPECT_THAT(told(), ElementsAre("smuggling new → desk"));
}

TEST_F(AlertDeskTest, WhatTheOperatorCouldNotBeToldOnAFullDiskIsToldAfterwards) {
  auto snapshot = std::make_shared<Snapshot>(*rules_);
  snapshot->settings.operators = {"ops"};
  OperatorDesk::Sources sources;
  sources.feeds = [] { return std::vector<FeedHealth>(); };
  sources.receivers = [] { return std::vector<ReceiverHealth>(); };
  sources.wake_receiver = [this](const std::string& name) { woken_.push_back(name); };
  OperatorDesk desk(loop_.get_executor(), clock_, http_, *store_, std::move(sources));
  desk.set_snapshot(snapshot);
  const auto running = start(desk.run());
  settle();
  full = true;
  desk.tell({"feed is gone", "f", "feed \"f\" is gone", clock_.now()});
  settle();
  EXPECT_THAT(woken_, IsEmpty());
  full = false;
  store_->recovered();
  desk.tell({"feed is gone", "f", "feed \"f\" is gone", clock_.now()});
  advance(std::chrono::minutes(1));
  settle();
  EXPECT_EQ(deliveries().size(), 1U);
  EXPECT_THAT(woken_, ElementsAre("ops"));
  running->cancel.emit(asio::cancellation_type::terminal);
  settle();
}

}  // namespace
}  // namespace wirewatch::daemon
