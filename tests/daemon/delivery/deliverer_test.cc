#include <gmock/gmock.h>

#include "tests/daemon/delivery/delivery_fakes.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(RetryDelay, IsStandardWebhooksSchedule) {
  const Span schedule[] = {seconds(5), minutes(5), minutes(30), hours(2), hours(5),
                           hours(10),  hours(14),  hours(20),   hours(24)};
  for (std::uint32_t i = 0; i < std::size(schedule); ++i) {
    EXPECT_EQ(retry_delay(i + 2, 0), schedule[i]);
    EXPECT_GT(retry_delay(i + 2, 0.999), schedule[i]);
    EXPECT_LE(retry_delay(i + 2, 0.999), schedule[i] * 11 / 10);
  }
  EXPECT_EQ(retry_delay(1, 0), std::nullopt);
  EXPECT_EQ(retry_delay(11, 0), std::nullopt);
}

// Fault 58.
TEST_F(DelivererTest, WhatWasCommittedBeforeACrashIsSentAfterTheRestart) {
  commit("desk", "d1");
  commit("desk", "d2");
  begin({receiver("desk")});
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d2"));
  EXPECT_EQ(ledger_.count("desk", DeliveryState::delivered), 2U);
  EXPECT_EQ(ledger_.row("d1").attempts, 1U);
  EXPECT_EQ(ledger_.row("d1").answer, "200");
  kill();
  begin({receiver("desk")});
  EXPECT_EQ(http_.all["desk"].size(), 2U);
}

// Fault 59.
TEST_F(DelivererTest, ACrashBetweenSendAndMarkRepeatsTheSameId) {
  ledger_.hang_on_mark = true;
  begin({receiver("desk")});
  commit("desk", "d1");
  commit("desk", "d2");
  run_ready();
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1"));  // d2 waits for d1's mark
  kill();
  ledger_.hang_on_mark = false;
  begin({receiver("desk")});
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d1", "d2"));
}

// Fault 59: a webhook knows a repeat by its id, a chat would show it.
TEST_F(DelivererTest, AWebhookHasAtMostFourMessagesWithoutTheirMarksAndAChatOne) {
  begin({receiver("desk"), receiver("chat", "discord")});
  commit("desk", "d0");
  commit("chat", "c0");
  run_ready();
  ledger_.hang_on_mark = true;
  for (int i = 1; i < 9; ++i) {
    commit("desk", "d" + std::to_string(i));
    commit("chat", "c" + std::to_string(i));
  }
  run_ready();
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d0", "d1", "d2", "d3", "d4"));
  EXPECT_EQ(http_.taken["chat"].size(), 2U);
  EXPECT_EQ(http_.most_in_flight["desk"], 1);
  EXPECT_EQ(health("desk").waiting, 8U);
  kill();
  ledger_.hang_on_mark = false;
  begin({receiver("desk"), receiver("chat", "discord")});
  const auto repeated = ids(http_.taken["desk"]);
  EXPECT_THAT(std::vector(repeated.begin() + 5, repeated.end()),
              ElementsAre("d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"));
  EXPECT_EQ(ledger_.count("desk", DeliveryState::delivered), 9U);
}

TEST_F(DelivererTest, AMarkThatCannotBeWrittenEndsTheRunningAhead) {
  begin({receiver("desk")});
  commit("desk", "d0");
  run_ready();
  ledger_.disk_full = true;
  for (int i = 1; i < 9; ++i) commit("desk", "d" + std::to_string(i));
  run_ready();
  EXPECT_LE(http_.taken["desk"].size(), 5U);
  ledger_.disk_full = false;
  pass(minutes(3));
  EXPECT_THAT(ids(http_.taken["desk"]),
              ElementsAre("d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"));
  EXPECT_EQ(ledger_.count("desk", DeliveryState::delivered), 9U);
}

