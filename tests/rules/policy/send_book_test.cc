#include "rules/policy/send_book.h"

#include <gtest/gtest.h>

namespace wirewatch::rules {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Instant at(const char* text) {
  return from_iso8601(text).value();
}

class SendBookTest : public testing::Test {
 protected:
  Route ask(const char* now, AlertSeverity severity = AlertSeverity::normal,
            const std::string& rule_name = "border") {
    return book.route({rule_name, "desk", severity, rule, receiver}, zone, at(now));
  }

  SendBook book;
  SendPolicy rule;
  SendPolicy receiver;
  std::string zone = "UTC";
};

TEST_F(SendBookTest, WithoutAPolicyEverythingGoesOutAtOnce) {
  for (int i = 0; i < 2000; ++i) EXPECT_EQ(ask("2025-01-15T12:00:00Z").kind, SendKind::now);
}

TEST_F(SendBookTest, QuietHoursHoldOverMidnightUntilTheyEnd) {
  receiver.quiet = QuietHours{22 * 60, 7 * 60, std::nullopt};
  for (const char* now : {"2025-01-15T22:00:00Z", "2025-01-16T03:00:00Z", "2025-01-16T06:59:59Z"}) {
    const Route route = ask(now);
    EXPECT_EQ(route.kind, SendKind::held) << now;
    EXPECT_EQ(route.until, at("2025-01-16T07:00:00Z")) << now;
    EXPECT_EQ(route.reason, "quiet hours until 07:00");
  }
  EXPECT_EQ(ask("2025-01-16T07:00:00Z").kind, SendKind::now);
  EXPECT_EQ(ask("2025-01-16T21:59:00Z").kind, SendKind::now);
}

TEST_F(SendBookTest, QuietHoursAreThoseOfTheZone) {
  zone = "Asia/Baghdad";
  rule.quiet = QuietHours{22 * 60, 7 * 60, std::nullopt};
  EXPECT_EQ(ask("2025-01-15T18:59:00Z").kind, SendKind::now);
  EXPECT_EQ(ask("2025-01-15T19:00:00Z").until, at("2025-01-16T04:00:00Z"));
}

TEST_F(SendBookTest, ASeverityMayBreakQuietHours) {
  receiver.quiet = QuietHours{22 * 60, 7 * 60, AlertSeverity::high};
  EXPECT_EQ(ask("2025-01-15T23:00:00Z", AlertSeverity::normal).kind, SendKind::held);
  EXPECT_EQ(ask("2025-01-15T23:00:00Z", AlertSeverity::high).kind, SendKind::now);
  EXPECT_EQ(ask("2025-01-15T23:00:00Z", AlertSeverity::critical).kind, SendKind::now);
}

TEST_F(SendBookTest, ADigestGathersUntilItsTime) {
  rule.digest = DigestPlan{std::nullopt, {7 * 60 + 30, 18 * 60}};
  const Route route = ask("2025-01-15T12:00:00Z");
  EXPECT_EQ(route.kind, SendKind::digest);
  EXPECT_EQ(route.until, at("2025-01-15T18:00:00Z"));
  EXPECT_EQ(route.reason, "digest at 07:30 18:00");
  rule.digest = DigestPlan{hours(1), {}};
  EXPECT_EQ(ask("2025-01-15T12:10:00Z").until, at("2025-01-15T13:00:00Z"));
  EXPECT_EQ(ask("2025-01-15T12:10:00Z").reason, "digest every 1h");
}

TEST_F(SendBookTest, ADigestThatWouldFallIntoQuietHoursWaitsForTheirEnd) {
  rule.digest = DigestPlan{hours(1), {}};
  receiver.quiet = QuietHours{22 * 60, 7 * 60, std::nullopt};
  EXPECT_EQ(ask("2025-01-15T20:30:00Z").until, at("2025-01-15T21:00:00Z"));
  const Route route = ask("2025-01-15T21:30:00Z");
  EXPECT_EQ(route.kind, SendKind::digest);
  EXPECT_EQ(route.until, at("2025-01-16T07:00:00Z"));
  EXPECT_EQ(route.reason, "digest every 1h, after the quiet hours until 07:00");
}

TEST_F(SendBookTest, WhatIsBeyondTheBudgetBecomesOneDigest) {
  receiver.budget = Budget{2, hours(1)};
  EXPECT_EQ(ask("2025-01-15T12:00:00Z").kind, SendKind::now);
  EXPECT_EQ(ask("2025-01-15T12:10:00Z").kind, SendKind::now);
  for (const char* now : {"2025-01-15T12:20:00Z", "2025-01-15T12:59:59Z"}) {
    const Route route = ask(now);
    EXPECT_EQ(route.kind, SendKind::digest) << now;
    EXPECT_EQ(route.until, at("2025-01-15T13:00:00Z")) << now;
    EXPECT_EQ(route.reason, "the budget of receiver \"desk\" of 2 per 1h is used up");
  }
  EXPECT_EQ(ask("2025-01-15T13:00:00Z").kind, SendKind::now);
  EXPECT_EQ(ask("2025-01-15T13:05:00Z").until, at("2025-01-15T13:10:00Z"));
}

TEST_F(SendBookTest, ARulesBudgetLeavesOtherRulesAlone) {
  rule.budget = Budget{1, minutes(10)};
  EXPECT_EQ(ask("2025-01-15T12:00:00Z").kind, SendKind::now);
  const Route route = ask("2025-01-15T12:01:00Z");
  EXPECT_EQ(route.kind, SendKind::digest);
  EXPECT_EQ(route.reason, "the budget of rule \"border\" of 1 per 10m is used up");
  EXPECT_EQ(ask("2025-01-15T12:01:00Z", AlertSeverity::normal, "water").kind, SendKind::now);
}

TEST_F(SendBookTest, ARulesBudgetIsThatOfEachOfItsReceivers) {
  rule.budget = Budget{1, hours(1)};
  const Instant now = at("2025-01-15T12:00:00Z");
  for (const char* name : {"desk", "phone"}) {
    EXPECT_EQ(book.route({"border", name, AlertSeverity::normal, rule, receiver}, zone, now).kind,
              SendKind::now)
        << name;
  }
  EXPECT_EQ(ask("2025-01-15T12:01:00Z").kind, SendKind::digest);
}

TEST_F(SendBookTest, WhatWasSentBeforeARestartCounts) {
  receiver.budget = Budget{2, hours(1)};
  book.restore_sent("border", "desk", at("2025-01-15T11:50:00Z"));
  book.restore_sent("border", "desk", at("2025-01-15T11:55:00Z"));
  book.restore_digest("desk", at("2025-01-15T12:50:00Z"));
  EXPECT_EQ(ask("2025-01-15T12:00:00Z").until, at("2025-01-15T12:50:00Z"));
}

TEST_F(SendBookTest, AClockThatWasSetBackDoesNotLockTheBudget) {
  receiver.budget = Budget{1, hours(1)};
  EXPECT_EQ(ask("2025-01-15T12:00:00Z").kind, SendKind::now);
  EXPECT_EQ(ask("2025-01-15T11:00:00Z").kind, SendKind::digest);
  EXPECT_EQ(ask("2025-01-15T13:00:00Z").kind, SendKind::now);
}

// Fault 77.
TEST_F(SendBookTest, WhatAClockThatWasAYearAheadSentDoesNotLockTheBudget) {
  receiver.budget = Budget{1, hours(1)};
  EXPECT_EQ(ask("2026-01-15T12:00:00Z").kind, SendKind::now);
  EXPECT_EQ(ask("2026-01-15T12:10:00Z").until, at("2026-01-15T13:00:00Z"));
  EXPECT_EQ(ask("2025-01-15T12:00:00Z").kind, SendKind::now);
  EXPECT_EQ(ask("2025-01-15T12:10:00Z").until, at("2025-01-15T13:00:00Z"));
  EXPECT_EQ(ask("2025-01-15T13:00:00Z").kind, SendKind::now);
}

}  // namespace
}  // namespace wirewatch::rules
