#include "daemon/pipeline/merge.h"

#include "daemon/pipeline/telling.h"
#include "feeds/text/document.h"
#include "tests/daemon/pipeline/pipeline_fixture.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;

BookedAlert alert_of(const std::string& rule, const std::string& story, const std::string& title) {
  BookedAlert alert;
  alert.state.rule = rule;
  alert.state.story = alert.state.scope = story;
  alert.state.id = rules::alert_id(rule, story, 1);
  alert.state.sources = {title + " Post"};
  alert.state.copy_groups = {story};
  alert.state.reports = {{story, story, title + " Post", Instant{}, true, true}};
  alert.view.alert = alert.state.id;
  alert.view.story = story;
  alert.view.kind = "new";
  alert.view.headline = title;
  return alert;
}

class MergeAlerts : public testing::Test {
 protected:
  void merge() {
    const Instant now = from_unix_micros(1'700'000'000'000'000);
    const DecideContext context{*snapshot_, feed_, false, now, policy_};
    merge_alerts(context, {"younger", "older"}, book_, commit_, woken_, counts_);
  }

  std::shared_ptr<Snapshot> snapshot_ = generation({rule_of("border", "border")});
  std::string feed_ = "feed";
  AlertBook book_;
  Commit commit_;
  std::set<std::string> woken_;
  PolicyBook policy_;
  DecideCounts counts_;
};

TEST(AlertBookTest, KnowsTheAlertsOfAScopeByTheirRulesNames) {
  AlertBook book;
  for (const char* rule : {"water", "border"}) book.put(alert_of(rule, "story", rule));
  book.put(alert_of("border", "storyline", "Another"));
  std::vector<std::string> rules;
  for (const BookedAlert* alert : book.of_scope("story")) rules.push_back(alert->state.rule);
  EXPECT_THAT(rules, ElementsAre("border", "water"));
  EXPECT_TRUE(book.of_scope("stor").empty());
}

TEST_F(MergeAlerts, TheYoungerStorysAlertGetsOneLastMessageThatPointsToTheOlder) {
  book_.put(alert_of("border", "older", "Older"));
  book_.put(alert_of("border", "younger", "Younger"));
  merge();
  ASSERT_EQ(commit_.moves.size(), 1U);
  EXPECT_EQ(commit_.moves[0].from, "younger");
  EXPECT_EQ(commit_.moves[0].into, "older");
  ASSERT_EQ(commit_.deliveries.size(), 1U);
  EXPECT_EQ(commit_.deliveries[0].alert, rules::alert_id("border", "younger", 1));
  EXPECT_EQ(commit_.deliveries[0].revision, 2U);
  const auto view = alert_view_from_json(commit_.deliveries[0].payload);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->kind, "merged");
  EXPECT_EQ(view->reason, "Older");
  EXPECT_EQ(view->story, "older");
  EXPECT_THAT(woken_, ElementsAre("desk"));
}

TEST_F(MergeAlerts, WhatTheYoungerToldCountsAsTold) {
  book_.put(alert_of("border", "older", "Older"));
  book_.put(alert_of("border", "younger", "Younger"));
  merge();
  EXPECT_EQ(book_.size(), 1U);
  const BookedAlert* const alert = book_.find("border", "older");
  ASSERT_NE(alert, nullptr);
  EXPECT_THAT(alert->state.sources, ElementsAre("Older Post", "Younger Post"));
  EXPECT_THAT(alert->state.copy_groups, ElementsAre("older", "younger"));
  EXPECT_EQ(alert->state.revision, 1U);
}