TEST_F(DelivererTest, WhatIsSilencedWhileTheReceiverIsDownIsNotSentWhenItIsBack) {
  bool down = true;
  http_.scripts["desk"] = [&down](const Sent&) {
    return down ? no_reply("no answer within 15 s") : reply_of(200);
  };
  begin({receiver("desk")});
  for (const char* id : {"d1", "d2", "d3"}) commit("desk", id);
  pass(minutes(5));
  const std::size_t tried = http_.all["desk"].size();
  ledger_.silenced = ledger_.row("d2").alert;
  deliverer_->look_again();
  run_ready();
  EXPECT_EQ(http_.all["desk"].size(), tried) << "no reason to try a receiver that is down";
  down = false;
  pass(minutes(2));
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d3"));
  EXPECT_EQ(ledger_.row("d2").state, DeliveryState::absorbed);
  EXPECT_EQ(health("desk").waiting, 0U);
}

TEST_F(DelivererTest, WhatWasSilencedBeforeItCouldBeSentIsMarkedAtTheStart) {
  ledger_.silenced = store("desk", "d1").alert;
  begin({receiver("desk")});
  EXPECT_THAT(http_.all["desk"], testing::IsEmpty());
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::absorbed);
}

TEST_F(DelivererTest, ABacklogThatWasSilencedIsMarkedInOneCommit) {
  for (const char* id : {"d1", "d2", "d3", "d4"}) {
    store("desk", id);
    ledger_.row(id).alert = "one story";
  }
  ledger_.silenced = "one story";
  begin({receiver("desk")});
  EXPECT_EQ(ledger_.count("desk", DeliveryState::absorbed), 4U);
  EXPECT_EQ(ledger_.commits, 1);
}

TEST_F(DelivererTest, WhatIsSilencedWhileAMessageIsOutIsNotSentAfterIt) {
  http_.delays["desk"] = minutes(1);
  begin({receiver("desk")});
  for (const char* id : {"d1", "d2", "d3"}) commit("desk", id);
  run_ready();
  ledger_.silenced = ledger_.row("d2").alert;
  deliverer_->look_again();
  pass(minutes(5));
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1", "d3"));
}

// Fault 60.
TEST_F(DelivererTest, AReceiverThatFailsIsProbedWithItsOldestMessageAndOrderIsKept) {
  int failures = 7;
  http_.scripts["desk"] = [&](const Sent&) {
    if (failures-- <= 0) return reply_of(200);
    return failures % 2 == 0 ? reply_of(503) : no_reply("no answer within 15 s");
  };
  begin({receiver("desk")});
  for (const char* id : {"d1", "d2", "d3"}) commit("desk", id);
  pass(minutes(5));
  EXPECT_THAT(ids(http_.all["desk"]),
              ElementsAre("d1", "d1", "d1", "d1", "d1", "d1", "d1", "d1", "d2", "d3"));
  std::vector<std::int64_t> gaps;
  for (std::size_t i = 1; i < 8; ++i) {
    gaps.push_back((http_.all["desk"][i].time - http_.all["desk"][i - 1].time) / seconds(1));
  }
  EXPECT_THAT(gaps, ElementsAre(1, 2, 4, 8, 16, 30, 30));
  EXPECT_EQ(ledger_.row("d1").attempts, 1U);  // probes are no attempts
  EXPECT_EQ(ledger_.marks, 4);                // one says why it waited
  EXPECT_EQ(health("desk").down_since, std::nullopt);
}

TEST_F(DelivererTest, ProbesOfManyAreSpreadByJitter) {
  http_.scripts["desk"] = [](const Sent&) { return reply_of(500); };
  jitter_ = 0.5;
  begin({receiver("desk")});
  commit("desk", "d1");
  pass(Span(1499999));
  EXPECT_EQ(http_.all["desk"].size(), 1U);
  pass(Span(1));
  EXPECT_EQ(http_.all["desk"].size(), 2U);
}

// Fault 61.
TEST_F(DelivererTest, APacedReceiverIsLeftAloneForAsLongAsItAsksAndNoAttemptIsUsedUp) {
  int paced = 3;
  http_.scripts["desk"] = [&](const Sent&) {
    return paced-- > 0 ? reply_of(429, "", {{"Retry-After", "40"}}) : reply_of(200);
  };
  begin({receiver("desk")});
  commit("desk", "d1");
  pass(seconds(39));
  commit("desk", "d2");  // new work does not shorten the pause
  run_ready();
  EXPECT_EQ(http_.all["desk"].size(), 1U);
  EXPECT_EQ(health("desk").down_since, std::nullopt);
  pass(seconds(90));
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1", "d1", "d1", "d1", "d2"));
  EXPECT_EQ(http_.taken["desk"][0].time - http_.all["desk"][0].time, seconds(120));
  EXPECT_EQ(ledger_.row("d1").attempts, 1U);
}

