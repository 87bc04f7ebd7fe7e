#include "rules/policy/silence.h"

#include <gtest/gtest.h>

#include "rules/policy/volume.h"

namespace wirewatch::rules {
namespace {

using std::chrono::hours;

const Instant now = from_iso8601("2025-01-15T12:00:00Z").value();

Silence silence_of(const char* rule, const char* story, const char* feed, const char* receiver) {
  Silence silence;
  silence.id = "s1";
  silence.until = now + hours(2);
  silence.rule = rule;
  silence.story = story;
  silence.feed = feed;
  silence.receiver = receiver;
  silence.comment = "drill";
  return silence;
}

TEST(Silence, EveryMatcherThatIsNamedMustFit) {
  struct Case {
    Silence silence;
    bool silenced;
  };
  const SilenceFacts facts{"border", "story-1", "https://ina.example/feed", AlertSeverity::normal};
  const Case cases[] = {
      {silence_of("border", "", "", ""), true},
      {silence_of("water", "", "", ""), false},
      {silence_of("", "story-1", "", ""), true},
      {silence_of("", "story-2", "", ""), false},
      {silence_of("", "", "https://ina.example/feed", ""), true},
      {silence_of("border", "story-1", "https://bbc.example/feed", ""), false},
      {silence_of("border", "story-1", "https://ina.example/feed", ""), true},
  };
  for (const Case& c : cases) {
    const std::string said = silenced({c.silence}, facts, now);
    EXPECT_EQ(said, c.silenced ? "silenced until 2025-01-15T14:00:00Z: drill" : "");
  }
}

TEST(Silence, OneThatNamesAReceiverIsForThatReceiverAlone) {
  const std::vector<Silence> silences = {silence_of("border", "", "", "phone")};
  const SilenceFacts facts{"border", "story-1", "feed", AlertSeverity::normal};
  EXPECT_EQ(silenced(silences, facts, now), "");
  EXPECT_EQ(silenced_for(silences, facts, "desk", now), "");
  EXPECT_EQ(silenced_for(silences, facts, "phone", now),
            "silenced until 2025-01-15T14:00:00Z: drill");
}

TEST(Silence, OfARuleGoesOnUnderTheRulesNewName) {
  const std::vector<Silence> silences = {silence_of("border", "", "", "")};
  SilenceFacts facts{"frontier", "s", "f", AlertSeverity::normal};
  EXPECT_EQ(silenced(silences, facts, now), "");
  facts.was = {"limit", "border"};
  EXPECT_NE(silenced(silences, facts, now), "");
}

TEST(Silence, AHigherSeverityBreaksIt) {
  const std::vector<Silence> silences = {silence_of("border", "", "", "")};
  EXPECT_NE(silenced(silences, {"border", "s", "f", AlertSeverity::high}, now), "");
  EXPECT_EQ(silenced(silences, {"border", "s", "f", AlertSeverity::critical}, now), "");
}

TEST(Silence, ItEnds) {
  const std::vector<Silence> silences = {silence_of("border", "", "", "")};
  const SilenceFacts facts{"border", "s", "f", AlertSeverity::low};
  EXPECT_NE(silenced(silences, facts, now + hours(2) - Span(1)), "");
  EXPECT_EQ(silenced(silences, facts, now + hours(2)), "");
}

RuleVolumes week_of_two_an_hour(const std::string& rule) {
  RuleVolumes volumes;
  for (std::int64_t back = RuleVolumes::past_hours; back >= 2; --back) {
    volumes.add(rule, hour_of(now) - back, 2);
  }
  return volumes;
}

TEST(Volume, ARiseIsMeasuredAgainstTheRulesOwnWeek) {
  RuleVolumes volumes = week_of_two_an_hour("border");
  volumes.add("border", hour_of(now), 8);
  EXPECT_NEAR(volumes.rise("border", now + std::chrono::minutes(59)), 4.0, 0.1);
  EXPECT_EQ(volumes.rise("water", now), 0);
}

TEST(Volume, WhatARuleMatchedUnderAnEarlierNameIsItsOwnPast) {
  RuleVolumes volumes = week_of_two_an_hour("border");
  volumes.add("frontier", hour_of(now), 8);
  EXPECT_NEAR(volumes.rise("frontier", now + std::chrono::minutes(59), {"border"}), 4.0, 0.1);
}

TEST(Volume, TwoMatchesOfARareRuleAreNoRiseOfThousands) {
  RuleVolumes volumes;
  volumes.add("rare", hour_of(now), 2);
  EXPECT_LE(volumes.rise("rare", now), 4.0);
}

// Fault 77.
TEST(Volume, HoursOfAClockThatWasAYearAheadAreForgottenWhenItIsPutRight) {
  RuleVolumes volumes = week_of_two_an_hour("border");
  volumes.add("border", hour_of(now + hours(24 * 365)), 5);
  for (int i = 0; i < 9; ++i) volumes.add("border", hour_of(now), 1);
  EXPECT_GE(volumes.rise("border", now + std::chrono::minutes(59)), 9.0);
  EXPECT_EQ(volumes.in_past_week("border", now), 9U);
}

}  // namespace
}  // namespace wirewatch::rules
