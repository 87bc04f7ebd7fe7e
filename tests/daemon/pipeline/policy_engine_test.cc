// What people are told of, from items to deliveries.
#include "daemon/pipeline/merge.h"
#include "daemon/pipeline/past.h"
#include "daemon/pipeline/policy_book.h"
#include "tests/daemon/pipeline/faulty_pipeline.h"
#include "tests/daemon/pipeline/pipeline_fixture.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PolicyEngineTest : public PipelineTest {
 protected:
  void set_rule(rules::RuleDef rule, std::vector<ReceiverConfig> receivers = {}) {
    auto snapshot = generation({std::move(rule)}, entities_);
    snapshot->receivers = std::move(receivers);
    snapshot->settings.time_zone = "UTC";
    rules_ = std::move(snapshot);
  }
  // "kind: reason" of each message, oldest first.
  std::vector<std::string> reasons() {
    std::vector<std::string> all;
    for (const DeliveryRow& row : deliveries()) {
      const auto view = alert_view_from_json(row.payload);
      all.push_back(view->kind + ": " + view->reason);
    }
    return all;
  }
  // "receiver state: answer" of each delivery, oldest first.
  std::vector<std::string> states() {
    std::vector<std::string> all;
    for (const DeliveryRow& row : deliveries()) {
      all.push_back(row.receiver + " " + std::string(to_string(row.state)) +
                    (row.answer.empty() ? "" : ": " + row.answer));
    }
    return all;
  }
  Result<std::size_t> catch_up(const std::string& rule) {
    std::vector<PastMatch> past = past_matches(*reader(), *rules_, {rule}, clock_.now());
    return wait_for(engine_->catch_up(rules_, std::move(past), {KnownRule{rule, clock_.now()}}));
  }

  std::vector<rules::EntityDef> entities_;
};

rules::EntityDef place_called(const std::string& id, const std::string& name) {
  rules::EntityDef place;
  place.id = id;
  place.kind = "place";
  place.names = {name};
  return place;
}

TEST_F(PolicyEngineTest, ACorrectedHeadlineIsToldAsACorrection) {
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed in Damascs", long_report)}));
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed in Damascus", long_report)}));
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed in Damascus", long_report)}));
  EXPECT_THAT(reasons(),
              ElementsAre("new: first report",
                          "corrected: corrected: the headline was: Border closed in Damascs"));
  EXPECT_EQ(alert_view_from_json(deliveries().back().payload)->headline,
            "Border closed in Damascus");
}

TEST_F(PolicyEngineTest, ALabelThatAHeadlineGetsOrLosesIsNoCorrection) {
  const char* const headlines[] = {
      "Border closed at Rabia",           "Updated: Border closed at Rabia",
      "BORDER CLOSED AT RABIA",           "Border closed at Rabia | Example News",
      "Border closed at Rabia – Example", "Border closed at Rabia!"};
  for (const char* headline : headlines) {
    ASSERT_TRUE(take("ina", {item_of("1", headline, long_report)}));
  }
  EXPECT_THAT(reasons(), ElementsAre("new: first report"));
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed at Rabia and Walid", long_report)}));
  EXPECT_EQ(reasons().size(), 2U);
}

TEST_F(PolicyEngineTest, WhatMatchesNoLongerAfterAnEditIsTakenBackOnce) {
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed for good", long_report)}));
  ASSERT_TRUE(take("ina", {item_of("1", "Frontier stays open after all", long_report)}));
  EXPECT_THAT(trace_of("Frontier stays"), HasSubstr("the report matches no longer"));
  ASSERT_TRUE(take("ina", {item_of("1", "Frontier stays open after all", long_report)}));
  ASSERT_TRUE(take("ina", {item_of("1", "Frontier stays open after all",
                                   std::string(long_report) + " More follows.")}));
  EXPECT_THAT(reasons(),
              ElementsAre("new: first report",
                          "corrected: corrected: the report matches no longer; the headline was: "
                          "Border closed for good"));
}

TEST_F(PolicyEngineTest, UnderMaterialUpdatesOnlyAChangedNameInTheHeadlineIsACorrection) {
  entities_ = {place_called("damascus", "Damascus"), place_called("aleppo", "Aleppo")};
  rules::RuleDef rule = rule_of("border", "border");
  rule.updates = rules::UpdatePolicy::material;
  set_rule(rule);
  ASSERT_TRUE(take("ina", {item_of("1", "Border post near Damascus closd", long_report)}));
  ASSERT_TRUE(take("ina", {item_of("1", "Border post near Damascus closed", long_report)}));
  EXPECT_THAT(reasons(), ElementsAre("new: first report"));
  ASSERT_TRUE(take("ina", {item_of("1", "Border post near Aleppo closed", long_report)}));
  ASSERT_EQ(reasons().size(), 2U);
  EXPECT_THAT(reasons().back(), HasSubstr("the headline names Aleppo instead of Damascus"));
}

