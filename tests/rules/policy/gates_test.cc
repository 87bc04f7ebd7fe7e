#include "rules/policy/gates.h"

#include <gtest/gtest.h>

namespace wirewatch::rules {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Instant now = from_iso8601("2024-12-26T16:00:00Z").value();

RuleDef border() {
  RuleDef rule;
  rule.name = "border";
  rule.updates = UpdatePolicy::material;
  return rule;
}

feeds::Placement text(const std::string& copy_group) {
  feeds::Placement placement;
  placement.story = "s";
  placement.copy_group = copy_group;
  return placement;
}

ItemFacts item(const std::string& id, const std::string& source,
               std::vector<std::string> clauses = {"border"}) {
  ItemFacts facts;
  facts.item = id;
  facts.source = source;
  facts.time = facts.first_seen = now;
  facts.clauses = std::move(clauses);
  return facts;
}

// Reports one after the other, each from what was kept of those before.
class Telling {
 public:
  explicit Telling(RuleDef rule) : rule_(std::move(rule)) {}

  Decision report(const ItemFacts& facts, const std::string& copy_group, Instant when = now) {
    Decision decision = decide(rule_, text(copy_group), facts, state_, when);
    if (decision.action != Action::none) state_ = decision.state;
    return decision;
  }
  RuleDef& rule() { return rule_; }

