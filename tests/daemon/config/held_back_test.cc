// A reload in which some rules are broken: these keep their last version, the rest goes live.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;

constexpr const char* kReceivers = "receivers: {desk: {console: {}}}\n";

std::string two_rules(const std::string& first, const std::string& second) {
  return "rules:\n  first: {match: " + first + "}\n  second: {match: " + second + "}\n" +
         kReceivers;
}

TEST(Reload, ABrokenRuleKeepsItsLastVersionAndTheOthersGoLive) {
  const ConfigFiles files;
  const LoadOutcome before = files.load(two_rules("flood", "drought"));
  ASSERT_TRUE(before.snapshot) << files.shown(before);
  const LoadOutcome after = files.load(two_rules("'flood OR'", "storm"), before.snapshot.get());
  ASSERT_TRUE(after.snapshot) << files.shown(after);
  EXPECT_THAT(after.snapshot->held_back, ElementsAre("first"));
  ASSERT_EQ(after.snapshot->rules.rules().size(), 2U);
  EXPECT_EQ(after.snapshot->rules.rules()[0].query, "flood");
  EXPECT_EQ(after.snapshot->rules.rules()[1].query, "storm");
  EXPECT_EQ(after.snapshot->generation, 2U);
  ASSERT_FALSE(after.messages.empty());
  EXPECT_TRUE(after.messages[0].error);
  EXPECT_EQ(after.messages[0].rule, "first");
  EXPECT_EQ(after.messages[0].line, 2U);
}

TEST(Reload, AHeldBackRuleStaysHeldUntilItIsMended) {
  const ConfigFiles files;
  const LoadOutcome first = files.load(two_rules("flood", "drought"));
  const LoadOutcome second = files.load(two_rules("'flood OR'", "storm"), first.snapshot.get());
  const LoadOutcome third = files.load(two_rules("'flood OR'", "hail"), second.snapshot.get());
  ASSERT_TRUE(third.snapshot);
  EXPECT_THAT(third.snapshot->held_back, ElementsAre("first"));
  EXPECT_EQ(third.snapshot->rules.rules()[0].query, "flood");
  const LoadOutcome mended = files.load(two_rules("flood OR hail", "hail"), third.snapshot.get());
  EXPECT_TRUE(mended.snapshot->held_back.empty());
  EXPECT_EQ(mended.snapshot->rules.rules()[0].query, "flood OR hail");
}

TEST(Reload, ARuleWhoseExampleFailsIsHeldBackAndTheExampleIsShown) {
  const ConfigFiles files;
  const std::string good = std::string("rules: {flood: {match: flood}}\n") + kReceivers;
  const LoadOutcome before = files.load(good);
  const LoadOutcome after = files.load(std::string(R"(rules:
  flood:
    match: storm
    examples:
      match:
        - a storm
        - a flood in the south
)") + kReceivers,
                                       before.snapshot.get());
  ASSERT_TRUE(after.snapshot);
  EXPECT_THAT(after.snapshot->held_back, ElementsAre("flood"));
  EXPECT_EQ(
      files.shown(after),
      R"(config.yaml:7:11: error: the example 'a flood in the south' must match, but it does not
          - a flood in the south
            ^
  hint: what does not hold: storm
)");
}

TEST(Reload, ARenamedBrokenRuleKeepsTheVersionOfItsEarlierName) {
  const ConfigFiles files;
  const LoadOutcome before =
      files.load(std::string("rules: {flood: {match: flood}}\n") + kReceivers);
  const LoadOutcome after =
      files.load(std::string("rules: {deluge: {match: 'flood OR', was: flood}}\n") + kReceivers,
                 before.snapshot.get());
  ASSERT_TRUE(after.snapshot);
  EXPECT_THAT(after.snapshot->held_back, ElementsAre("deluge"));
  EXPECT_EQ(after.snapshot->rules.rules()[0].name, "deluge");
  EXPECT_EQ(after.snapshot->rules.rules()[0].query, "flood");
}

TEST(Reload, AHeldBackRuleAlertsReceiversThatAreStillThere) {
  const ConfigFiles files;
  const LoadOutcome before =
      files.load("rules: {flood: {match: flood, alert: old}}\nreceivers: {old: {console: {}}}\n");
  const LoadOutcome after = files.load(
      "rules: {flood: {match: 'flood OR', alert: new}}\nreceivers: {new: {console: {}}}\n",
      before.snapshot.get());
  ASSERT_TRUE(after.snapshot);
  EXPECT_THAT(after.snapshot->rules.rules()[0].receivers, ElementsAre("new"));
}

TEST(Reload, WithoutALastVersionABrokenRuleIsLeftOutAndTheRestGoesLive) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(two_rules("'flood OR'", "storm"));
  ASSERT_TRUE(outcome.snapshot);
  ASSERT_EQ(outcome.snapshot->rules.rules().size(), 1U);
  EXPECT_EQ(outcome.snapshot->rules.rules()[0].name, "second");
  EXPECT_TRUE(outcome.snapshot->held_back.empty());
  ASSERT_FALSE(outcome.messages.empty());
  EXPECT_TRUE(outcome.messages[0].error);
}

TEST(Reload, AStructuralErrorRefusesTheWhole) {
  const ConfigFiles files;
  const LoadOutcome before = files.load(two_rules("flood", "drought"));
  const LoadOutcome after =
      files.load(two_rules("storm", "hail") + "colour: red\n", before.snapshot.get());
  EXPECT_FALSE(after.snapshot);
  EXPECT_EQ(after.messages.size(), 1U);
}

TEST(Reload, AHeldBackRuleWhoseEntityIsGoneRefusesTheWhole) {
  const ConfigFiles files;
  files.write("e.yaml", "tigris: {kind: river, names: [Tigris]}\n");
  const LoadOutcome before = files.load(
      std::string("entities: e.yaml\nrules:\n  a:\n    match: |\n      @tigris\n") + kReceivers);
  ASSERT_TRUE(before.snapshot) << files.shown(before);
  const LoadOutcome after =
      files.load(std::string("rules:\n  a:\n    match: |\n      @tigris OR\n") + kReceivers,
                 before.snapshot.get());
  EXPECT_FALSE(after.snapshot);
  EXPECT_EQ(after.messages[0].text,
            "the last good version of rule \"a\" does not hold with the entities as they are now");
}

}  // namespace
}  // namespace wirewatch::daemon