TEST_F(DelivererTest, APauseThatTheReceiverAsksForWithItsYesIsKept) {
  http_.scripts["desk"] = [](const Sent&) {
    return reply_of(200, "{}",
                    {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset-After", "2.5"}});
  };
  commit("desk", "d1");
  commit("desk", "d2");
  begin({receiver("desk", "discord")});
  pass(seconds(10));
  ASSERT_EQ(http_.all["desk"].size(), 2U);
  EXPECT_EQ(http_.all["desk"][1].time - http_.all["desk"][0].time, std::chrono::milliseconds(2500));
}

// Faults 62 and 64: a table of kinds and answers.
TEST_F(DelivererTest, FinalAnswersMakeDeadLettersAndOthersAreSentOn) {
  struct Case {
    const char* name;
    const char* kind;
    int status;
    const char* body;
    DeliveryState state;
    const char* answer;
  };
  const Case cases[] = {
      {"s400", "slack", 400, "invalid_payload", DeliveryState::dead, "400 invalid_payload"},
      {"s403", "slack", 403, "action_prohibited", DeliveryState::dead, "403 action_prohibited"},
      {"s404", "slack", 404, "no_team", DeliveryState::dead, "404 no_team"},
      {"s410", "slack", 410, "channel_is_archived", DeliveryState::dead, "410 channel_is_archived"},
      {"s200", "slack", 200, "<html>", DeliveryState::pending, "200 without \"ok\": <html>"},
      {"d404", "discord", 404, R"({"code":10015,"message":"Unknown Webhook"})", DeliveryState::dead,
       "404 10015 Unknown Webhook"},
      {"d400", "discord", 400, R"({"code":50035,"message":"Invalid Form Body"})",
       DeliveryState::dead, "400 50035 Invalid Form Body"},
      {"w410", "webhook", 410, "", DeliveryState::dead, "410"},
      {"w404", "webhook", 404, "", DeliveryState::pending, "404"},
  };
  std::vector<ReceiverConfig> receivers = {receiver("live")};
  for (const Case& c : cases) {
    receivers.push_back(receiver(c.name, c.kind));
    http_.scripts[c.name] = [&c](const Sent&) { return reply_of(c.status, c.body); };
  }
  begin(receivers);
  for (const Case& c : cases) commit(c.name, std::string("of-") + c.name);
  commit("live", "d1");
  run_ready();
  EXPECT_EQ(http_.taken["live"].size(), 1U);
  for (const Case& c : cases) {
    const DeliveryRow& row = ledger_.row(std::string("of-") + c.name);
    EXPECT_EQ(row.state, c.state) << c.name;
    EXPECT_EQ(row.answer, c.answer);
    EXPECT_EQ(row.attempts, 1U) << c.name;
    EXPECT_EQ(health(c.name).dead, c.state == DeliveryState::dead ? 1U : 0U) << c.name;
    EXPECT_EQ(health(c.name).down_since, std::nullopt);
  }
}

TEST_F(DelivererTest, AMessageThatIsRefusedStepsAsideAndFollowsTheScheduleToItsEnd) {
  http_.scripts["desk"] = [](const Sent& sent) {
    return sent.id == "bad" ? reply_of(404, "not yet") : reply_of(200);
  };
  begin({receiver("desk")});
  for (const char* id : {"d1", "bad", "d2"}) commit("desk", id);
  run_ready();
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d2"));
  pass(hours(24 * 4));
  std::vector<std::int64_t> gaps;
  Instant last = noon;
  for (const Sent& sent : http_.all["desk"]) {
    if (sent.id != "bad") continue;
    gaps.push_back((sent.time - last) / seconds(1));
    last = sent.time;
  }
  EXPECT_THAT(gaps, ElementsAre(0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400));
  EXPECT_EQ(ledger_.row("bad").state, DeliveryState::dead);
  EXPECT_EQ(ledger_.row("bad").attempts, 10U);
  commit("desk", "d3");
  run_ready();
  EXPECT_EQ(http_.taken["desk"].back().id, "d3");
}

TEST_F(DelivererTest, AMessageThatAlwaysMeetsA500BlocksTheOthersForLittleMoreThanAnHour) {
  http_.scripts["desk"] = [](const Sent& sent) { return reply_of(sent.id == "bad" ? 500 : 200); };
  begin({receiver("desk")});
  commit("desk", "bad");
  pass(minutes(30));
  commit("desk", "d1");
  commit("desk", "d2");
  pass(minutes(25));
  EXPECT_EQ(http_.taken["desk"].size(), 0U);
  pass(minutes(15));
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1", "d2"));
  EXPECT_EQ(ledger_.row("bad").state, DeliveryState::pending);
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::delivered);
}

TEST_F(DelivererTest, ARestartKeepsTheScheduleOfARefusedMessage) {
  http_.scripts["desk"] = [](const Sent&) { return reply_of(404); };
  begin({receiver("desk")});
  commit("desk", "d1");
  pass(minutes(1));
  EXPECT_EQ(http_.all["desk"].size(), 2U);
  kill();
  begin({receiver("desk")});
  EXPECT_EQ(http_.all["desk"].size(), 2U);
  pass(minutes(5));
  EXPECT_EQ(http_.all["desk"].size(), 3U);
}

// Fault 70.
TEST_F(DelivererTest, ARedirectIsAFailure) {
  http_.scripts["desk"] = [](const Sent&) {
    return reply_of(302, "", {{"Location", "https://evil/"}});
  };
  begin({receiver("desk")});
  commit("desk", "d1");
  run_ready();
  EXPECT_FALSE(http_.followed_redirects);
  EXPECT_EQ(http_.all.size(), 1U);
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::pending);
  EXPECT_THAT(ledger_.row("d1").answer, HasSubstr("302 redirects elsewhere"));
}

