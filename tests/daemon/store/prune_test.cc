#include "daemon/store/prune.h"

#include <gmock/gmock.h>

#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

class PruneTest : public StoreTest {
 protected:
  PruneTest() {
    open();
    read = reader(folder.path());
  }
  void store_all(Commit rows) {
    const Result<void> result = commit(std::move(rows));
    ASSERT_TRUE(result) << result.error().text;
  }
  void prune_at(Instant now, Retention retention = {}) {
    const Result<void> result = prune(retention, now);
    ASSERT_TRUE(result) << result.error().text;
  }
  std::size_t known(std::uint64_t guid) {
    return read->known_items("https://example.org/feed", {{.guid = guid}}).items.size();
  }
  FeedRow answered(Instant last_poll, Instant last_success) {
    FeedRow row = feed_row("https://example.org/feed");
    row.state.last_poll = last_poll;
    row.state.last_success = last_success;
    return row;
  }

  std::unique_ptr<Reader> read;
};

TEST_F(PruneTest, DocumentsBeyondTheAgeGo) {
  Commit rows;
  for (int i = 0; i < 500; ++i) {
    rows.documents.push_back(document_row("old " + std::to_string(i), "s", day(1)));
  }
  rows.documents.push_back(document_row("young", "s", day(50)));
  store_all(rows);
  prune_at(day(60), {.max_age = std::chrono::hours(24 * 30)});
  ASSERT_EQ(read->counts().documents, 1U);
  EXPECT_EQ(read->story_documents("s").front().input.id, "young");
}

TEST_F(PruneTest, BeyondTheSizeTheOldestDocumentsGo) {
  Commit rows;
  for (int i = 0; i < 1000; ++i) {
    rows.documents.push_back(document_row(std::to_string(i), "s", day(1)));
  }
  store_all(rows);
  const std::uint64_t half = read->document_bytes() / 2;
  prune_at(day(2), {.max_bytes = half});
  EXPECT_LE(read->document_bytes(), half);
  EXPECT_GT(read->document_bytes(), half - 1000);
  EXPECT_EQ(read->story_documents("s").back().input.id, "999");
  EXPECT_TRUE(read->item_documents("0").empty());
}

TEST_F(PruneTest, PlacesAreNotUsedTwiceWhenTheArchiveWasEmptied) {
  Commit rows;
  rows.documents = {document_row("a", "s", day(1)), document_row("b", "s", day(1))};
  store_all(rows);
  prune_at(day(500));
  ASSERT_EQ(read->counts().documents, 0U);
  Commit later;
  later.documents = {document_row("c", "s", day(500))};
  store_all(later);
  close();
  Connection database(folder.file("wirewatch.db"), Access::read_only);
  EXPECT_EQ(database.number("SELECT row FROM documents"), 3);
}

TEST_F(PruneTest, AnItemIsForgottenNinetyDaysAfterItsFeedLastShowedIt) {
  Commit rows;
  rows.feeds = {answered(day(100), day(100))};
  rows.items = {item_row("gone", {.guid = 1}, day(5)), item_row("there", {.guid = 2}, day(20))};
  store_all(rows);
  prune_at(day(94));
  EXPECT_EQ(known(1), 1U);
  prune_at(day(100));
  EXPECT_EQ(known(1), 0U);
  EXPECT_FALSE(read->item("gone"));
  EXPECT_EQ(known(2), 1U);
}

TEST_F(PruneTest, AFeedThatCouldNotBeReachedForgetsNothing) {
  Commit rows;
  rows.feeds = {answered(day(300), day(5))};  // polled all the time, without an answer since
  rows.items = {item_row("a", {.guid = 1}, day(5))};
  store_all(rows);
  prune_at(day(300));
  EXPECT_EQ(known(1), 1U);
}

// Row 52: a document that is the last one still shows its items, however often it is answered with
// "not modified" or with the same bytes.
TEST_F(PruneTest, WhatTheLastDocumentShowedIsKeptWhileTheFeedAnswersTheSame) {
  Commit rows;
  rows.feeds = {answered(day(300), day(300))};
  rows.items = {item_row("gone before", {.guid = 1}, day(4)),
                item_row("shown", {.guid = 2}, day(5))};
  rows.publishers.push_back({"https://example.org/feed", {}});
  rows.publishers.back().publisher.last_document = day(5);
  store_all(rows);
  prune_at(day(300));
  EXPECT_EQ(known(1), 0U);
  EXPECT_EQ(known(2), 1U);
  rows.publishers.back().publisher.last_document = day(290);  // one without it
  store_all(rows);
  prune_at(day(300));
  EXPECT_EQ(known(2), 0U);
}

TEST_F(PruneTest, WhatWaitsIsNotForgotten) {
  Commit rows;
  rows.feeds = {answered(day(300), day(300))};
  rows.items = {item_row("held", {.guid = 1}, day(5))};
  rows.waiting.emplace_back();
  rows.waiting.back().input.id = "held";
  store_all(rows);
  prune_at(day(300));
  EXPECT_EQ(known(1), 1U);
}

