#include <gmock/gmock.h>

#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

using MergedStories = StoreTest;

std::vector<std::string> items_of(Reader& reader, const std::string& story) {
  std::vector<std::string> items;
  for (const DocumentRow& row : reader.story_documents(story)) items.push_back(row.input.id);
  return items;
}

TEST_F(MergedStories, AreFoundUnderTheirOldIdsTooHoweverOftenTheyMerged) {
  open();
  ASSERT_TRUE(commit(whole_commit("a")));
  ASSERT_TRUE(commit(whole_commit("b")));
  Commit merge = whole_commit("c");
  merge.moves = {{"c", "b", {}, {}}, {"b", "a", {}, {}}};
  ASSERT_TRUE(commit(merge));
  const auto read = reader(folder.path());
  for (const char* id : {"a", "b", "c"})
    EXPECT_THAT(items_of(*read, id), testing::ElementsAre("a", "b", "c")) << id;
}

TEST_F(MergedStories, WhatStoriesRememberComesBackWithTheStoryOfNow) {
  open();
  Commit first = whole_commit("a");
  first.documents[0].features = "one";
  ASSERT_TRUE(commit(first));
  Commit second = whole_commit("b");
  second.moves = {{"b", "a", {}, {}}};
  ASSERT_TRUE(commit(second));
  const auto read = reader(folder.path());
  std::vector<PlacedRow> rows;
  read->placed({}, {}, 2, [&rows](const PlacedRow& row) {
    rows.push_back(row);
    return true;
  });
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].item, "a");
  EXPECT_EQ(rows[0].features, "one");
  EXPECT_EQ(rows[1].features, "");
  EXPECT_EQ(rows[1].placement.story, "a");
}

TEST_F(MergedStories, AlertsAreOfTheStoryOfNow) {
  open();
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(commit(whole_commit(id)));
  Commit merge;
  merge.alerts = {alert_row("of c", "c")};
  merge.moves = {{"c", "b", {}, {}}};
  ASSERT_TRUE(commit(merge));
  Commit again;
  again.moves = {{"b", "a", {}, {}}};
  ASSERT_TRUE(commit(again));
  const auto place = reader(folder.path())->place_of_alert("of c");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->story, "a");
}

TEST_F(MergedStories, DocumentsThatLeaveOneAreFoundUnderTheNewStoryAlone) {
  open();
  for (const char* id : {"a", "b", "e"}) ASSERT_TRUE(commit(whole_commit(id)));
  Commit joins = whole_commit("c");
  joins.moves = {{"b", "a", {}, {}}, {"e", "a", {}, {}}};
  ASSERT_TRUE(commit(joins));
  Commit split = whole_commit("d");
  split.moves = {{"c", "a", {}, {}}, {"a", "d", {"b", "c", "d"}, {}}};
  ASSERT_TRUE(commit(split));
  const auto read = reader(folder.path());
  EXPECT_THAT(items_of(*read, "a"), testing::ElementsAre("a", "e"));
  EXPECT_THAT(items_of(*read, "d"), testing::ElementsAre("b", "c", "d"));
  // The ids of stories that were merged before lead to where the reports that began them are.
  EXPECT_THAT(items_of(*read, "b"), testing::ElementsAre("b", "c", "d"));
  EXPECT_THAT(items_of(*read, "e"), testing::ElementsAre("a", "e"));
}

TEST_F(MergedStories, WhatMovesTwiceInOneCommitIsWhereItWentLast) {
  open();
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(commit(whole_commit(id)));
  Commit twice = whole_commit("d");
  twice.moves = {{"b", "a", {}, {}}, {"a", "d", {"b", "d"}, {}}, {"d", "c", {}, {}}};
  ASSERT_TRUE(commit(twice));
  const auto read = reader(folder.path());
  EXPECT_THAT(items_of(*read, "c"), testing::ElementsAre("b", "c", "d"));
  for (const char* id : {"b", "d"})
    EXPECT_THAT(items_of(*read, id), testing::ElementsAre("b", "c", "d")) << id;
}

TEST_F(MergedStories, AStoryThatBeginsAnewUnderTheIdOfOneThatWasMergedIsItself) {
  open();
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(commit(whole_commit(id)));
  Commit merge = whole_commit("e");
  merge.moves = {{"b", "a", {}, {}}};
  ASSERT_TRUE(commit(merge));
  Commit again;
  again.moves = {{"c", "b", {"c", "b"}, {}}};
  ASSERT_TRUE(commit(again));
  const auto read = reader(folder.path());
  EXPECT_THAT(items_of(*read, "b"), testing::ElementsAre("b", "c"));
}

// As a memory does that was never emptied: the window counts from the newest, and what lies between
// counts whatever its date.
TEST_F(MergedStories, WhatStoriesRememberReachesBackFromTheNewestDocument) {
  open();
  const Instant newest = day(10);
  const auto put = [this](const std::string& id, Instant time) {
    Commit one = whole_commit(id);
    one.documents[0].input.time = one.documents[0].first_seen = time;
    ASSERT_TRUE(commit(one));
  };
  put("old", day(1));
  put("in", day(8));
  put("out of order", day(2));
  put("newest", newest);
  const auto read = reader(folder.path());
  const auto placed = [&read](Instant now, std::size_t least) {
    std::vector<std::string> ids;
    read->placed(now, std::chrono::hours(72), least, [&ids](const PlacedRow& row) {
      ids.push_back(row.item);
      return true;
    });
    return ids;
  };
  EXPECT_THAT(placed(day(30), 0), testing::ElementsAre("in", "out of order", "newest"));
  EXPECT_THAT(placed(day(30), 1), testing::ElementsAre("in", "out of order", "newest"));
  EXPECT_THAT(placed(day(30), 4), testing::ElementsAre("old", "in", "out of order", "newest"));
  EXPECT_THAT(placed(day(30), 9), testing::ElementsAre("old", "in", "out of order", "newest"));
  EXPECT_THAT(placed(day(4), 0), testing::ElementsAre("old", "in", "out of order", "newest"));
}

}  // namespace
}  // namespace wirewatch::daemon
