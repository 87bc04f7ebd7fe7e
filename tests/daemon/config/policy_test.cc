// When rules and receivers want to be told.
#include <gmock/gmock.h>

#include "daemon/config/policy_text.h"
#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(PolicyConfig, EveryKeyOfARuleIsReadAndCanBeWrittenAgain) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(R"(rules:
  water:
    match: flood
    severity: high
    once_per: copy
    updates: material
    min_sources: 2
    at_least: 3
    within: 2h
    rise: 2.5
    catch_up: 24h
    digest: {at: ["07:30", "18:00"]}
    quiet: {from: "22:00", to: "07:00", except: critical}
    budget: 20/1h
receivers: {desk: {console: {}}}
)");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_EQ(files.shown(outcome), "");
  const rules::RuleDef& rule = outcome.snapshot->rules.rules().front();
  EXPECT_EQ(rule.updates, rules::UpdatePolicy::material);
  EXPECT_EQ(rule.policy.once_per, rules::OncePer::copy);
  EXPECT_EQ(rule.policy.min_sources, 2U);
  EXPECT_EQ(rule.policy.at_least, 3U);
  EXPECT_EQ(rule.policy.within, hours(2));
  EXPECT_EQ(rule.policy.rise, 2.5);
  EXPECT_EQ(rule.policy.catch_up, hours(24));
  EXPECT_THAT(rule.policy.send.digest->at, ElementsAre(450, 1080));
  EXPECT_EQ(rule.policy.send.quiet, (rules::QuietHours{1320, 420, rules::AlertSeverity::critical}));
  EXPECT_EQ(rule.policy.send.budget, (rules::Budget{20, hours(1)}));

  std::string again = "rules:\n  water:\n    match: flood\n    severity: high\n";
  for (const auto& [key, value] : policy_text(rule)) again += "    " + key + ": " + value + "\n";
  const LoadOutcome second = files.load(again + "receivers: {desk: {console: {}}}\n");
  ASSERT_TRUE(second.snapshot) << again << files.shown(second);
  EXPECT_EQ(second.snapshot->rules.rules().front().policy, rule.policy) << again;
}

TEST(PolicyConfig, AReceiverHasBudgetQuietHoursAndDigestsToo) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(R"(rules: {water: {match: flood}}
receivers:
  desk:
    console: {}
    budget: 5/10m
    digest: {every: 30m}
    quiet: {from: "00:00", to: "06:30"}
)");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  const rules::SendPolicy& send = outcome.snapshot->receivers.front().send;
  EXPECT_EQ(send.budget, (rules::Budget{5, minutes(10)}));
  EXPECT_EQ(send.digest->every, minutes(30));
  EXPECT_EQ(send.quiet, (rules::QuietHours{0, 390, std::nullopt}));
}

TEST(PolicyConfig, OperatorsAreReceiversThatRulesTellOnlyWhenTheyNameThem) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(R"(operator: [ops]
heartbeat: {url: "https://beat.example/x", every: 1m}
rules: {water: {match: flood}}
receivers: {desk: {console: {}}, ops: {ntfy: {topic: ops}}}
)");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_THAT(outcome.snapshot->settings.operators, ElementsAre("ops"));
  EXPECT_EQ(outcome.snapshot->settings.heartbeat.every, minutes(1));
  EXPECT_THAT(outcome.snapshot->rules.rules().front().receivers, ElementsAre("desk"));
}

TEST(PolicyConfig, WhatIsWrongIsNamedWithWhatWouldBeRight) {
  struct Case {
    const char* line;
    const char* said;
  };
  const Case cases[] = {
      {"budget: 20", "\"20\" is no budget"},
      {"budget: 0/1h", "messages and a time, like \"20/1h\": 1 to 1000 in 1m to 24h"},
      {"budget: 20/2d", "\"20/2d\" is no budget"},
      {"quiet: {from: \"22:00\"}", "\"quiet\" has no \"to\""},
      {"quiet: \"22:00-07:00\"", "write `quiet: {from: \"22:00\", to: \"07:00\"}`"},
      {"digest: 1h", "write `digest: {every: 1h}` or"},
      {"quiet: {from: \"22:00\", to: \"7:00\"}", "\"7:00\" is no time of day"},
      {"quiet: {from: \"22:00\", to: \"25:00\"}", "two digits, in quotes: \"07:30\""},
      {"quiet: {from: \"22:00\", to: \"07:00\", except: urgent}", "\"urgent\""},
      {"quiet: {from: \"22:00\", to: \"22:00\"}", "these quiet hours are the whole day"},
      {"digest: {}", "a digest has either \"every\" or \"at\""},
      {"digest: {every: 1h, at: \"07:30\"}", "a digest has either \"every\" or \"at\""},
      {"digest: {every: 10s}", "1m to 1d"},
      {"digest: {at: noon}", "\"noon\" is no time of day"},
      {"once_per: day", "\"day\""},
      {"updates: all", "\"all\""},
      {"min_sources: 0", "min_sources"},
      {"at_least: 500", "at_least"},
      {"within: 2h", "\"within\" says nothing without \"min_sources\" or \"at_least\""},
      {"rise: 1", "\"1\" is no rise"},
      {"rise: nan", "\"nan\" is no rise"},
      {"catch_up: 90d", "catch_up"},
  };
  for (const Case& c : cases) {
    const ConfigFiles files;
    const LoadOutcome outcome =
        files.load("rules:\n  water:\n    match: flood\n    " + std::string(c.line) +
                   "\nreceivers: {desk: {console: {}}}\n");
    EXPECT_THAT(files.shown(outcome), HasSubstr(c.said)) << c.line;
    EXPECT_THAT(files.shown(outcome), HasSubstr("config.yaml:4:")) << c.line;
  }
  const ConfigFiles files;
  EXPECT_THAT(files.shown(files.load("operator: opps\nreceivers: {ops: {console: {}}}\n")),
              HasSubstr("the operator \"opps\" is no receiver"));
  EXPECT_THAT(files.shown(files.load("heartbeat: {every: 1m}\n")),
              HasSubstr("the heartbeat has no URL"));
}

}  // namespace
}  // namespace wirewatch::daemon
