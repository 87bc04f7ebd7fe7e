#include "rules/policy/policy.h"

#include <gtest/gtest.h>

namespace wirewatch::rules {
namespace {

using std::chrono::hours;

const Instant now = from_iso8601("2024-12-26T16:00:00Z").value();

RuleDef border() {
  RuleDef rule;
  rule.name = "border";
  return rule;
}

feeds::Placement in_story(const std::string& copy_group) {
  feeds::Placement placement;
  placement.story = "s";
  placement.copy_group = copy_group;
  return placement;
}

ItemFacts item(const std::string& id, const std::string& source) {
  ItemFacts facts;
  facts.item = id;
  facts.source = source;
  facts.time = now - hours(1);
  facts.first_seen = now;
  return facts;
}

// The alert that INA's item "i1" made.
AlertState told() {
  return decide(border(), in_story("i1"), item("i1", "INA"), std::nullopt, now).state;
}

TEST(Policy, TheFirstReportOfAStoryAlerts) {
  const Decision decision = decide(border(), in_story("i1"), item("i1", "INA"), std::nullopt, now);
  EXPECT_EQ(decision.action, Action::alert);
  EXPECT_EQ(decision.reason, "first report");
  EXPECT_EQ(decision.state.id, alert_id("border", "s", 1));
  EXPECT_EQ(decision.state.sequence, 1U);
  EXPECT_EQ(decision.state.revision, 1U);
  EXPECT_EQ(decision.state.sources, std::vector<std::string>{"INA"});
  EXPECT_EQ(decision.state.copy_groups, std::vector<std::string>{"i1"});
  EXPECT_EQ(items_of(decision.state), std::vector<std::string>{"i1"});
}

TEST(Policy, ABaselineAlertsNothingAndALaterItemOfItsStoryDoes) {
  ItemFacts first = item("i1", "INA");
  first.baseline = true;
  const Decision silent = decide(border(), in_story("i1"), first, std::nullopt, now);
  EXPECT_EQ(silent.action, Action::none);
  EXPECT_EQ(silent.reason, "baseline: first fetch of this feed");
  // Nothing was told, so the next item of the story is the first that people hear of.
  EXPECT_EQ(decide(border(), in_story("i1"), item("i2", "BBC"), std::nullopt, now).action,
            Action::alert);
}

TEST(Policy, AnItemOlderThanMaxAgeDoesNotAlert) {
  RuleDef rule = border();
  ItemFacts old = item("i1", "INA");
  old.time = now - hours(72) - std::chrono::seconds(1);
  EXPECT_EQ(decide(rule, in_story("i1"), old, std::nullopt, now).reason, "older than max_age 3d");
  EXPECT_EQ(decide(rule, in_story("i1"), old, std::nullopt, now).action, Action::none);
  old.time = now - hours(72);
  EXPECT_EQ(decide(rule, in_story("i1"), old, std::nullopt, now).action, Action::alert);
  rule.max_age = hours(36);
  EXPECT_EQ(decide(rule, in_story("i1"), old, std::nullopt, now).reason, "older than max_age 36h");
  rule.max_age = std::chrono::minutes(90);
  EXPECT_EQ(decide(rule, in_story("i1"), old, std::nullopt, now).reason, "older than max_age 90m");
  rule.max_age = std::nullopt;
  EXPECT_EQ(decide(rule, in_story("i1"), old, std::nullopt, now).action, Action::alert);
}

TEST(Policy, AnEditThatMatchesSinceMakesNoNewAlert) {
  ItemFacts edited = item("i1", "INA");
  edited.edited = true;
  const Decision decision = decide(border(), in_story("i1"), edited, std::nullopt, now);
  EXPECT_EQ(decision.action, Action::none);
  EXPECT_EQ(decision.reason, "edited: an edit never makes a new alert");
}

TEST(Policy, LaterReportsJoinOrUpdateWithANamedReason) {
  struct Case {
    const char* id;
    const char* source;
    const char* copy_group;
    bool edited;
    bool baseline;
    UpdatePolicy updates;
    Action action;
    const char* reason;
  };
  const Case cases[] = {
      {"i2", "BBC", "i2", false, false, UpdatePolicy::new_source, Action::update,
       "new source: BBC"},
      {"i2", "BBC", "i2", false, false, UpdatePolicy::none, Action::join,
       "new source: BBC, and the rule wants no updates"},
      {"i2", "BBC", "i1", false, false, UpdatePolicy::new_source, Action::join,
       "a copy of what was told"},
      {"i2", "INA", "i2", false, false, UpdatePolicy::new_source, Action::join,
       "a further report of a source that was told: INA"},
      {"i1", "INA", "i1", true, false, UpdatePolicy::new_source, Action::join,
       "edited: its alert was sent before"},
      {"i1", "INA", "i9", true, false, UpdatePolicy::new_source, Action::join,
       "edited: its alert was sent before"},
      {"i1", "INA", "i1", false, false, UpdatePolicy::new_source, Action::join,
       "seen again: its alert was sent before"},
      {"i2", "BBC", "i2", true, false, UpdatePolicy::new_source, Action::join,
       "edited: it matches since, and the story was told before"},
      {"i2", "BBC", "i2", false, true, UpdatePolicy::new_source, Action::join,
       "baseline: first fetch of this feed"},
  };
  for (const Case& c : cases) {
    RuleDef rule = border();
    rule.updates = c.updates;
    ItemFacts facts = item(c.id, c.source);
    facts.edited = c.edited;
    facts.baseline = c.baseline;
    const Decision decision = decide(rule, in_story(c.copy_group), facts, told(), now);
    EXPECT_EQ(decision.action, c.action) << c.reason;
    EXPECT_EQ(decision.reason, c.reason);
    EXPECT_EQ(decision.state.id, told().id);
    EXPECT_EQ(decision.state.sequence, 1U);
    EXPECT_EQ(decision.state.revision, c.action == Action::update ? 2U : 1U) << c.reason;
    EXPECT_EQ(decision.state.reports.back().item, c.id);
  }
}

TEST(Policy, ASourceThatOnlyCopiedIsStillNewWithATextOfItsOwn) {
  const Decision copy = decide(border(), in_story("i1"), item("i2", "BBC"), told(), now);
  EXPECT_EQ(copy.state.sources, std::vector<std::string>{"INA"});
  const Decision own = decide(border(), in_story("i3"), item("i3", "BBC"), copy.state, now);
  EXPECT_EQ(own.action, Action::update);
  EXPECT_EQ(own.state.sources, (std::vector<std::string>{"INA", "BBC"}));
  EXPECT_EQ(own.state.copy_groups, (std::vector<std::string>{"i1", "i3"}));
  EXPECT_EQ(items_of(own.state), (std::vector<std::string>{"i1", "i2", "i3"}));
}

TEST(Policy, AnOldReportOfAToldStoryJoinsSilently) {
  ItemFacts old = item("i2", "BBC");
  old.time = now - hours(100);
  const Decision decision = decide(border(), in_story("i2"), old, told(), now);
  EXPECT_EQ(decision.action, Action::join);
  EXPECT_EQ(decision.reason, "older than max_age 3d");
}

TEST(Policy, AnAlertRemembersItsFirstItemAndTheLatestOnes) {
  AlertState state = told();
  for (std::size_t i = 0; i < max_alert_items + 100; ++i) {
    state =
        decide(border(), in_story("i1"), item("x" + std::to_string(i), "BBC"), state, now).state;
  }
  EXPECT_EQ(state.reports.size(), max_alert_items);
  EXPECT_EQ(state.reports.front().item, "i1");
  EXPECT_EQ(state.reports.back().item, "x1099");
}

TEST(Policy, OfManyReportsThoseToldAndTheNewestAreRemembered) {
  AlertState state = told();
  AlertState other;
  for (std::size_t i = 0; i < max_alert_items + 5; ++i)
    other.reports.push_back({"x" + std::to_string(i), "g", "BBC", now, i == 3, true});
  other.reports.push_back({"i1", "i1", "INA", now, true, true});
  add_reports(state, other.reports);
  EXPECT_EQ(state.reports.size(), max_alert_items);
  EXPECT_EQ(state.reports.front().item, "i1");
  EXPECT_EQ(state.reports[1].item, "x3");
  EXPECT_EQ(state.reports.back().item, "x1004");
  for (Report& one : state.reports) one.told = true;
  add_report(state, {"new", "g", "BBC", now, false, true});
  EXPECT_EQ(state.reports.size(), max_alert_items);
  EXPECT_NE(report_of(state, "new"), nullptr);
}

TEST(Policy, IdsDependOnlyOnWhatTheyName) {
  EXPECT_EQ(alert_id("border", "s", 1), alert_id("border", "s", 1));
  EXPECT_NE(alert_id("border", "s", 1), alert_id("border", "s", 2));
  EXPECT_NE(alert_id("a", "bc", 1), alert_id("ab", "c", 1));
  EXPECT_EQ(delivery_id("a", 1, "desk").size(), 32U);
  EXPECT_NE(delivery_id("a", 1, "desk"), delivery_id("a", 2, "desk"));
  EXPECT_NE(delivery_id("a", 1, "desk"), delivery_id("a", 1, "archive"));
}

}  // namespace
}  // namespace wirewatch::rules