TEST_F(PolicyEngineTest, SilencesOfOneReceiverLeaveTheOthersAlone) {
  set_rule(rule_of("border", "border", {"desk", "phone"}));
  rules::Silence silence;
  silence.id = "s1";
  silence.until = clock_.now() + hours(2);
  silence.receiver = "phone";
  silence.comment = "night";
  ASSERT_TRUE(wait_for(engine_->silence(silence)));
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  EXPECT_THAT(states(), ElementsAre("desk pending", HasSubstr("phone absorbed: silenced until ")));
  EXPECT_THAT(states().back(), HasSubstr(": night"));
}

TEST_F(PolicyEngineTest, EachReceiverHasItsOwnBudget) {
  ReceiverConfig desk, phone;
  desk.name = "desk";
  phone.name = "phone";
  phone.send.budget = rules::Budget{1, hours(1)};
  set_rule(rule_of("border", "border", {"desk", "phone"}), {desk, phone});
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed at Rabia", long_report)}));
  ASSERT_TRUE(take("ina", {item_of("2", "Border weather: rain for the weekend")}));
  EXPECT_THAT(states(),
              ElementsAre("desk pending", "phone pending", "desk pending",
                          "phone collected: the budget of receiver \"phone\" of 1 per 1h is used "
                          "up"));
}

TEST_F(PolicyEngineTest, AfterARestartABudgetsDigestIsNotOneThatGathersForAnotherReason) {
  rules::RuleDef slow = rule_of("slow", "weather");
  slow.policy.send.digest = rules::DigestPlan{std::nullopt, {7 * 60 + 30}};
  ReceiverConfig desk;
  desk.name = "desk";
  desk.send.budget = rules::Budget{1, hours(1)};
  auto snapshot = generation({slow, rule_of("border", "border")});
  snapshot->receivers = {desk};
  snapshot->settings.time_zone = "UTC";
  rules_ = std::move(snapshot);
  ASSERT_TRUE(take("ina", {item_of("1", "The weather will be fine for the weekend")}));
  restart();
  ASSERT_TRUE(take("ina", {item_of("2", "Border closed at Rabia", long_report)}));
  ASSERT_TRUE(take("ina", {item_of("3", "Border guards found eleven lost geese")}));
  const DeliveryRow last = deliveries().back();
  EXPECT_THAT(last.answer, HasSubstr("the budget of"));
  EXPECT_EQ(last.next_attempt, clock_.now() + hours(1));
}

TEST_F(PolicyEngineTest, ANewRuleIsCaughtUpOnWhatTheArchiveHoldsOfItsTime) {
  set_rule(rule_of("football", "championship"));
  feeds::Item old = item_of("0", "Football border derby", "A match of last week.");
  old.published = clock_.now() - hours(40);
  ASSERT_TRUE(take("ina", {old, item_of("1", "Smugglers held at Rabia", long_report)}));
  ASSERT_TRUE(take_baseline(
      "sana", {item_of("9", "Airport opens a new hall", "Smugglers were caught there twice.")}));
  EXPECT_THAT(told(), IsEmpty());
  advance(hours(2));
  rules::RuleDef rule = rule_of("smuggling", "smugglers OR derby");
  rule.policy.catch_up = hours(24);
  set_rule(rule);
  const auto told_of = catch_up("smuggling");
  ASSERT_TRUE(told_of) << told_of.error().text;
  EXPECT_EQ(*told_of, 2U);
  EXPECT_THAT(states(), Each("desk collected: the last 24 h of the new rule \"smuggling\""));
  EXPECT_THAT(reader()->known_rules(), testing::Contains("smuggling"));
  EXPECT_THAT(trace_of("Smugglers held"), HasSubstr("\"rule\":\"smuggling\""));
  // The story was told: what follows is an update.
  ASSERT_TRUE(take("afp", {item_of("x", "Smugglers held at Rabia", long_report)}));
  EXPECT_EQ(alerts().size(), 2U);
  restart();
  ASSERT_TRUE(take("bbc", {item_of("y", "Smugglers held at Rabia", long_report)}));
  EXPECT_EQ(alerts().size(), 2U);
}

