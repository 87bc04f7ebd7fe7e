#include "daemon/delivery/held.h"

#include <gmock/gmock.h>

#include "daemon/delivery/digest.h"
#include "tests/daemon/pipeline/pipeline_fixture.h"

namespace wirewatch::daemon {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const Instant night = *from_iso8601("2025-01-15T23:30:00Z");
const Instant morning = *from_iso8601("2025-01-16T07:00:00Z");
const Instant later = *from_iso8601("2025-01-16T09:00:00Z");

rules::QuietHours until(int hour) {
  return {22 * 60, hour * 60, rules::AlertSeverity::critical};
}

class Held : public testing::Test {
 protected:
  Held() {
    ReceiverConfig desk;
    desk.name = "desk";
    desk.send.quiet = until(7);
    snapshot_->receivers = {desk};
    snapshot_->settings.time_zone = "UTC";
    message_.row.id = "d1";
    message_.row.receiver = "desk";
    message_.row.state = DeliveryState::held;
    message_.row.created = night;
    message_.row.next_attempt = morning;
    message_.row.answer = "quiet hours until 07:00";
    message_.rule = "border";
    message_.story = "s1";
    message_.row.feed = "feed";
  }
  std::vector<DeliveryRow> sent(Instant now) {
    commit_ = Commit();
    return still_to_send({message_}, *snapshot_, silences_, now, commit_);
  }
  void silence(const std::function<void(rules::Silence&)>& of) {
    rules::Silence one;
    one.until = morning + std::chrono::hours(12);
    of(one);
    silences_ = {one};
  }