// Fault 71.
TEST_F(DelivererTest, AfterThreeAndSeventyTwoHoursNothingIsLostAndTheQueueDrainsInOrder) {
  for (const int outage : {3, 72}) {
    ledger_ = {};
    http_.all.clear();
    http_.taken.clear();
    bool down = true;
    http_.scripts["down"] = [&](const Sent&) { return down ? reply_of(503) : reply_of(200); };
    http_.delays["down"] = http_.delays["live"] = std::chrono::milliseconds(20);
    begin({receiver("down"), receiver("live")});
    std::vector<std::string> expected;
    constexpr int messages = 720;
    for (int i = 0; i < messages; ++i) {
      expected.push_back("d" + std::to_string(i));
      commit("down", expected.back());
      commit("live", "l" + std::to_string(i));
      pass(Span(hours(outage)) / messages);
    }
    EXPECT_EQ(http_.taken["down"].size(), 0U);
    EXPECT_EQ(ledger_.count("down", DeliveryState::pending), expected.size());
    ASSERT_EQ(http_.taken["live"].size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(http_.taken["live"][i].time, ledger_.row("l" + std::to_string(i)).created);
    }
    EXPECT_NE(health("down").down_since, std::nullopt);
    down = false;
    pass(minutes(2));
    EXPECT_EQ(ids(http_.taken["down"]), expected) << outage << " h";
    EXPECT_EQ(http_.most_in_flight["down"], 1);
    EXPECT_THAT(http_.taken["down"].front().body, HasSubstr("\"late\":true"));
    EXPECT_THAT(http_.taken["live"].front().body, HasSubstr("\"late\":false"));
    kill();
  }
}

TEST_F(DelivererTest, AfterAWeekOfSilenceAMessageIsADeadLetter) {
  http_.scripts["desk"] = [](const Sent&) { return no_reply("connection refused"); };
  begin({receiver("desk")});
  commit("desk", "d1");
  ledger_.row("d1").created -= hours(24 * 7 - 2);
  pass(hours(24) - minutes(1));  // old enough, but a day of trying has to be seen as well
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::pending);
  pass(minutes(3));
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::dead);
  EXPECT_EQ(ledger_.row("d1").answer, "given up after 7 days: connection refused");
}

