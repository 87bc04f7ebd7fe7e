#include "daemon/pipeline/split.h"

#include "daemon/pipeline/merge.h"
#include "tests/daemon/pipeline/pipeline_fixture.h"
#include "tests/feeds/stories/two_events.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

const Instant begin = from_unix_micros(1'700'000'000'000'000);

rules::RuleDef quiet_rule() {
  rules::RuleDef rule = rule_of("border", "border");
  rule.updates = rules::UpdatePolicy::none;
  return rule;
}

// The second event leaves with its second report: a1, a2, a3, b1 and b2 are one story until b2.
class TwoEvents : public testing::Test {
 protected:
  DecideContext context() { return {*snapshot_, feed_, false, now_, policy_}; }
  std::vector<Prepared> prepared_of(const std::string& id, const std::string& more, bool edited) {
    feeds::DocumentInput input = feeds::report_of(id, more);
    input.time = published_.value_or(now_);
    if (!title_.empty()) input.title = title_;
    std::vector<Prepared> prepared(1);
    prepared[0].identified.id = id;
    prepared[0].identified.revision = edited ? 2 : 1;
    if (edited) prepared[0].identified.change = feeds::ItemChange::edited;
    prepared[0].document = std::make_unique<feeds::Document>(make_document(std::move(input)));
    match_again(*snapshot_, prepared);
    return prepared;
  }
  // No message may go out under the id of one that is there: the store would leave it away.
  void note(Commit commit, const std::string& by) {
    for (const DeliveryRow& row : commit.deliveries) {
      EXPECT_TRUE(deliveries_.insert(row.id).second) << by;
      const auto view = alert_view_from_json(row.payload);
      told_.push_back(view->kind + " of " + view->story + " by " + by);
    }
    for (const AlertRow& row : commit.alerts) rows_[row.state.id] = row;
    last_ = std::move(commit);
  }
  void rule(const rules::RuleDef& rule) { snapshot_ = generation({rule}); }
  void wait_for_texts(std::uint32_t count) {
    rules::RuleDef waits = quiet_rule();
    waits.policy.min_sources = count;
    rule(waits);
  }

  // A minute after the last. Returns how the rule decided; "" where it did not hold.
  std::string place(const std::string& id, const std::string& more = {}, bool edited = false) {
    now_ += minutes(1);
    std::vector<Prepared> prepared = prepared_of(id, more, edited);
    Commit commit;
    std::set<std::string> woken;
    DecideCounts counts;
    decide_document(context(), std::move(prepared[0]), stories_, book_, commit, woken, counts);
    note(std::move(commit), id);
    return last_.documents[0].trace;
  }
  void place_all(const std::vector<std::string>& ids, const std::string& more = {}) {
    for (const std::string& id : ids) place(id, more);
  }
  // As the index would report them.
  void merge(const std::string& story, const std::string& into) {
    std::set<std::string> woken;
    DecideCounts counts;
    Commit commit;
    merge_alerts(context(), {story, into}, book_, commit, woken, counts);
    note(std::move(commit), "merge");
  }
  void split(const std::string& from, const std::vector<std::string>& leaving) {
    feeds::StorySplit split{leaving.back(), from, {}};
    for (const std::string& id : leaving) split.documents.push_back({id, id, now_});
    Commit commit;
    const feeds::Document newcomer = make_document(feeds::report_of(leaving.back()));
    split_alerts(context(), split, newcomer, book_, commit);
    note(std::move(commit), "split");
  }
  // A report of that story on which the rule decides, published so long ago.
  void report(const std::string& id, const std::string& story, Span age = {}, bool edited = false) {
    now_ += minutes(1);
    std::vector<Prepared> prepared = prepared_of(id, edited ? "border again" : "border", edited);
    prepared[0].document->time = now_ - age;
    DocumentRow row;
    row.placement.story = story;
    row.placement.copy_group = id;
    std::set<std::string> woken;
    DecideCounts counts;
    Commit commit;
    decide_past(context(), prepared[0], row, book_, commit, woken, counts);
    note(std::move(commit), id);
  }
  const BookedAlert& alert_of(const std::string& story) {
    const BookedAlert* const alert = book_.find("border", story);
    static const BookedAlert none;
    if (alert == nullptr) ADD_FAILURE() << "no alert of " << story;
    return alert == nullptr ? none : *alert;
  }
  // As a daemon would that starts again.
  void restart() {
    book_.clear();
    for (const auto& [id, row] : rows_) book_.restore(row, now_);
  }

  std::shared_ptr<Snapshot> snapshot_ = generation({quiet_rule()});
  std::string feed_ = "feed";
  Instant now_ = begin;
  feeds::StoryIndex stories_{feeds::StoryLimits{}, feeds::easily_joined()};
  AlertBook book_;
  PolicyBook policy_;
  std::string title_;                 // empty: that of its event
  std::optional<Instant> published_;  // nullopt: when it is placed
  std::vector<std::string> told_;
  std::set<std::string> deliveries_;
  std::map<std::string, AlertRow> rows_;
  Commit last_;
};

TEST_F(TwoEvents, TheSecondIsToldWithTheReportByWhichItIsSeen) {
  place_all({"a1", "a2", "a3", "b1"}, "border");
  EXPECT_THAT(told_, ElementsAre("new of a1 by a1"));
  place("b2", "border");
  EXPECT_THAT(told_, ElementsAre("new of a1 by a1", "new of b2 by b2"));
  ASSERT_EQ(last_.moves.size(), 1U);
  EXPECT_EQ(last_.moves[0].from, "a1");
  EXPECT_EQ(last_.moves[0].into, "b2");
  EXPECT_THAT(last_.moves[0].documents, ElementsAre("b1", "b2"));
  EXPECT_THAT(items_of(alert_of("a1").state), ElementsAre("a1", "a2", "a3"));
  EXPECT_THAT(items_of(alert_of("b2").state), ElementsAre("b2", "b1"));
  EXPECT_THAT(alert_of("b2").state.copy_groups, ElementsAre("b2", "b1"));
  restart();
  place_all({"b3", "a4", "b4"}, "border");
  EXPECT_EQ(told_.size(), 2U);
}

TEST_F(TwoEvents, AnAlertGoesWithTheReportThatItWasToldFor) {
  place_all({"a1", "a2", "a3"});
  place("b1", "border");
  const std::string id = alert_of("a1").state.id;
  place("b2", "border");
  EXPECT_THAT(told_, ElementsAre("new of a1 by b1"));
  EXPECT_EQ(alert_of("b2").state.id, id);
  EXPECT_EQ(alert_of("b2").state.story, "b2");
  EXPECT_EQ(alert_of("b2").view.story, "b2");
  restart();
  place("b3", "border");
  EXPECT_EQ(told_.size(), 1U);
  // The first event was told to nobody, and its alert is another one.
  place("a4", "border");
  EXPECT_THAT(told_, ElementsAre("new of a1 by b1", "new of a1 by a4"));
  EXPECT_NE(alert_of("a1").state.id, id);
  EXPECT_EQ(rows_.size(), 2U);
}

TEST_F(TwoEvents, ReportsThatStayWhenTheAlertGoesWereHeard) {
  wait_for_texts(2);
  place_all({"a1", "b1"}, "border");  // told with the second text
  place_all({"a2", "a3"});
  EXPECT_THAT(told_, ElementsAre("new of a1 by b1"));
  place("b2");
  EXPECT_EQ(alert_of("a1").state.revision, 0U);
  EXPECT_THAT(items_of(alert_of("a1").state), ElementsAre("a1"));
  restart();
  place("a4", "border");
  EXPECT_THAT(told_, ElementsAre("new of a1 by b1", "new of a1 by a4"));
}

TEST_F(TwoEvents, WhatAWaitingRuleHeardIsParted) {
  wait_for_texts(3);
  place_all({"a1", "b1"}, "border");
  place_all({"a2", "a3"});
  place("b2");  // does not match, and parts them all the same
  EXPECT_THAT(items_of(alert_of("a1").state), ElementsAre("a1"));
  EXPECT_THAT(items_of(alert_of("b2").state), ElementsAre("b1"));
  EXPECT_NE(alert_of("a1").state.id, alert_of("b2").state.id);
  restart();
  place_all({"a4", "b3"}, "border");
  EXPECT_THAT(told_, IsEmpty());
  place("b4", "border");
  EXPECT_THAT(told_, ElementsAre("new of b2 by b4"));
  EXPECT_THAT(items_of(alert_of("b2").state), ElementsAre("b4", "b1", "b3"));
  place("a5", "border");
  EXPECT_THAT(told_, ElementsAre("new of b2 by b4", "new of a1 by a5"));
}

TEST_F(TwoEvents, TheSecondIsToldWithTheNextReportWhenTheRuleDoesNotHoldForTheNewcomer) {
  place_all({"a1", "b1"}, "border");
  place_all({"a2", "a3", "b2"});
  EXPECT_THAT(told_, ElementsAre("new of a1 by a1"));
  EXPECT_EQ(alert_of("b2").state.revision, 0U);
  EXPECT_EQ(alert_of("b2").view.url, "https://news.example/b1");
  place("b3", "border");
  EXPECT_THAT(told_, ElementsAre("new of a1 by a1", "new of b2 by b3"));
}

TEST_F(TwoEvents, ARuleThatHeldForNoneOfThoseThatLeftKeepsItsAlertAsItWas) {
  place_all({"a1", "a2", "a3"}, "border");
  place_all({"b1", "b2"});
  EXPECT_THAT(items_of(alert_of("a1").state), ElementsAre("a1", "a2", "a3"));
  EXPECT_EQ(book_.find("border", "b2"), nullptr);
  place("b3", "border");
  EXPECT_THAT(told_, ElementsAre("new of a1 by a1", "new of b2 by b3"));
}

TEST_F(TwoEvents, AnEditOfAReportThatLeftCorrectsTheAlertThatLeftWithIt) {
  rules::RuleDef rule_with_updates = rule_of("border", "border");
  rule(rule_with_updates);
  place_all({"a1", "a2", "a3"});
  place("b1", "border");
  place("b2");
  place("b1", "no more of it", true);
  EXPECT_THAT(told_, ElementsAre("new of a1 by b1", "corrected of b2 by b1"));
}

TEST_F(TwoEvents, OutletsAreCountedWithTheStoryThatTheyReported) {
  rule(rule_of("border", "border"));
  place_all({"a1", "a2", "a3", "b1", "b2"}, "border");
  EXPECT_THAT(alert_of("a1").state.sources, ElementsAre("a1 Post", "a2 Post", "a3 Post"));
  EXPECT_EQ(alert_of("a1").view.sources.size(), 3U);
  EXPECT_THAT(alert_of("b2").state.sources, ElementsAre("b1 Post", "b2 Post"));
  EXPECT_EQ(alert_of("b2").view.sources.size(), 2U);
}

TEST_F(TwoEvents, WhoFollowsTheStoryFollowsBoth) {
  policy_.followed = {"a1"};
  place_all({"a1", "a2", "a3", "b1", "b2"}, "border");
  EXPECT_EQ(policy_.followed.count("a1"), 1U);
  EXPECT_EQ(policy_.followed.count("b2"), 1U);
  ASSERT_EQ(last_.follows.size(), 1U);
  EXPECT_EQ(last_.follows[0].story, "b2");
}

TEST_F(TwoEvents, AMuteHoldsForBothIfTheSecondHadBegun) {
  for (const bool later : {false, true}) {
    SCOPED_TRACE(later);
    policy_.silences.clear();
    stories_ = feeds::StoryIndex(feeds::StoryLimits{}, feeds::easily_joined());
    book_.clear();
    told_.clear();
    deliveries_.clear();
    place_all({"a1", "a2", "a3"}, "border");
    if (later) place("b1", "border");
    rules::Silence mute;
    mute.id = "mute";
    mute.story = "a1";
    mute.created = now_;
    mute.until = begin + std::chrono::hours(9);
    policy_.silences = {mute};
    if (!later) place("b1", "border");
    place("b2", "border");
    EXPECT_EQ(told_.size(), later ? 1U : 2U);
    EXPECT_EQ(policy_.silences.size(), later ? 2U : 1U);
    EXPECT_EQ(last_.silences.size(), later ? 1U : 0U);
    for (const rules::Silence& copy : last_.silences) {
      EXPECT_EQ(copy.story, "b2");
      EXPECT_NE(copy.id, "mute");
    }
  }
}

TEST_F(TwoEvents, WhatIsToldOncePerArticleIsOfTheStoryOfItsText) {
  for (const rules::OncePer once : {rules::OncePer::article, rules::OncePer::copy}) {
    rules::RuleDef each = quiet_rule();
    each.policy.once_per = once;
    rule(each);
    stories_ = feeds::StoryIndex(feeds::StoryLimits{}, feeds::easily_joined());
    book_.clear();
    rows_.clear();
    place_all({"a1", "a2", "a3", "b1", "b2"}, "border");
    std::map<std::string, int> stories;
    for (const auto& [id, row] : rows_) ++stories[row.state.story];
    EXPECT_EQ(stories, (std::map<std::string, int>{{"a1", 3}, {"b2", 2}}));
  }
}

TEST_F(TwoEvents, EveryReportIsHeardOnce) {
  rules::RuleDef waits = quiet_rule();
  waits.policy.at_least = 4;
  rule(waits);
  place_all({"a1", "b1"}, "border");
  place_all({"a2", "a3"});
  place_all({"b2", "b3"}, "border");
  EXPECT_THAT(told_, IsEmpty());
  place("b4", "border");
  EXPECT_THAT(told_, ElementsAre("new of b2 by b4"));
}

TEST_F(TwoEvents, ReportsThatJoinedAndStayWereHeardToo) {
  wait_for_texts(2);
  place_all({"a1", "b1", "a2", "a3", "a4"}, "border");
  place("b2");
  EXPECT_EQ(alert_of("b2").state.revision, 1U);
  EXPECT_EQ(alert_of("a1").state.heard.size(), 4U);
}

TEST_F(TwoEvents, WhatIsTooOldToBeToldIsNotHeard) {
  rules::RuleDef waits = quiet_rule();
  waits.policy.min_sources = 2;
  waits.max_age = std::chrono::hours(1);
  rule(waits);
  report("a1", "a1");
  report("a2", "a1");
  report("b1", "a1", std::chrono::hours(30));
  split("a1", {"b1", "b2"});
  report("b2", "b2");
  EXPECT_THAT(told_, ElementsAre("new of a1 by a2"));
}

TEST_F(TwoEvents, ReportsAreHeardAsOfWhenTheyWereSeen) {
  rules::RuleDef waits = quiet_rule();
  waits.policy.min_sources = 3;
  waits.policy.within = std::chrono::hours(1);
  rule(waits);
  for (const char* id : {"a1", "a2", "b1"}) report(id, "a1");
  now_ += std::chrono::hours(72);
  report("b2", "a1");
  split("a1", {"b1", "b2", "b3"});
  report("a3", "a1");
  EXPECT_THAT(told_, ElementsAre("new of a1 by b1"));
}

TEST_F(TwoEvents, AMuteDoesNotHoldForWhatWasPublishedBeforeAndSeenAfterIt) {
  place_all({"a1", "a2", "a3"}, "border");
  rules::Silence mute;
  mute.id = "mute";
  mute.story = "a1";
  mute.created = now_;
  mute.until = begin + std::chrono::hours(9);
  policy_.silences = {mute};
  published_ = begin - minutes(30);
  place_all({"b1", "b2"}, "border");
  EXPECT_THAT(told_, ElementsAre("new of a1 by a1", "new of b2 by b2"));
}

// What was stored before items were kept with the outlets that are shown.
TEST_F(TwoEvents, AnOlderAlertGoesWithItsOutlets) {
  rule(rule_of("border", "border"));
  place_all({"a1", "a2", "a3"});
  place("b1", "border");
  BookedAlert old = alert_of("a1");
  for (AlertSource& source : old.view.sources) source.item.clear();
  old.state.reports = {{"b1", "", "", Instant{}, false, false}};
  book_.put(old);
  place("b2");
  EXPECT_THAT(alert_of("b2").state.sources, ElementsAre("b1 Post"));
}

TEST_F(TwoEvents, AnEditOfAForgottenReportBeginsNoStory) {
  feeds::StoryLimits limits;
  limits.documents = 8;
  stories_ = feeds::StoryIndex(limits, feeds::easily_joined());
  place("b2", "border");
  for (int i = 0; i < 10; ++i) {
    feeds::DocumentInput input;
    input.id = "f" + std::to_string(i);
    input.title = feeds::words_about("title" + input.id, 6);
    input.text = feeds::words_about("text" + input.id, 30);
    stories_.place(make_document(std::move(input)), {});
  }
  place_all({"a1", "a2", "a3", "b1"}, "border");
  place("b2", "border and more", true);
  EXPECT_THAT(last_.moves, IsEmpty());
  place("b3", "border");
  EXPECT_THAT(told_, ElementsAre("new of b2 by b2", "new of a1 by a1", "new of b3 by b3"));
}

TEST_F(TwoEvents, AMuteOfAStoryHoldsForWhatIsToldOncePerArticleToo) {
  rules::RuleDef each = quiet_rule();
  each.policy.once_per = rules::OncePer::article;
  rule(each);
  place_all({"a1", "a2", "a3", "b1"}, "border");
  rules::Silence mute;
  mute.id = "mute";
  mute.story = "a1";
  mute.created = now_;
  mute.until = begin + std::chrono::hours(9);
  policy_.silences = {mute};
  place("b2", "border");
  EXPECT_EQ(told_.size(), 4U);
}

TEST_F(TwoEvents, WhatStillWaitsIsListedByItsOwnReport) {
  wait_for_texts(4);
  report("b0", "b0");
  report("a1", "b0");
  split("b0", {"b0", "b2"});
  EXPECT_EQ(alert_of("b0").view.url, "https://news.example/a1");
  EXPECT_EQ(alert_of("b2").view.url, "https://news.example/b0");
}

class MergedBefore : public TwoEvents {};

TEST_F(MergedBefore, ACorrectionIsToldOnce) {
  rule(rule_of("border", "border"));
  report("a1", "a1");
  report("b1", "b1");
  title_ = "Another headline";
  report("b1", "b1", {}, true);
  EXPECT_EQ(told_.back(), "corrected of b1 by b1");
  merge("b1", "a1");
  split("a1", {"b1", "b3"});
  const std::size_t told = told_.size();
  EXPECT_EQ(alert_of("b3").view.headline, "Another headline");
  report("b1", "b3", {}, true);
  EXPECT_EQ(told_.size(), told);
}

TEST_F(MergedBefore, WhatWasStoredBeforeReportsWereKeptIsNotToldAgain) {
  report("a1", "a1");
  report("b1", "b1");
  for (auto& [id, row] : rows_)
    for (rules::Report& one : row.state.reports) one = {one.item, "", "", Instant{}, false, false};
  restart();
  merge("b1", "a1");
  split("a1", {"b1", "b3"});
  report("b3", "b3");
  EXPECT_EQ(told_.back(), "merged of a1 by merge");
}

TEST_F(MergedBefore, WhatCountsAsToldIsNoNews) {
  report("a1", "a1");
  report("b1", "b1");
  const Instant then = alert_of("b1").created;
  merge("b1", "a1");
  now_ += std::chrono::hours(5);
  split("a1", {"b1", "b3"});
  EXPECT_EQ(alert_of("b3").created, then);
  EXPECT_EQ(alert_of("b3").updated, then);
}

// Each of the two stories shows many outlets, together more than an alert shows.
TEST_F(MergedBefore, AnUpdateNamesItsOwnOutletHoweverManyThereAre) {
  rule(rule_of("border", "border"));
  for (int i = 0; i < 60; ++i) {
    const std::string event = i % 2 == 0 ? "a" : "b";
    report(event + std::to_string(i / 2 + 1), event + "1");
  }
  merge("b1", "a1");
  report("a99", "a1");
  EXPECT_EQ(alert_of("a1").view.sources.back().name, "a99 Post");
  EXPECT_EQ(alert_of("a1").view.sources.size(), AlertView::most_sources);
}

TEST_F(MergedBefore, AnUpdateDoesNotTakeThePlaceOfAnOutletThatWasTold) {
  rule(rule_of("border", "border"));
  for (std::size_t i = 1; i < AlertView::most_sources; ++i) report("a" + std::to_string(i), "a1");
  title_ = "Another headline";
  report("b1", "b1");
  title_.clear();
  merge("b1", "a1");
  report("a99", "a1");
  EXPECT_EQ(alert_of("a1").view.sources.back().name, "a99 Post")
      << "messages take it as the newest";
  EXPECT_EQ(alert_of("a1").view.sources.rbegin()[1].title, "Another headline");
  split("a1", {"b1", "b3"});
  EXPECT_EQ(alert_of("b3").view.headline, "Another headline");
}

TEST_F(MergedBefore, WhatWasToldIsNotToldAgain) {
  rule(rule_of("border", "border"));
  report("a1", "a1");
  report("b1", "b1");
  merge("b1", "a1");
  split("a1", {"b1", "b3"});
  const std::size_t told = told_.size();
  EXPECT_EQ(alert_of("b3").state.revision, 1U);
  EXPECT_THAT(alert_of("b3").state.sources, ElementsAre("b1 Post"));
  EXPECT_THAT(alert_of("b3").state.copy_groups, ElementsAre("b1"));
  EXPECT_THAT(alert_of("a1").state.sources, ElementsAre("a1 Post"));
  EXPECT_THAT(alert_of("a1").state.copy_groups, ElementsAre("a1"));
  report("b1", "b3", {}, true);  // an edit that changes nothing of what was told
  EXPECT_EQ(told_.size(), told);
  report("b4", "b3");
  EXPECT_EQ(told_.back(), "updated of b3 by b4");
  EXPECT_EQ(alert_of("b3").state.revision, 2U);
}

TEST_F(MergedBefore, WhatOnlyWaitedOrJoinedIsToldLater) {
  wait_for_texts(2);
  report("a1", "a1");
  report("a2", "a1");
  report("b1", "b1");
  merge("b1", "a1");
  split("a1", {"b1", "b2", "b3"});
  report("b3", "b3");
  EXPECT_THAT(told_, ElementsAre("new of a1 by a2", "new of b3 by b3"));
}

TEST_F(MergedBefore, WhatWasToldAfterASplitIsNotToldAgainAfterTheNext) {
  report("a1", "a1");
  report("b1", "a1");
  split("a1", {"b1", "b2"});
  report("b2", "b2");
  merge("b2", "a1");
  split("a1", {"b1", "b2", "b3"});
  report("b3", "b3");
  EXPECT_THAT(told_, ElementsAre("new of a1 by a1", "new of b2 by b2", "merged of a1 by merge"));
}

TEST_F(MergedBefore, WhatStaysIsNotToldAgainWhenTheFirstToldGoes) {
  report("b1", "b1");
  report("a1", "a1");
  merge("a1", "b1");
  split("b1", {"b1", "b2"});
  EXPECT_EQ(alert_of("b1").state.revision, 1U);
  report("a2", "b1");
  EXPECT_EQ(told_.back(), "merged of b1 by merge");
}

TEST_F(MergedBefore, TheNextReportTellsNothingMaterialThatWasTold) {
  rules::RuleDef material = rule_of("border", "border");
  material.updates = rules::UpdatePolicy::material;
  rule(material);
  report("a1", "a1");
  report("b1", "b1");
  merge("b1", "a1");
  split("a1", {"b1", "b3"});
  const std::size_t told = told_.size();
  report("b3", "b3");
  EXPECT_EQ(told_.size(), told);
}

TEST_F(MergedBefore, AlertsKeepIdsOfTheirOwn) {
  report("b1", "a1");
  split("a1", {"b1", "b2"});
  report("c1", "a1");
  split("a1", {"c1", "c2"});
  merge("b2", "a1");
  report("a5", "a1");
  split("a1", {"b1", "b2", "b5"});
  report("a6", "a1");
  std::set<std::string> ids;
  for (const char* story : {"a1", "c2", "b5"}) ids.insert(alert_of(story).state.id);
  EXPECT_EQ(ids.size(), 3U);
}

}  // namespace
}  // namespace wirewatch::daemon