  std::shared_ptr<Snapshot> snapshot_ = generation({rule_of("border", "border")});
  std::vector<rules::Silence> silences_;
  HeldMessage message_;
  Commit commit_;
};

TEST_F(Held, GoesOutWhenQuietHoursEnd) {
  EXPECT_THAT(sent(morning), SizeIs(1));
  EXPECT_THAT(sent(night), IsEmpty());
  EXPECT_THAT(commit_.marks, IsEmpty());
}

TEST_F(Held, GoesOutAtOnceWhenThereAreNoQuietHoursAnyMore) {
  snapshot_->receivers[0].send.quiet.reset();
  EXPECT_THAT(sent(night), SizeIs(1));
}

TEST_F(Held, WaitsForItsTimeWhenItsRuleOrReceiverIsGone) {
  auto without_rule = generation({rule_of("water", "water")});
  without_rule->receivers = snapshot_->receivers;
  snapshot_->receivers.clear();
  for (const auto& snapshot : {snapshot_, without_rule}) {
    snapshot_ = snapshot;
    if (!snapshot_->receivers.empty()) snapshot_->receivers[0].send.quiet.reset();
    EXPECT_THAT(sent(night), IsEmpty());
    EXPECT_THAT(commit_.marks, IsEmpty());
    EXPECT_THAT(sent(morning), SizeIs(1));
  }
}

TEST_F(Held, WaitsOnWhenQuietHoursWereMadeLonger) {
  snapshot_->receivers[0].send.quiet = until(9);
  for (const Instant now : {night, morning}) {
    EXPECT_THAT(sent(now), IsEmpty());
    ASSERT_THAT(commit_.marks, SizeIs(1));
    EXPECT_EQ(commit_.marks[0].state, DeliveryState::held);
    EXPECT_EQ(commit_.marks[0].next_attempt, later);
    EXPECT_EQ(commit_.marks[0].answer, "quiet hours until 09:00");
  }
}

TEST_F(Held, WaitsForTheRulesQuietHoursToo) {
  rules::RuleDef rule = rule_of("border", "border");
  rule.policy.send.quiet = rules::QuietHours{6 * 60, 9 * 60, std::nullopt};
  auto with_rule = generation({rule});
  with_rule->receivers = snapshot_->receivers;
  with_rule->settings.time_zone = "UTC";
  snapshot_ = with_rule;
  EXPECT_THAT(sent(morning), IsEmpty());
  ASSERT_THAT(commit_.marks, SizeIs(1));
  EXPECT_EQ(commit_.marks[0].next_attempt, later);
}

TEST_F(Held, GoesOutInTheEndWhereQuietHoursLeaveNoGap) {
  snapshot_->receivers[0].send.quiet = rules::QuietHours{7 * 60, 7 * 60, std::nullopt};
  EXPECT_THAT(sent(night), IsEmpty());
  EXPECT_THAT(sent(morning), SizeIs(1));
}

TEST_F(Held, GoesOutAtTheMinuteAtWhichQuietHoursOfAWholeDayEnd) {
  snapshot_->receivers[0].send.quiet = rules::QuietHours{7 * 60, 7 * 60, std::nullopt};
  message_.row.state = DeliveryState::collected;
  message_.row.created = morning - std::chrono::hours(10);
  EXPECT_THAT(sent(morning), SizeIs(1));
  // Berlin, the day before summer time begins: 23 hours from one 07:00 to the next.
  snapshot_->settings.time_zone = "Europe/Berlin";
  message_.row.state = DeliveryState::held;
  message_.row.next_attempt = *from_iso8601("2025-03-29T06:00:00Z");
  message_.row.created = message_.row.next_attempt - std::chrono::minutes(30);
  EXPECT_THAT(sent(message_.row.next_attempt), SizeIs(1));
}

TEST_F(Held, IsNotSentWhenItWasSilencedMeanwhile) {
  const std::function<void(rules::Silence&)> cases[] = {
      [](rules::Silence& one) { one.rule = "border"; },
      [](rules::Silence& one) { one.story = "s1"; }, [](rules::Silence& one) { one.feed = "feed"; },
      [](rules::Silence& one) { one.receiver = "desk"; }};
  for (const DeliveryState state : {DeliveryState::held, DeliveryState::collected}) {
    message_.row.state = state;
    for (const auto& of : cases) {
      silence(of);
      EXPECT_THAT(sent(morning), IsEmpty());
      ASSERT_THAT(commit_.marks, SizeIs(1));
      EXPECT_EQ(commit_.marks[0].state, DeliveryState::absorbed);
      EXPECT_EQ(commit_.marks[0].answer, "silenced until 2025-01-16T19:00:00Z");
    }
  }
  silence([](rules::Silence& one) { one.story = "s2"; });
  EXPECT_THAT(sent(morning), SizeIs(1));
}

TEST_F(Held, ASilenceOfTheRulesEarlierNameHoldsForIt) {
  rules::RuleDef renamed = rule_of("frontier", "border");
  renamed.was = {"border"};
  snapshot_ = generation({renamed});
  silence([](rules::Silence& one) { one.rule = "border"; });
  message_.rule = "frontier";
  EXPECT_THAT(sent(morning), IsEmpty());
  EXPECT_THAT(commit_.marks, SizeIs(1));
}

TEST_F(Held, WhatIsSentAgainByHandGoesOutWhateverHolds) {
  message_.row.state = DeliveryState::collected;
  message_.row.answer = replayed_by_hand;
  message_.row.next_attempt = night;
  silence([](rules::Silence& one) { one.rule = "border"; });
  EXPECT_THAT(sent(night), SizeIs(1));
}

TEST_F(Held, OfWhatIsPendingTheSilencedIsTakenOutWithWhatWasTried) {
  message_.row.state = DeliveryState::pending;
  message_.row.attempts = 3;
  message_.row.unanswered = 1;
  message_.row.handle = "1234.5";
  HeldMessage other = message_;
  other.row.id = "d2";
  other.story = "s2";
  HeldMessage by_hand = message_;
  by_hand.row.answer = replayed_by_hand;
  HeldMessage digest;
  digest.row = message_.row;
  silence([](rules::Silence& one) { one.receiver = "desk"; });
  rules::Silence muted = silences_[0];
  muted.receiver.clear();
  muted.story = "s1";
  std::vector<HeldMessage> messages = {message_, other, by_hand, digest};
  const auto marks = take_silenced(messages, *snapshot_, {muted}, morning);
  ASSERT_THAT(marks, SizeIs(1));
  EXPECT_EQ(marks[0].id, "d1");
  EXPECT_EQ(marks[0].state, DeliveryState::absorbed);
  EXPECT_EQ(marks[0].answer, "silenced until 2025-01-16T19:00:00Z");
  EXPECT_EQ(marks[0].attempts, 3U);
  EXPECT_EQ(marks[0].unanswered, 1U);
  EXPECT_EQ(marks[0].handle, "1234.5");
  EXPECT_THAT(messages, SizeIs(3));
  EXPECT_THAT(take_silenced(messages, *snapshot_, silences_, morning), SizeIs(1));
  EXPECT_THAT(messages, SizeIs(2)) << "digests, and what is sent by hand";
}

}  // namespace
}  // namespace wirewatch::daemon