// What was sent whole may stand in the chat already: each further try could be one more copy.
TEST_F(DelivererTest, AChatThatTakesMessagesAndNeverAnswersGetsEachAFewTimesOnly) {
  http_.scripts["chat"] = http_.scripts["hook"] = [](const Sent&) {
    feeds::Reply reply = no_reply("chat did not finish its answer within 60 s");
    reply.sent = true;
    return reply;
  };
  begin({receiver("chat", "slack"), receiver("hook")});
  commit("chat", "c1");
  commit("hook", "h1");
  pass(minutes(4));
  EXPECT_EQ(http_.all["chat"].size(), 1U);
  EXPECT_GT(http_.all["hook"].size(), 6U);  // it knows repeats by their id
  EXPECT_NE(health("chat").down_since, std::nullopt);
  EXPECT_EQ(ledger_.row("c1").answer,
            "chat did not finish its answer within 60 s; it may have arrived");
  commit("chat", "c2");
  pass(minutes(1));
  EXPECT_EQ(http_.all["chat"].size(), 3U);  // c2 was not held up, and c1 came once more
  pass(hours(24 * 4));
  EXPECT_EQ(http_.all["chat"].size(), 10U);
  EXPECT_EQ(ledger_.row("c1").state, DeliveryState::dead);
  EXPECT_EQ(ledger_.row("c1").attempts, 5U);
}

// Each schedule counts its own: a refusal takes none of the tries after a silence, nor the reverse.
TEST_F(DelivererTest, AMessageThatWasRefusedHasAllItsTriesAfterASilence) {
  int sent = 0;
  http_.scripts["chat"] = [&sent](const Sent&) {
    if (++sent <= 3) return reply_of(403, "not allowed here");
    feeds::Reply reply = no_reply("the connection was closed without an answer");
    reply.sent = true;
    return reply;
  };
  begin({receiver("chat", "mattermost")});
  commit("chat", "c1");
  pass(minutes(40));
  EXPECT_EQ(ledger_.row("c1").attempts, 4U);
  EXPECT_EQ(ledger_.row("c1").unanswered, 1U);
  pass(hours(24 * 4));
  EXPECT_EQ(http_.all["chat"].size(), 8U);
  EXPECT_EQ(ledger_.row("c1").unanswered, 5U);
  EXPECT_EQ(ledger_.row("c1").state, DeliveryState::dead);
}

TEST_F(DelivererTest, AMessageThatMetSilenceHasAllItsTriesAfterARefusal) {
  int sent = 0;
  http_.scripts["chat"] = [&sent](const Sent&) {
    if (++sent > 2) return reply_of(403, "not allowed here");
    feeds::Reply reply = no_reply("the connection was closed without an answer");
    reply.sent = true;
    return reply;
  };
  begin({receiver("chat", "mattermost")});
  commit("chat", "c1");
  pass(hours(24 * 14));
  EXPECT_EQ(http_.all["chat"].size(), 12U);  // two silences, and a first refusal with nine more
  EXPECT_EQ(ledger_.row("c1").state, DeliveryState::dead);
  EXPECT_EQ(ledger_.row("c1").attempts, 12U);
}

TEST_F(DelivererTest, AChatThatAnswersAgainGetsWhatIsDueAndNothingTwice) {
  bool silent = true;
  http_.scripts["chat"] = [&silent](const Sent&) {
    if (!silent) return reply_of(200, "ok");
    feeds::Reply reply = no_reply("the connection was closed without an answer");
    reply.sent = true;
    return reply;
  };
  begin({receiver("chat", "slack")});
  commit("chat", "c1");
  run_ready();
  silent = false;
  pass(minutes(6));
  EXPECT_EQ(http_.all["chat"].size(), 2U);
  EXPECT_EQ(ledger_.row("c1").state, DeliveryState::delivered);
  EXPECT_EQ(health("chat").down_since, std::nullopt);
}