TEST_F(PruneTest, NotesGoWithTheirDocument) {
  Commit rows;
  rows.documents = {document_row("a", "s", day(1)), document_row("b", "s", day(50))};
  rows.notes = {{"a", 1, {"a note"}}, {"b", 1, {"another", "note"}}};
  store_all(rows);
  prune_at(day(60), {.max_age = std::chrono::hours(24 * 30)});
  EXPECT_THAT(read->notes("a", 1), testing::IsEmpty());
  EXPECT_THAT(read->notes("b", 1), testing::ElementsAre("another", "note"));
}

TEST_F(PruneTest, AFeedThatIsNoLongerPolledIsForgotten) {
  Commit rows;
  rows.feeds = {answered(day(5), day(5))};
  rows.items = {item_row("a", {.guid = 1}, day(5))};
  store_all(rows);
  prune_at(day(300));
  EXPECT_EQ(known(1), 0U);
}

TEST_F(PruneTest, AnItemInTheArchiveCanStillBeAskedAbout) {
  Commit rows;
  rows.feeds = {answered(day(200), day(200))};
  rows.items = {item_row("a", {.guid = 1}, day(5))};
  rows.documents = {document_row("a", "a", day(190))};
  store_all(rows);
  prune_at(day(200));
  EXPECT_EQ(known(1), 0U);
  EXPECT_TRUE(read->item("a"));
}

TEST_F(PruneTest, WhatWasDeliveredLongAgoGoesAndWhatWasNotStays) {
  Commit rows;
  rows.deliveries = {delivery_row("sent", "desk"), delivery_row("waiting", "desk"),
                     delivery_row("dead", "desk"), delivery_row("sent lately", "desk")};
  rows.marks = {{.id = "sent", .state = DeliveryState::delivered, .finished = day(1)},
                {.id = "dead", .state = DeliveryState::dead, .finished = day(1)},
                {.id = "sent lately", .state = DeliveryState::delivered, .finished = day(199)}};
  store_all(rows);
  prune_at(day(200));
  std::vector<std::string> ids;
  for (const DeliveryRow& row : read->deliveries({})) ids.push_back(row.id);
  EXPECT_THAT(ids, testing::ElementsAre("waiting", "dead", "sent lately"));
}

TEST_F(PruneTest, AnAlertGoesWithItsStoryAndItsLastDelivery) {
  Commit rows;
  rows.documents = {document_row("kept", "told", day(199))};
  rows.alerts = {alert_row("story is there", "told"), alert_row("unsent", "gone"),
                 alert_row("over", "gone"), alert_row("changed lately", "gone")};
  rows.alerts.back().updated = day(199);
  rows.deliveries = {delivery_row("d", "desk")};
  rows.deliveries.front().alert = "unsent";
  store_all(rows);
  prune_at(day(200));
  std::vector<std::string> ids;
  for (const AlertRow& row : read->alerts({})) ids.push_back(row.state.id);
  EXPECT_THAT(ids, testing::UnorderedElementsAre("story is there", "unsent", "changed lately"));
}

TEST_F(PruneTest, TheFileShrinksWhenMostOfItIsFree) {
  Commit rows;
  for (int i = 0; i < 3000; ++i) {
    rows.documents.push_back(document_row(std::to_string(i), "s", day(1)));
    rows.documents.back().input.url = std::string(3000, 'u') + std::to_string(i);
  }
  store_all(rows);
  prune_at(day(2));
  read.reset();
  close();
  const auto before = std::filesystem::file_size(folder.file("wirewatch.db"));
  open();
  prune_at(day(500));
  close();
  EXPECT_LT(std::filesystem::file_size(folder.file("wirewatch.db")), before / 2);
}

TEST_F(PruneTest, OfAnEmptyStoreIsNoError) {
  prune_at(day(1));
}

TEST_F(PruneTest, WhatPoliciesNeedNoLongerGoesAndDeadLettersStay) {
  Commit rows;
  DeliveryRow absorbed = delivery_row("d1", "desk");
  absorbed.state = DeliveryState::absorbed;
  absorbed.finished = day(1);
  DeliveryRow dead = delivery_row("d2", "desk");
  dead.state = DeliveryState::dead;
  dead.finished = day(1);
  rows.deliveries = {absorbed, dead};
  rules::Silence ended;
  ended.id = "s1";
  ended.until = day(1);
  rows.silences = {ended};
  rows.hours = {{"border", rules::hour_of(day(1)), 3}, {"border", rules::hour_of(day(59)), 2}};
  rows.follows = {{"gone", day(1), "x", false}};
  rows.verdicts = {{"gone", day(1), true, "", "x"}};
  store_all(rows);
  prune_at(day(60), {.max_age = std::chrono::hours(24 * 30)});
  ASSERT_EQ(read->deliveries({}).size(), 1U);
  EXPECT_EQ(read->deliveries({}).front().state, DeliveryState::dead);
  EXPECT_TRUE(read->silences(day(0)).empty());
  EXPECT_TRUE(read->verdicts("gone").empty());
  EXPECT_TRUE(read->policy_memory(day(60)).follows.empty());
  ASSERT_EQ(read->policy_memory(day(60)).hours.size(), 1U);
  EXPECT_EQ(read->policy_memory(day(60)).hours.front().matched, 2U);
}

}  // namespace
}  // namespace wirewatch::daemon