 private:
  RuleDef rule_;
  std::optional<AlertState> state_;
};

TEST(Gates, MinSourcesCountsTextsNotFeeds) {
  RuleDef rule = border();
  rule.policy.min_sources = 2;
  Telling telling(rule);
  EXPECT_EQ(telling.report(item("1", "INA"), "a").reason, "waits: 1 of 2 independent texts");
  EXPECT_EQ(telling.report(item("2", "BBC"), "a").reason, "waits: 1 of 2 independent texts");
  const Decision second = telling.report(item("3", "AFP"), "b");
  EXPECT_EQ(second.action, Action::alert);
  EXPECT_EQ(second.reason, "2 independent texts");
  EXPECT_EQ(second.state.copy_groups.size(), 2U);
  EXPECT_EQ(second.state.sources, (std::vector<std::string>{"INA", "BBC", "AFP"}));
  EXPECT_EQ(second.state.reports.size(), 3U);
}

TEST(Gates, AtLeastCountsReportsWithinTheTimeGiven) {
  RuleDef rule = border();
  rule.policy.at_least = 3;
  rule.policy.within = hours(1);
  Telling telling(rule);
  const auto report = [&](const char* id, Instant when) {
    ItemFacts facts = item(id, "INA");
    facts.first_seen = facts.time = when;
    return telling.report(facts, "a", when);
  };
  EXPECT_EQ(report("1", now).reason, "waits: 1 of 3 reports");
  EXPECT_EQ(report("2", now + minutes(50)).reason, "waits: 2 of 3 reports");
  EXPECT_EQ(report("3", now + minutes(70)).reason, "waits: 2 of 3 reports");  // the first is past
  EXPECT_EQ(report("4", now + minutes(80)).reason, "3 reports");
}

TEST(Gates, TheSameItemAgainIsNoFurtherReport) {
  RuleDef rule = border();
  rule.policy.at_least = 2;
  Telling telling(rule);
  EXPECT_EQ(telling.report(item("1", "INA"), "a").reason, "waits: 1 of 2 reports");
  EXPECT_EQ(telling.report(item("1", "INA"), "a").reason, "waits: 1 of 2 reports");
}

TEST(Gates, ARiseWaitsUntilTheRuleMatchesMoreThanItsHabit) {
  RuleDef rule = border();
  rule.policy.rise = 3;
  Telling telling(rule);
  ItemFacts facts = item("1", "INA");
  facts.rise = 1.2;
  EXPECT_EQ(telling.report(facts, "a").reason,
            "waits: 1.2 times the rule's usual volume, 3.0 wanted");
  facts = item("2", "BBC");
  facts.rise = 3.4;
  EXPECT_EQ(telling.report(facts, "b").reason, "3.4 times the rule's usual volume");
}

TEST(Gates, AllGatesMustBeOpen) {
  RuleDef rule = border();
  rule.policy.min_sources = 2;
  rule.policy.at_least = 3;
  Telling telling(rule);
  EXPECT_EQ(telling.report(item("1", "INA"), "a").reason,
            "waits: 1 of 2 independent texts, waits: 1 of 3 reports");
  EXPECT_EQ(telling.report(item("2", "BBC"), "b").reason, "waits: 2 of 3 reports");
  EXPECT_EQ(telling.report(item("3", "AFP"), "c").reason, "3 independent texts, 3 reports");
}

TEST(Gates, ABaselineCountsForWhatWaitsButTellsNobody) {
  RuleDef rule = border();
  rule.policy.min_sources = 2;
  Telling telling(rule);
  ItemFacts first = item("1", "INA");
  first.baseline = true;
  EXPECT_EQ(telling.report(first, "a").action, Action::join);
  EXPECT_EQ(telling.report(item("2", "BBC"), "b").action, Action::alert);
}

TEST(Material, AFurtherClauseIsTold) {
  Telling telling(border());
  telling.report(item("1", "INA"), "a");
  EXPECT_EQ(telling.report(item("2", "BBC"), "b").reason,
            "nothing material: no further clause, no new threshold");
  const Decision further = telling.report(item("3", "AFP", {"border", "killed"}), "a2");
  EXPECT_EQ(further.action, Action::update);
  EXPECT_EQ(further.reason, "now also: killed");
}

TEST(Material, ARisenSeverityIsTold) {
  Telling telling(border());
  telling.report(item("1", "INA"), "a");
  telling.rule().severity = AlertSeverity::critical;
  EXPECT_EQ(telling.report(item("2", "INA"), "b").reason, "severity rises to critical");
  EXPECT_EQ(telling.report(item("3", "INA"), "c").action, Action::update);  // 3 texts
}

TEST(Material, IndependentTextsAreToldAtThresholds) {
  Telling telling(border());
  telling.report(item("1", "INA"), "t1");
  std::vector<std::string> told;
  for (int number = 2; number <= 10; ++number) {
    const std::string id = std::to_string(number);
    const Decision decision = telling.report(item(id, "S" + id), "t" + id);
    if (decision.action == Action::update) told.push_back(decision.reason);
  }
  EXPECT_EQ(told, (std::vector<std::string>{"3 independent texts", "5 independent texts",
                                            "10 independent texts"}));
}

TEST(Material, AThresholdThatAMergePassedIsToldWithTheNextText) {
  AlertState merged;
  merged.revision = 1;
  merged.severity = border().severity;
  merged.copy_groups = {"a1", "b1"};
  merged.heard = {{now, "a2"}, {now, "b2"}};
  merged.clauses = {"border"};
  EXPECT_EQ(material_change(border(), text("a1"), item("5", "S"), merged), "");
  EXPECT_EQ(material_change(border(), text("c"), item("5", "S"), merged), "5 independent texts");
  merged.heard.pop_back();
  EXPECT_EQ(material_change(border(), text("c"), item("5", "S"), merged), "4 independent texts");
}

TEST(Material, ACorrectedHeadlineIsToldOnlyWhenItNamesSomebodyElse) {
  Telling telling(border());
  telling.report(item("1", "INA"), "a");
  ItemFacts edit = item("1", "INA");
  edit.edited = true;
  edit.corrected = "the headline was: Border closd";
  const Decision typo = telling.report(edit, "a");
  EXPECT_EQ(typo.action, Action::join);
  EXPECT_EQ(typo.reason, "corrected, but no name in the headline changed");
  edit.renamed = "the headline names Aleppo instead of Damascus";
  const Decision place = telling.report(edit, "a");
  EXPECT_EQ(place.action, Action::update);
  EXPECT_TRUE(place.correction);
  EXPECT_EQ(place.reason,
            "corrected: the headline names Aleppo instead of Damascus; the headline was: Border "
            "closd");
}

TEST(Corrections, EveryoneButRulesWithoutUpdatesHearsOfThem) {
  for (const UpdatePolicy updates : {UpdatePolicy::none, UpdatePolicy::new_source}) {
    RuleDef rule = border();
    rule.updates = updates;
    Telling telling(rule);
    telling.report(item("1", "INA"), "a");
    ItemFacts edit = item("1", "INA");
    edit.edited = true;
    edit.corrected = "the headline was: Border closd";
    const Decision decision = telling.report(edit, "a");
    EXPECT_EQ(decision.correction, updates == UpdatePolicy::new_source);
    EXPECT_EQ(decision.reason, updates == UpdatePolicy::none
                                   ? "corrected, and the rule wants no updates"
                                   : "corrected: the headline was: Border closd");
  }
}

TEST(Corrections, AReportThatMatchesNoLongerIsWithdrawnOnce) {
  const RuleDef rule = border();
  const Decision told = decide(rule, text("a"), item("1", "INA"), std::nullopt, now);
  ItemFacts edit = item("1", "INA");
  edit.edited = true;
  edit.corrected = "the headline was: Border closed";
  const Decision gone = decide_unmatched(rule, edit, told.state);
  EXPECT_EQ(gone.action, Action::update);
  EXPECT_TRUE(gone.correction);
  EXPECT_EQ(gone.reason,
            "corrected: the report matches no longer; the headline was: Border closed");
  EXPECT_EQ(gone.state.revision, 2U);
  edit.corrected.clear();
  EXPECT_EQ(decide_unmatched(rule, edit, gone.state).action, Action::none);
  edit.corrected = "the headline was: Border closed";
  edit.silenced = "silenced until tomorrow";
  EXPECT_EQ(decide_unmatched(rule, edit, told.state).reason, "silenced until tomorrow");
  RuleDef quiet = rule;
  quiet.updates = UpdatePolicy::none;
  edit.silenced.clear();
  EXPECT_EQ(decide_unmatched(quiet, edit, told.state).action, Action::none);
}

TEST(Following, AFollowedStoryTellsEveryTextAndASilencedOneNone) {
  RuleDef rule = border();
  rule.updates = UpdatePolicy::none;
  Telling telling(rule);
  telling.report(item("1", "INA"), "a");
  ItemFacts second = item("2", "INA");
  second.followed = true;
  EXPECT_EQ(telling.report(second, "b").reason, "followed: INA");
  ItemFacts third = item("3", "BBC");
  third.followed = true;
  third.silenced = "silenced until tomorrow";
  const Decision muted = telling.report(third, "c");
  EXPECT_EQ(muted.action, Action::join);
  EXPECT_EQ(muted.reason, "silenced until tomorrow");
}

TEST(Silenced, TheStoryIsToldOnceTheSilenceHasEnded) {
  Telling telling(border());
  ItemFacts first = item("1", "INA");
  first.silenced = "silenced until noon";
  EXPECT_EQ(telling.report(first, "a").action, Action::join);
  const Decision later = telling.report(item("2", "BBC"), "b");
  EXPECT_EQ(later.action, Action::alert);
  EXPECT_EQ(later.state.reports.size(), 2U);
}

TEST(Scopes, ARuleTellsOncePerStoryCopyOrArticle) {
  RuleDef rule = border();
  EXPECT_EQ(scope_of(rule, text("a"), "1"), "s");
  rule.policy.once_per = OncePer::copy;
  EXPECT_EQ(scope_of(rule, text("a"), "1"), "copy:a");
  rule.policy.once_per = OncePer::article;
  EXPECT_EQ(scope_of(rule, text("a"), "1"), "item:1");
}

TEST(Gates, ManyCopiesOfOneTextDoNotPushTheOthersOut) {
  RuleDef rule = border();
  rule.policy.min_sources = 3;
  Telling telling(rule);
  telling.report(item("a", "INA"), "A");
  for (int i = 0; i < 300; ++i) {
    const std::string number = std::to_string(i);
    const Decision decision = telling.report(item("b" + number, "Copy " + number), "B");
    EXPECT_LE(decision.state.heard.size(), max_alert_heard);
  }
  EXPECT_EQ(telling.report(item("c", "AFP"), "C").reason, "3 independent texts");
}

TEST(Gates, WhatNoLongerCountsGivesWayFirst) {
  RuleDef rule = border();
  rule.policy.at_least = 3;
  rule.policy.within = std::chrono::hours(1);
  AlertState state;
  for (int i = 0; i < 200; ++i) hear(state, std::to_string(i), now, rule.policy.within);
  const Instant later = now + std::chrono::hours(2);
  for (int i = 0; i < 3; ++i) hear(state, "copied", later, rule.policy.within);
  EXPECT_EQ(gates_of(rule.policy, state, 0, later).reason, "3 reports");
}

TEST(Gates, OfManyTextsTheLatestAreRemembered) {
  AlertState state;
  for (int i = 0; i < 300; ++i) hear(state, std::to_string(i), now);
  ASSERT_EQ(state.heard.size(), max_alert_heard);
  EXPECT_EQ(state.heard.front().copy_group, "100");
}

}  // namespace
}  // namespace wirewatch::rules