TEST_F(DelivererTest, AReceiverThatAnswersAndTakesNothingIsSaidToUntilItTakesAMessage) {
  int status = 401;
  http_.scripts["desk"] = [&status](const Sent&) { return reply_of(status, "who are you"); };
  begin({receiver("desk")});
  EXPECT_EQ(health("desk").refusing_since, std::nullopt);
  for (const int refusal : {401, 404}) {
    status = refusal;
    commit("desk", "d" + std::to_string(refusal));
    run_ready();
    ASSERT_NE(health("desk").refusing_since, std::nullopt) << refusal;
    EXPECT_EQ(health("desk").down_since, std::nullopt) << refusal;
    status = 200;
    pass(hours(1));
    EXPECT_EQ(health("desk").refusing_since, std::nullopt) << refusal;
  }
}

TEST_F(DelivererTest, AReceiverThatSetsThePaceTakesMessagesUntilItHasDoneSoForAnHour) {
  int status = 429;
  http_.scripts["desk"] = [&status](const Sent&) {
    return reply_of(status, "slow down", {{"Retry-After", "600"}});
  };
  begin({receiver("desk")});
  commit("desk", "d1");
  pass(minutes(45));
  EXPECT_EQ(health("desk").refusing_since, std::nullopt);
  pass(minutes(10));
  EXPECT_EQ(health("desk").refusing_since, noon);
  status = 200;
  pass(minutes(10));
  EXPECT_EQ(health("desk").refusing_since, std::nullopt);
  status = 429;
  commit("desk", "d2");
  pass(minutes(10));
  EXPECT_EQ(health("desk").refusing_since, std::nullopt);
}

TEST_F(DelivererTest, AnUpdateWaitsWhenTheStoreCannotSayWhatItUpdates) {
  ledger_.unreadable = true;
  begin({receiver("chat", "discord")});
  commit("chat", "c1");
  pass(seconds(30));
  EXPECT_EQ(http_.all["chat"].size(), 0U);
  EXPECT_EQ(ledger_.row("c1").state, DeliveryState::pending);
}

// Of what a silence kept back an update is the first message, and there is nothing to correct.
TEST_F(DelivererTest, AnUpdateOfWhatWasKeptBackIsToldAsNewAndACorrectionIsNotSent) {
  begin({receiver("desk")});
  const auto add = [this](const std::string& id, std::uint32_t revision, const std::string& kind,
                          DeliveryState state) {
    AlertView view = sample_view();
    view.revision = revision;
    view.kind = kind;
    DeliveryRow row;
    row.id = id;
    row.alert = view.alert;
    row.revision = revision;
    row.receiver = "desk";
    row.payload = to_json(view);
    row.state = state;
    row.created = row.next_attempt = clock_.now();
    ledger_.rows.push_back(row);
    deliverer_->wake("desk");
    pass(seconds(30));
  };
  add("first", 1, "new", DeliveryState::absorbed);
  add("mended", 2, "corrected", DeliveryState::pending);
  EXPECT_EQ(http_.all["desk"].size(), 0U);
  EXPECT_EQ(ledger_.row("mended").state, DeliveryState::absorbed);
  EXPECT_EQ(ledger_.row("mended").answer,
            "this receiver was not told of what it is about: not sent");
  add("second", 3, "updated", DeliveryState::pending);
  add("third", 4, "updated", DeliveryState::pending);
  add("last", 5, "corrected", DeliveryState::pending);
  ASSERT_EQ(http_.all["desk"].size(), 3U);
  EXPECT_THAT(http_.all["desk"][0].body, HasSubstr("\"type\":\"alert.new\""));
  EXPECT_THAT(http_.all["desk"][1].body, HasSubstr("\"type\":\"alert.updated\""));
  EXPECT_THAT(http_.all["desk"][2].body, HasSubstr("\"type\":\"alert.corrected\""));
}

// Fault 77, as far as it reaches here.
TEST_F(DelivererTest, AClockThatJumpsAYearMakesNoDeadLetters) {
  http_.scripts["desk"] = [](const Sent&) { return reply_of(503); };
  begin({receiver("desk")});
  commit("desk", "d1");
  pass(minutes(1));
  clock_.set_wall(clock_.now() + hours(24 * 365));
  pass(minutes(30));
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::pending);
  clock_.set_wall(clock_.now() - hours(24 * 730));
  http_.scripts.clear();
  pass(minutes(1));
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::delivered);
}