TEST_F(MergeAlerts, NobodyIsToldThatAMutedStoryJoinedAnother) {
  for (const char* muted : {"younger", "older"}) {
    commit_ = Commit();
    book_.clear();
    rules::Silence mute;
    mute.story = muted;
    mute.until = from_unix_micros(1'800'000'000'000'000);
    policy_.silences = {mute};
    book_.put(alert_of("border", "older", "Older"));
    book_.put(alert_of("border", "younger", "Younger"));
    merge();
    ASSERT_EQ(commit_.deliveries.size(), 1U) << muted;
    EXPECT_EQ(commit_.deliveries[0].state, DeliveryState::absorbed) << muted;
    EXPECT_THAT(commit_.deliveries[0].answer, testing::HasSubstr("silenced until")) << muted;
    EXPECT_TRUE(woken_.empty()) << muted;
  }
}

TEST_F(MergeAlerts, WhatHeldInEitherWasTold) {
  BookedAlert older = alert_of("border", "older", "Older");
  older.state.clauses = {"border"};
  BookedAlert younger = alert_of("border", "younger", "Younger");
  younger.state.clauses = {"border", "killed"};
  younger.state.severity = rules::AlertSeverity::critical;
  book_.put(std::move(older));
  book_.put(std::move(younger));
  merge();
  const BookedAlert* const alert = book_.find("border", "older");
  ASSERT_NE(alert, nullptr);
  EXPECT_THAT(alert->state.clauses, ElementsAre("border", "killed"));
  EXPECT_EQ(alert->state.severity, rules::AlertSeverity::critical);
}

TEST_F(MergeAlerts, AnAlertWithoutACounterpartGoesOnUnderTheOlderStoryAndNobodyIsTold) {
  book_.put(alert_of("border", "younger", "Younger"));
  merge();
  EXPECT_TRUE(commit_.deliveries.empty());
  EXPECT_TRUE(woken_.empty());
  ASSERT_EQ(commit_.alerts.size(), 1U);
  EXPECT_EQ(commit_.alerts[0].state.story, "older");
  EXPECT_EQ(commit_.alerts[0].state.id, rules::alert_id("border", "younger", 1));
  EXPECT_NE(book_.find("border", "older"), nullptr);
  EXPECT_EQ(book_.find("border", "younger"), nullptr);
}

TEST_F(MergeAlerts, OfOneThatWasToldAndOneThatWaitsTheToldOneGoesOn) {
  BookedAlert waits = alert_of("border", "older", "Older");
  waits.state.revision = 0;
  book_.put(std::move(waits));
  book_.put(alert_of("border", "younger", "Younger"));
  merge();
  EXPECT_TRUE(commit_.deliveries.empty());
  const BookedAlert* const alert = book_.find("border", "older");
  ASSERT_NE(alert, nullptr);
  EXPECT_EQ(alert->state.id, rules::alert_id("border", "younger", 1));
  EXPECT_EQ(alert->state.story, "older");
  EXPECT_EQ(alert->state.revision, 1U);
}

TEST_F(MergeAlerts, NobodyHearsTheLastOfAnAlertThatNobodyHeardOf) {
  BookedAlert waits = alert_of("border", "younger", "Younger");
  waits.state.revision = 0;
  book_.put(alert_of("border", "older", "Older"));
  book_.put(std::move(waits));
  merge();
  EXPECT_TRUE(commit_.deliveries.empty());
  EXPECT_EQ(book_.find("border", "older")->state.revision, 1U);
}

TEST_F(MergeAlerts, WhoFollowedTheYoungerStoryFollowsTheOlder) {
  policy_.followed = {"younger"};
  merge();
  EXPECT_EQ(policy_.followed.count("older"), 1U);
  ASSERT_EQ(commit_.follows.size(), 1U);
  EXPECT_EQ(commit_.follows[0].story, "older");
}

TEST_F(MergeAlerts, AMutedStoryStaysMutedUnderTheOlder) {
  rules::Silence mute;
  mute.id = "mute";
  mute.story = "younger";
  mute.until = from_unix_micros(1'800'000'000'000'000);
  policy_.silences = {mute};
  merge();
  ASSERT_EQ(commit_.silences.size(), 1U);
  EXPECT_EQ(commit_.silences[0].id, "mute");
  EXPECT_EQ(commit_.silences[0].story, "older");
  EXPECT_EQ(policy_.silences[0].story, "older");
}

TEST_F(MergeAlerts, WhatWasHeardStaysBounded) {
  BookedAlert older = alert_of("border", "older", "Older");
  BookedAlert younger = alert_of("border", "younger", "Younger");
  for (std::size_t i = 0; i < rules::max_alert_heard; ++i) {
    older.state.heard.push_back({Instant{}, "o" + std::to_string(i)});
    younger.state.heard.push_back({Instant{}, "y" + std::to_string(i)});
  }
  book_.put(std::move(older));
  book_.put(std::move(younger));
  merge();
  EXPECT_EQ(book_.find("border", "older")->state.heard.size(), rules::max_alert_heard);
}

TEST_F(MergeAlerts, AfterARestartTheMergedAlertDoesNotTakeTheOldersPlace) {
  book_.put(alert_of("border", "older", "Older"));
  book_.put(alert_of("border", "younger", "Younger"));
  merge();
  AlertBook restored;
  for (auto row = commit_.alerts.rbegin(); row != commit_.alerts.rend(); ++row)
    restored.restore(*row, {});
  ASSERT_NE(restored.find("border", "older"), nullptr);
  EXPECT_EQ(restored.find("border", "older")->view.headline, "Older");
}

TEST_F(MergeAlerts, AToldAlertOfARenamedRuleTakesThePlaceOfOneThatWaitsUnderTheNewName) {
  rules::RuleDef rule = rule_of("border", "border");
  rule.was = {"frontier"};
  snapshot_ = generation({rule});
  BookedAlert waits = alert_of("border", "older", "Older");
  waits.state.revision = 0;
  book_.put(std::move(waits));
  book_.put(alert_of("frontier", "younger", "Younger"));
  merge();
  EXPECT_EQ(book_.size(), 1U);
  const BookedAlert* const alert = book_.find(rule, "older");
  ASSERT_NE(alert, nullptr);
  EXPECT_EQ(alert->state.id, rules::alert_id("frontier", "younger", 1));
  EXPECT_EQ(alert->state.revision, 1U);
  ASSERT_EQ(commit_.alerts.size(), 2U);
  EXPECT_EQ(commit_.alerts[1].state.rule, "border");
}

TEST_F(MergeAlerts, OfFiftySourcesTheOneThatAMessageIsAboutIsTheLast) {
  BookedAlert alert = alert_of("border", "older", "Older");
  for (std::size_t i = 0; i < AlertView::most_sources; ++i) {
    const std::string item = "item" + std::to_string(i);
    const bool told = i == 0 || i == AlertView::most_sources - 1;  // the last by a merge
    alert.view.sources.push_back({item + " Post", item, {}, {}, item});
    alert.state.reports.push_back({item, item, item + " Post", Instant{}, told, true});
  }
  const Instant now = from_unix_micros(1'700'000'000'000'000);
  const DecideContext context{*snapshot_, feed_, false, now, policy_};
  Prepared prepared;
  feeds::DocumentInput input;
  input.id = "new";
  input.source = "New Post";
  input.title = "Border opened";
  prepared.document = std::make_unique<feeds::Document>(feeds::make_document(input));
  rules::Decision decision;
  decision.action = rules::Action::update;
  decision.state = alert.state;
  const AlertView view = view_of(context, prepared, {}, decision, &alert);
  ASSERT_EQ(view.sources.size(), AlertView::most_sources);
  EXPECT_EQ(view.sources.back().item, "new");
  EXPECT_EQ(view.sources[AlertView::most_sources - 2].item, "item49");
  EXPECT_EQ(view.sources.front().item, "item0");
}

}  // namespace
}  // namespace wirewatch::daemon