// Those of a rule that matches thousands must not keep polls and messages from the loop.
TEST_F(PolicyEngineTest, TheTextsThatANewRuleIsCaughtUpOnAreReadInThePool) {
  set_rule(rule_of("football", "championship"));
  ASSERT_TRUE(take("ina", {item_of("1", "Smugglers held at Rabia", long_report)}));
  rules::RuleDef rule = rule_of("smuggling", "smugglers");
  rule.policy.catch_up = hours(24);
  set_rule(rule);
  std::vector<PastMatch> past = past_matches(*reader(), *rules_, {"smuggling"}, clock_.now());
  ASSERT_EQ(past.size(), 1U);
  std::promise<void> let_go;
  const auto gone_on = let_go.get_future().share();
  for (int thread = 0; thread < 2; ++thread) {
    asio::post(pool_.threads(), [gone_on] { gone_on.wait(); });
  }
  std::optional<Result<std::size_t>> caught_up;
  const std::vector<KnownRule> known = {KnownRule{"smuggling", clock_.now()}};
  const auto catching =
      start(keep_result(engine_->catch_up(rules_, std::move(past), known), caught_up));
  std::optional<Result<void>> noted;
  FeedRow row;
  row.key = "https://other.example/feed";
  const auto noting = start(keep_result(engine_->note(row), noted));
  run_until([&] { return noted.has_value(); });
  EXPECT_THAT(told(), IsEmpty()) << "what was committed before the note is stored by now";
  let_go.set_value();
  settle();
  ASSERT_TRUE(caught_up && *caught_up);
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(PolicyEngineTest, ARuleThatHoldsForOneInTenDocumentsIsTooFrequent) {
  std::vector<feeds::Item> items;
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(i);
    items.push_back(item_of(number, (i % 10 == 0 ? "Border note " : "Weather note ") + number));
  }
  ASSERT_TRUE(take("ina", items));
  const auto check = [&] {
    const auto frequent = engine_->policy().too_frequent(clock_.now());
    ASSERT_EQ(frequent.size(), 1U);
    EXPECT_EQ(frequent.front().rule, "border");
    EXPECT_EQ(frequent.front().matched, 20U);
    EXPECT_EQ(frequent.front().documents, 200U);
  };
  check();
  restart();
  check();
}

TEST_F(PolicyEngineTest, AMutedStoryThatIsMergedStaysMutedOverARestart) {
  ASSERT_TRUE(take("ina", {item_of("1", "Iraqi intelligence chief in Damascus on border security",
                                   long_report)}));
  const std::string story = alerts().front().state.story;
  rules::Silence mute;
  mute.id = "mute";
  mute.story = "younger";
  mute.until = clock_.now() + hours(2);
  ASSERT_TRUE(wait_for(engine_->silence(mute)));
  const std::string feed = "https://ina.example/feed";
  PolicyBook book = engine_->policy();
  AlertBook alerts_of_both;
  Commit merge;
  std::set<std::string> woken;
  DecideCounts counts;
  const DecideContext context{*rules_, feed, false, clock_.now(), book};
  merge_alerts(context, {"younger", story}, alerts_of_both, merge, woken, counts);
  ASSERT_TRUE(wait_for(store_->commit(std::move(merge))));
  restart();
  EXPECT_EQ(engine_->policy().silences.at(0).story, story);
  ASSERT_TRUE(take(
      "afp", {item_of("9", "Iraq's intelligence chief visits Damascus over border", own_report)}));
  EXPECT_THAT(trace_of("visits Damascus"), HasSubstr("silenced until"));
  EXPECT_EQ(reasons().size(), 1U) << "nobody hears more of it";
}

// Fault 77.
TEST_F(PolicyEngineTest, ABudgetIsFreeAgainWhenAClockThatWasAYearAheadIsPutRight) {
  ReceiverConfig desk;
  desk.name = "desk";
  desk.send.budget = rules::Budget{1, hours(1)};
  set_rule(rule_of("border", "border"), {desk});
  clock_.set_wall(noon + hours(24 * 365));
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed at Rabia", long_report)}));
  ASSERT_TRUE(take("ina", {item_of("2", "Border weather: rain for the weekend")}));
  clock_.set_wall(noon);
  restart();
  ASSERT_TRUE(take("ina", {item_of("3", "Border guards found eleven lost geese")}));
  ASSERT_TRUE(take("ina", {item_of("4", "Border market opens twice weekly from May")}));
  const auto all = deliveries();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[2].state, DeliveryState::pending);
  EXPECT_EQ(all[3].state, DeliveryState::collected);
  EXPECT_EQ(all[3].next_attempt, noon + hours(1));
}

TEST_F(PolicyEngineTest, ARuleRisesAgainAfterAClockThatWasAYearAheadIsPutRight) {
  rules::RuleDef rule = rule_of("border", "border");
  rule.policy.rise = 3;
  set_rule(rule);
  clock_.set_wall(noon + hours(24 * 365));
  ASSERT_TRUE(take("ina", {item_of("0", "Border closed at Rabia", long_report)}));
  clock_.set_wall(noon);
  restart();
  ASSERT_TRUE(take("ina", {item_of("1", "Border weather: rain for the weekend")}));
  ASSERT_TRUE(take("ina", {item_of("2", "Border guards found eleven lost geese")}));
  EXPECT_GE(engine_->policy().volumes.rise("border", clock_.now()), 3.0);
  EXPECT_FALSE(told().empty());
}