// Fault 72.
TEST_F(DelivererTest, OneDeadReceiverBesideNineLiveOnesDelaysNone) {
  std::vector<ReceiverConfig> receivers = {receiver("dead")};
  for (int i = 0; i < 9; ++i) receivers.push_back(receiver("live" + std::to_string(i)));
  http_.scripts["dead"] = [](const Sent&) { return no_reply("no answer within 15 s"); };
  http_.delays["dead"] = seconds(15);
  begin(receivers);
  for (int round = 0; round < 50; ++round) {
    for (const ReceiverConfig& one : receivers) {
      commit(one.name, one.name + "-" + std::to_string(round));
    }
    pass(seconds(1));
  }
  for (int i = 0; i < 9; ++i) {
    const auto& taken = http_.taken["live" + std::to_string(i)];
    ASSERT_EQ(taken.size(), 50U);
    for (const Sent& sent : taken) EXPECT_EQ(sent.time, ledger_.row(sent.id).created);
  }
  EXPECT_EQ(http_.taken["dead"].size(), 0U);
}

// Fault 75.
TEST_F(DelivererTest, WhenMarksCannotBeWrittenSendingPausesAndGoesOnByItself) {
  begin({receiver("desk")});
  ledger_.disk_full = true;
  commit("desk", "d1");
  commit("desk", "d2");
  pass(minutes(30));
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1"));
  ledger_.disk_full = false;
  pass(minutes(1));
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1", "d2"));
  EXPECT_EQ(ledger_.count("desk", DeliveryState::delivered), 2U);
}

TEST_F(DelivererTest, AReceiverThatIsRemovedKeepsItsPendingDeliveriesAndIsReported) {
  http_.scripts["gone"] = [](const Sent&) { return reply_of(503); };
  begin({receiver("gone"), receiver("desk")});
  commit("gone", "d1");
  run_ready();
  deliverer_->set_receivers({receiver("desk")});
  pass(minutes(5));
  EXPECT_EQ(http_.all["gone"].size(), 1U);
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::pending);
  const ReceiverHealth removed = health("gone");
  EXPECT_EQ(removed.kind, "removed");
  EXPECT_EQ(removed.waiting, 1U);
  EXPECT_EQ(removed.last_answer, "not in the config");
  http_.scripts.clear();
  deliverer_->set_receivers({receiver("desk"), receiver("gone")});
  run_ready();
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::delivered);
  pass(minutes(1));
  EXPECT_EQ(health("gone").kind, "webhook");
}

TEST_F(DelivererTest, AReceiverRemovedAndAddedWhileSendingNeverSendsTwice) {
  http_.delays["desk"] = seconds(3);
  begin({receiver("desk")});
  commit("desk", "d1");
  pass(seconds(1));
  deliverer_->set_receivers({});
  pass(seconds(1));
  deliverer_->set_receivers({receiver("desk")});
  pass(minutes(1));
  EXPECT_THAT(ids(http_.all["desk"]), ElementsAre("d1"));
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::delivered);
}

TEST_F(DelivererTest, ANewAddressIsTriedAtOnce) {
  http_.scripts["desk"] = [](const Sent&) { return no_reply("connection refused"); };
  begin({receiver("desk")});
  commit("desk", "d1");
  pass(minutes(10));
  ReceiverConfig moved = receiver("desk");
  moved.url = literal("https://moved/x");
  deliverer_->set_receivers({moved});
  run_ready();
  EXPECT_THAT(ids(http_.taken["moved"]), ElementsAre("d1"));
  EXPECT_EQ(health("desk").down_since, std::nullopt);
}

TEST_F(DelivererTest, ASecretThatCannotBeReadIsAFailureOfTheReceiverThatMendsItself) {
  ReceiverConfig config = receiver("desk");
  config.url = {SecretRef::From::environment, "WIREWATCH_TEST_URL"};
  ::unsetenv("WIREWATCH_TEST_URL");
  begin({config});
  commit("desk", "d1");
  run_ready();
  EXPECT_EQ(ledger_.row("d1").answer,
            "environment variable \"WIREWATCH_TEST_URL\", which holds a secret, is not set");
  ::setenv("WIREWATCH_TEST_URL", "https://desk/x", 1);
  pass(minutes(1));
  ::unsetenv("WIREWATCH_TEST_URL");
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::delivered);
}

