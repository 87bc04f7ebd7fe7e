#include "daemon/pipeline/engine.h"

#include <mutex>

#include "tests/daemon/pipeline/faulty_pipeline.h"
#include "tests/daemon/pipeline/pipeline_fixture.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class EngineTest : public PipelineTest {};

TEST_F(EngineTest, AFreshItemIsStoredWithItsAlertAndTheReceiverIsWoken) {
  const auto taken = take("ina", {item_of("1", "Border closed", long_report)});
  ASSERT_TRUE(taken) << taken.error().text;
  EXPECT_EQ(taken->fresh, 1U);
  EXPECT_EQ(taken->alerts, 1U);
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  EXPECT_THAT(woken_, ElementsAre("desk"));
  ASSERT_EQ(reader()->feeds().size(), 1U);
  EXPECT_TRUE(reader()->feeds().front().state.baseline_done);
}

TEST_F(EngineTest, WhatWasMadeOfADocumentAheadIsDecidedAsWhatTakeMakesOfIt) {
  Arrival made = arrival("ina", {item_of("1", "Border closed", long_report)});
  const Engine::Ahead ahead = engine_->ahead(made);
  auto document = std::make_shared<const feeds::ParsedFeed>(std::move(made.parsed));
  made.parsed = {};
  made.ahead = ahead(document);
  const auto taken = wait_for(engine_->take(std::move(made)));
  ASSERT_TRUE(taken) << taken.error().text;
  EXPECT_EQ(taken->items, 1U);
  EXPECT_EQ(taken->fresh, 1U);
  EXPECT_EQ(taken->alerts, 1U);
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
}

TEST_F(EngineTest, ABaselineIsStoredSilentlyAndSaysHowManyStoriesItWouldHaveAlerted) {
  const auto taken = take_baseline("ina", {item_of("1", "Border closed", long_report),
                                           item_of("2", "Weather stays dry for the week")});
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->would_alert, 1U);
  // The same text elsewhere would have been the same alert.
  Arrival copies = arrival("sana", {item_of("1", "Border closed", long_report)}, true);
  copies.parsed.items.push_back(
      item_of("2", "Border closed", std::string(long_report) + " This was confirmed later."));
  const auto again = wait_for(engine_->take(std::move(copies)));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->would_alert, 1U);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(trace_of("Border closed"), HasSubstr("baseline: first fetch of this feed"));
}

TEST_F(EngineTest, SeenAgainOrCopiedElsewhereItAlertsOnceAlsoAfterARestart) {
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  ASSERT_TRUE(take("sana", {item_of("x", "Border closed", long_report)}));
  restart();
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  ASSERT_TRUE(take("afp", {item_of("y", "Border closed", long_report)}));
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_EQ(alerts().front().state.reports.size(), 3U);
}

TEST_F(EngineTest, AnIndependentReportIsAnUpdateOfTheSameMessageAlsoAfterARestart) {
  ASSERT_TRUE(take("ina", {item_of("1", "Iraqi intelligence chief in Damascus on border security",
                                   long_report)}));
  restart();
  ASSERT_TRUE(take(
      "afp", {item_of("9", "Iraq's intelligence chief visits Damascus over border", own_report)}));
  ASSERT_THAT(told(), ElementsAre("border new → desk", "border updated → desk"));
  const auto first = alert_view_from_json(deliveries().front().payload);
  const auto second = alert_view_from_json(deliveries().back().payload);
  EXPECT_EQ(second->alert, first->alert);
  EXPECT_EQ(second->revision, 2U);
  EXPECT_EQ(second->headline, first->headline);
  ASSERT_EQ(second->sources.size(), 2U);
  EXPECT_EQ(second->sources.front().name, "ina");
  EXPECT_EQ(second->reason, "new source: afp");
}

TEST_F(EngineTest, AnEditThatMatchesSinceAlertsNobody) {
  ASSERT_TRUE(take("ina", {item_of("1", "Talks in Damascus", "More follows on this soon.")}));
  const auto taken =
      take("ina", {item_of("1", "Talks in Damascus", "More on the border follows on this soon.")});
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->edited, 1U);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(trace_of("Talks in"), HasSubstr("edited: an edit never makes a new alert"));
}

