// Messages that are handed on with their commit, past the store.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/daemon/delivery/delivery_fakes.h"
#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;

class HandedOnTest : public DelivererTest {
 protected:
  void hand_on(const std::vector<std::string>& ids) {
    std::vector<DeliveryRow> rows;
    for (const std::string& id : ids) rows.push_back(store("desk", id));
    deliverer_->wake(rows);
  }
};

TEST_F(HandedOnTest, AReceiverWithNothingElseToDoDoesNotAskTheStore) {
  begin({receiver("desk")});
  const int asked = ledger_.asked;
  hand_on({"d1", "d2"});
  run_ready();
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d2"));
  EXPECT_EQ(ledger_.count("desk", DeliveryState::delivered), 2U);
  hand_on({"d3"});
  run_ready();
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d2", "d3"));
  EXPECT_EQ(ledger_.asked, asked);
}

class PreparedTest : public HandedOnTest {
 protected:
  void SetUp() override {
    secret_ = folder_.path() + "/secret";
    write_secret("one secret of the desk");
    config_ = receiver("desk");
    config_.secrets = {{SecretRef::From::file, secret_}};
    begin({config_});
  }
  void write_secret(const std::string& text) const { std::ofstream(secret_) << text; }
  void remove_secret() const { std::filesystem::remove(secret_); }
  // Prepared while the file of its secret is there; without it nothing could be signed later.
  DeliveryRow prepare(const std::string& id) {
    const DeliveryRow row = store("desk", id);
    deliverer_->prepare({row});
    run_ready();
    return row;
  }
  void durable(const DeliveryRow& row) {
    deliverer_->wake(std::vector<DeliveryRow>{row});
    run_ready();
  }

  TemporaryFolder folder_;
  std::string secret_;
  ReceiverConfig config_;
};

TEST_F(PreparedTest, NothingIsSentBeforeItIsDurableAndThenWhatWasMadeReady) {
  const DeliveryRow row = prepare("d1");
  EXPECT_THAT(http_.all["desk"], testing::IsEmpty());
  remove_secret();
  durable(row);
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1"));
}

TEST_F(PreparedTest, WhatWasMadeReadyLongAgoIsMadeAnew) {
  const DeliveryRow row = prepare("d1");
  pass(std::chrono::seconds(5));
  remove_secret();
  durable(row);
  EXPECT_THAT(http_.all["desk"], testing::IsEmpty());
}

TEST_F(PreparedTest, WhatWasMadeReadyForAnotherConfigIsMadeAnew) {
  const DeliveryRow row = prepare("d1");
  config_.url = literal("https://elsewhere/in");
  deliverer_->set_receivers({config_}, "UTC");
  durable(row);
  EXPECT_THAT(http_.all["desk"], testing::IsEmpty());
  EXPECT_THAT(ids(http_.taken["elsewhere"]), ElementsAre("d1"));
}

// Its commit failed: nobody ever says that it is durable.
TEST_F(PreparedTest, WhatNeverBecameDurableIsNeverSent) {
  const DeliveryRow lost = prepare("d1");
  ledger_.rows.clear();
  pass(std::chrono::seconds(5));
  const DeliveryRow row = prepare("d2");
  durable(row);
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d2"));
}

TEST_F(PreparedTest, OfTwoOnTheirWayTheFirstIsReadyAndBothAreSentInOrder) {
  const DeliveryRow first = prepare("d1");
  const DeliveryRow second = prepare("d2");
  durable(first);
  durable(second);
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d2"));
}

TEST_F(HandedOnTest, WhatWaitsInTheStoreGoesFirst) {
  begin({receiver("desk")});
  store("desk", "d1");
  deliverer_->wake("desk");
  hand_on({"d2"});
  run_ready();
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d2"));
}

TEST_F(HandedOnTest, WhatComesWhileAMessageIsOutWaitsForItsTurnInTheStore) {
  http_.delays["desk"] = minutes(1);
  begin({receiver("desk")});
  hand_on({"d1"});
  run_ready();
  hand_on({"d2"});
  hand_on({"d3"});
  pass(minutes(5));
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1", "d2", "d3"));
}

// The store was asked between the commit and the word of it.
TEST_F(HandedOnTest, AMessageThatIsHereAlreadyIsNotSentTwice) {
  begin({receiver("desk")});
  const DeliveryRow row = store("desk", "d1");
  deliverer_->wake("desk");
  run_ready();
  ledger_.hang_on_mark = true;
  const DeliveryRow second = store("desk", "d2");
  deliverer_->wake("desk");
  run_ready();
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1", "d2"));
  deliverer_->wake(std::vector<DeliveryRow>{second});
  run_ready();
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1", "d2"));
}

// A reload takes the receiver out and the next one puts it back, before the mark of what is out was
// written.
TEST_F(HandedOnTest, AReceiverThatIsBackBeforeItsLastMarkIsWrittenIsServed) {
  begin({receiver("desk")});
  hand_on({"d1"});
  run_ready();
  ledger_.hang_on_mark = true;
  hand_on({"d2"});
  run_ready();
  deliverer_->set_receivers({}, "UTC");
  run_ready();
  deliverer_->set_receivers({receiver("desk")}, "UTC");
  run_ready();
  hand_on({"d3"});
  run_ready();
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1", "d2", "d3"));
}

TEST_F(HandedOnTest, AReceiverThatIsDownGetsThemInOrderWhenItIsBack) {
  bool down = true;
  http_.scripts["desk"] = [&down](const Sent&) { return reply_of(down ? 503 : 200); };
  begin({receiver("desk")});
  hand_on({"d1"});
  run_ready();
  hand_on({"d2", "d3"});
  pass(minutes(1));
  down = false;
  pass(minutes(3));
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d2", "d3"));
}

TEST_F(HandedOnTest, AMessageThatComesAgainLaterHoldsUpNoneOfThem) {
  http_.scripts["desk"] = [](const Sent& sent) { return reply_of(sent.id == "d1" ? 404 : 200); };
  begin({receiver("desk")});
  hand_on({"d1"});
  run_ready();
  hand_on({"d2"});
  run_ready();
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d2"));
  pass(minutes(6));
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1", "d2", "d1", "d1"));
}

}  // namespace
}  // namespace wirewatch::daemon