TEST_F(PolicyEngineTest, ARuleKnowsItsPastWeekOnceAClockThatWasAYearBehindIsPutRight) {
  std::vector<feeds::Item> week;
  for (int i = 0; i < 300; ++i) {
    const std::string number = std::to_string(i);
    week.push_back(item_of(number, "Border note " + number));
  }
  ASSERT_TRUE(take("ina", week));
  const Instant right = clock_.now() + hours(5);
  clock_.set_wall(right - hours(24 * 365));
  restart();
  ASSERT_TRUE(take("ina", {item_of("a", "Border weather: rain for the weekend")}));
  clock_.set_wall(right);
  ASSERT_TRUE(take("ina", {item_of("b", "Border guards found eleven lost geese")}));
  ASSERT_TRUE(take("ina", {item_of("c", "Border market opens twice weekly from May")}));
  EXPECT_NEAR(engine_->policy().volumes.rise("border", clock_.now()), 2.0 * 168 / 300, 0.1);
}

TEST_F(PolicyEngineTest, ThatAThousandSilencesEndedMakesRoomForOthers) {
  Commit commit;
  for (std::size_t i = 0; i < PolicyBook::max_silences; ++i) {
    rules::Silence& silence = commit.silences.emplace_back();
    silence.id = "s" + std::to_string(i);
    silence.feed = "f";
    silence.until = clock_.now() + hours(1);
  }
  ASSERT_TRUE(wait_for(store_->commit(std::move(commit))));
  restart();
  rules::Silence one;
  one.id = "one more";
  one.feed = "g";
  one.until = clock_.now() + hours(3);
  EXPECT_FALSE(wait_for(engine_->silence(one)));
  advance(hours(2));
  EXPECT_TRUE(wait_for(engine_->silence(one)));
}

class FaultyPolicyTest : protected Disk, public PolicyEngineTest {
 protected:
  ~FaultyPolicyTest() override { close(); }
};

// The rebuild is held where it has begun to read the silences, and ends behind the silence.
TEST_F(FaultyPolicyTest, WhatIsSilencedWhileTheMemoryIsBuiltAnewStaysSilenced) {
  std::function<std::thread::id(Reader&)> ask = [](Reader&) { return std::this_thread::get_id(); };
  const std::thread::id shared = wait_for(store_->read(std::move(ask)));
  ASSERT_TRUE(take("ina", {item_of("1", "Border closed", long_report)}));
  HeldDisk held(disk, loop_);
  held.hold_reads([shared](std::thread::id reader) { return reader == shared; });
  std::optional<Result<void>> built, silenced, followed;
  const auto building = start(keep_result(engine_->rebuild(feeds::StoryLimits{}), built));
  run_until([&] { return held.reached(); });
  rules::Silence mute;
  mute.id = "mute";
  mute.until = clock_.now() + hours(2);
  const auto silencing = start(keep_result(engine_->silence(mute), silenced));
  FollowRow follow;
  follow.story = "s";
  const auto following = start(keep_result(engine_->follow(follow), followed));
  run_until([&] { return silenced && followed; });
  EXPECT_FALSE(built);
  held.let_go();
  settle();
  ASSERT_TRUE(built && *built && *silenced && *followed);
  ASSERT_EQ(engine_->policy().silences.size(), 1U);
  EXPECT_EQ(engine_->policy().followed.count("s"), 1U);
}

TEST_F(PolicyEngineTest, OnlyWhatIsSentAtOnceIsMeasuredFromItsDocumentToItsMessage) {
  ReceiverConfig phone;
  phone.name = "phone";
  phone.send.quiet = rules::QuietHours{11 * 60, 17 * 60, std::nullopt};
  set_rule(rule_of("border", "border", {"desk", "phone"}), {phone});
  Arrival made = arrival("ina", {item_of("1", "Border closed", long_report)});
  made.answered = std::chrono::steady_clock::now();
  ASSERT_TRUE(wait_for(engine_->take(std::move(made))));
  ASSERT_EQ(deliveries().size(), 2U);
  for (const DeliveryRow& row : deliveries()) times_.sent(row.id);
  EXPECT_EQ(times_.of(Stage::total).count(), 1U);
}

TEST(StageTimes, TheLastThatWereDecidedAreMeasuredHoweverManyWereNeverSent) {
  StageTimes times;
  const auto answered = std::chrono::steady_clock::now();
  for (int i = 0; i < 5000; ++i) times.decided("d" + std::to_string(i), answered);
  times.sent("d4999");
  EXPECT_EQ(times.of(Stage::total).count(), 1U);
  times.sent("d0");
  EXPECT_EQ(times.of(Stage::total).count(), 1U);
}

}  // namespace
}  // namespace wirewatch::daemon