TEST_F(DelivererTest, AddressesOfReceiversNeverStandInAnswers) {
  http_.scripts["desk"] = [](const Sent&) {
    return no_reply("cannot connect to https://desk/T000/secret-path (/T000/secret-path)");
  };
  begin({receiver("desk")});
  commit("desk", "d1");
  run_ready();
  EXPECT_EQ(ledger_.row("d1").answer, "cannot connect to desk (\u2026)");
  EXPECT_THAT(health("desk").last_answer, Not(HasSubstr("secret-path")));
}

TEST_F(DelivererTest, TheConsoleShowsAndMarks) {
  begin({receiver("screen", "console")});
  commit("screen", "d1");
  run_ready();
  EXPECT_THAT(printed_, HasSubstr("High  Border posts reopen after talks\n"));
  EXPECT_EQ(ledger_.row("d1").answer, "shown");
}

TEST_F(DelivererTest, AskedToStopItFinishesWhatIsInFlightWithItsMark) {
  http_.delays["desk"] = seconds(3);
  begin({receiver("desk"), receiver("idle")});
  commit("desk", "d1");
  commit("desk", "d2");
  pass(seconds(1));
  running_->cancel.emit(asio::cancellation_type::total);
  run_ready();
  EXPECT_FALSE(running_->ended);
  pass(seconds(2));
  EXPECT_TRUE(running_->ended);
  EXPECT_EQ(running_->error, "");
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::delivered);
  EXPECT_EQ(ledger_.row("d2").state, DeliveryState::pending);
}

TEST_F(DelivererTest, WhatIsOutIsMarkedBeforeTheStopAlsoWhereTheDiskFailsForAWhile) {
  begin({receiver("desk")});
  ledger_.disk_full = true;
  commit("desk", "d1");
  run_ready();
  ASSERT_THAT(ids(http_.taken["desk"]), ElementsAre("d1"));
  running_->cancel.emit(asio::cancellation_type::total);
  pass(seconds(1));
  EXPECT_FALSE(running_->ended) << "d1 would be sent again after a restart";
  ledger_.disk_full = false;
  pass(seconds(10));
  EXPECT_TRUE(running_->ended);
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::delivered);
}

TEST_F(DelivererTest, AStopThatIsInsistedOnDoesNotWaitForADiskThatFails) {
  begin({receiver("desk")});
  ledger_.disk_full = true;
  commit("desk", "d1");
  run_ready();
  running_->cancel.emit(asio::cancellation_type::total);
  pass(seconds(1));
  running_->cancel.emit(asio::cancellation_type::terminal);
  run_ready();
  EXPECT_TRUE(running_->ended);
}

TEST_F(DelivererTest, MadeToStopItEndsAtOnce) {
  http_.delays["desk"] = hours(1);
  begin({receiver("desk")});
  commit("desk", "d1");
  run_ready();
  running_->cancel.emit(asio::cancellation_type::total);
  run_ready();
  EXPECT_FALSE(running_->ended);
  running_->cancel.emit(asio::cancellation_type::terminal);
  run_ready();
  EXPECT_TRUE(running_->ended);
  EXPECT_EQ(ledger_.row("d1").state, DeliveryState::pending);
}

TEST_F(DelivererTest, ProgressMovesWithNothingToDo) {
  begin({receiver("desk")});
  const auto before = deliverer_->progress();
  pass(seconds(25));
  EXPECT_GT(deliverer_->progress(), before);
}

TEST_F(DelivererTest, AStoredAlertThatCannotBeReadIsADeadLetterAndBlocksNothing) {
  begin({receiver("desk")});
  commit("desk", "broken");
  ledger_.row("broken").payload = "{}";
  commit("desk", "d1");
  run_ready();
  EXPECT_EQ(ledger_.row("broken").state, DeliveryState::dead);
  EXPECT_THAT(ids(http_.taken["desk"]), ElementsAre("d1"));
}

}  // namespace
}  // namespace wirewatch::daemon