TEST_F(EngineTest, AnAlertOfARuleThatWasRenamedGoesOnUnderTheNewName) {
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  rules::RuleDef renamed = rule_of("frontier", "border");
  renamed.was = {"border"};
  rules_ = generation({renamed});
  ASSERT_TRUE(take("sana", {item_of("x", "Border closed", long_report)}));
  restart();
  renamed.was.clear();  // the rename is history
  rules_ = generation({renamed});
  ASSERT_TRUE(take("afp", {item_of("y", "Border closed", long_report)}));
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_EQ(alerts().front().state.rule, "frontier");
}

TEST_F(EngineTest, WhatWasPreparedBeforeAReloadIsDecidedByTheRulesThatAreLive) {
  Arrival early = arrival("ina", {item_of("1", "Border closed", long_report)});
  rules::RuleDef renamed = rule_of("frontier", "border", {"night-desk"});
  renamed.was = {"border"};
  engine_->set_snapshot(generation({renamed}));
  ASSERT_TRUE(wait_for(engine_->take(std::move(early))));
  EXPECT_THAT(told(), ElementsAre("frontier new → night-desk"));
}

TEST_F(EngineTest, AnAlertIsRememberedAsLongAsItsStoryGrows) {
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  const std::string without = std::string(long_report);
  for (int day = 0; day < 4; ++day) {  // copies that the rule does not match
    advance(std::chrono::hours(24 * 5));
    ASSERT_TRUE(take("feed" + std::to_string(day), {item_of("c", "Frontier closed", without)}));
  }
  restart();
  advance(std::chrono::hours(24));
  ASSERT_TRUE(take("afp", {item_of("y", "Border closed", long_report)}));
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_EQ(alerts().front().state.reports.size(), 2U);
}

TEST_F(EngineTest, SeveralRulesAndReceiversEachGetTheirDelivery) {
  rules_ = generation({rule_of("border", "border", {"desk", "archive"}),
                       rule_of("damascus", "damascus", {"archive"}), rule_of("none", "football")});
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  EXPECT_THAT(told(),
              ElementsAre("border new → desk", "border new → archive", "damascus new → archive"));
}

TEST_F(EngineTest, AMessageNamesEntitiesAsPeopleDo) {
  rules::EntityDef agency;
  agency.id = "ina-agency";
  agency.kind = "organisation";
  agency.names = {"=INA", "Iraqi News Agency"};
  rules_ = generation({rule_of("agency", "@ina-agency")}, {agency});
  ASSERT_TRUE(take("ina", {item_of("1", "INA reports a closed border", long_report)}));
  ASSERT_EQ(deliveries().size(), 1U);
  EXPECT_THAT(alert_view_from_json(deliveries().front().payload)->entities, ElementsAre("INA"));
}

TEST_F(EngineTest, ItemsThatAreTooOldAreStoredAndSaySo) {
  feeds::Item old = item_of("1", "Border closed", long_report);
  old.published = clock_.now() - std::chrono::hours(24 * 5);
  ASSERT_TRUE(take("ina", {old}));
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(trace_of("Border closed"), HasSubstr("older than max_age 3d"));
}

class FaultyEngineTest : protected Disk, public PipelineTest {
 protected:
  ~FaultyEngineTest() override { close(); }
};

TEST_F(FaultyEngineTest, WhatCouldNotBeStoredIsForgottenAndAlertsWhenItComesAgain) {
  fail_next_syncs(1);
  const auto failed = take("ina", {item_of("1", "Border closed", long_report)});
  ASSERT_FALSE(failed);
  EXPECT_THAT(woken_, IsEmpty());
  const auto taken = take("ina", {item_of("1", "Border closed", long_report)});
  ASSERT_TRUE(taken) << taken.error().text;
  EXPECT_EQ(taken->alerts, 1U);
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  EXPECT_EQ(reader()->find_items("Border", 5).front().placement.relation, feeds::Relation::fresh);
}

TEST_F(FaultyEngineTest, OthersBehindAFailedCommitFailWithItAndOneAlertComesOutOfAll) {
  fail_next_syncs(1);
  std::optional<Result<Taken>> results[3];
  const char* const names[] = {"ina", "sana", "afp"};
  for (int i = 0; i < 3; ++i) {
    auto task = engine_->take(arrival(names[i], {item_of("1", "Border closed", long_report)}));
    start(keep_result(std::move(task), results[i]));
  }
  settle();
  std::size_t alerts_made = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(results[i]);
    // The first to be decided again alerts, whoever that is.
    if (*results[i]) alerts_made += (*results[i])->alerts;
    if (*results[i]) continue;
    const auto again = take(names[i], {item_of("1", "Border closed", long_report)});
    ASSERT_TRUE(again) << again.error().text;
    alerts_made += again->alerts;
  }
  EXPECT_FALSE(*results[0]);
  EXPECT_EQ(alerts_made, 1U);
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
  ASSERT_EQ(alerts().size(), 1U);
  EXPECT_EQ(alerts().front().state.reports.size(), 3U);
}

TEST_F(FaultyEngineTest, AMarkThatCouldNotBeWrittenDoesNotCloseTheStoreForGood) {
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  fail_next_syncs(1);
  Commit mark;
  mark.marks.push_back({.id = deliveries().front().id, .state = DeliveryState::delivered});
  ASSERT_FALSE(wait_for(store_->commit(mark)));
  EXPECT_TRUE(wait_for(store_->commit(mark)));
  EXPECT_EQ(deliveries().front().state, DeliveryState::delivered);
}

TEST_F(FaultyEngineTest, WhoIsMadeToStopAfterItsDecisionStillCommitsIt) {
  close();
  queue_ = 1;
  open();
  HeldDisk held(disk, loop_);
  held.hold_syncs();
  std::optional<Result<Taken>> results[2];
  const auto first = start(
      keep_result(engine_->take(arrival("ina", {item_of("1", "Weather stays dry")})), results[0]));
  const auto second = start(keep_result(
      engine_->take(arrival("sana", {item_of("1", "Border closed", long_report)})), results[1]));
  // The second is decided and waits for its place in the store's queue.
  run_until([&] { return held.reached() && engine_->stories_in_memory() == 2; });
  second->cancel.emit(asio::cancellation_type::terminal);
  held.let_go();
  settle();
  ASSERT_TRUE(first->ended && second->ended);
  ASSERT_TRUE(results[1]);
  EXPECT_TRUE(*results[1]);
  EXPECT_THAT(told(), ElementsAre("border new → desk"));
}

TEST_F(FaultyEngineTest, NobodysQuestionWaitsWhileTheMemoryIsBuiltAnew) {
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  HeldDisk held(disk, loop_);
  std::thread::id first{};  // the one that builds: who asks later is not held
  std::mutex mutex;
  held.hold_reads([&](std::thread::id reader) {
    const std::lock_guard lock(mutex);
    if (first == std::thread::id{}) first = reader;
    return reader == first;
  });
  std::optional<Result<void>> built;
  const auto building = start(keep_result(engine_->rebuild(feeds::StoryLimits{}), built));
  run_until([&] { return held.reached(); });
  std::optional<StoreCounts> counts;
  std::function<StoreCounts(Reader&)> query = [](Reader& reader) { return reader.counts(); };
  const auto asking = start(keep_result(store_->read(std::move(query)), counts));
  run_until([&] { return counts.has_value(); });
  EXPECT_TRUE(counts && counts->documents == 1U);
  EXPECT_FALSE(built);
  held.let_go();
  settle();
  ASSERT_TRUE(built && *built);
}

TEST_F(FaultyEngineTest, AFeedsFailedNoteNeedsNoRebuild) {
  fail_next_syncs(1);
  FeedRow row;
  row.key = "https://ina.example/feed";
  ASSERT_FALSE(wait_for(engine_->note(row)));
  ASSERT_TRUE(wait_for(engine_->note(row)));
}

}  // namespace
}  // namespace wirewatch::daemon
