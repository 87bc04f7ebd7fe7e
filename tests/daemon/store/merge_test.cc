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
  merge.merges = {{"c", "b", {}}, {"b", "a", {}}};
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
  second.merges = {{"b", "a", {}}};
  ASSERT_TRUE(commit(second));
  const auto read = reader(folder.path());
  std::vector<PlacedRow> rows;
  read->placed_since({}, [&rows](const PlacedRow& row) {
    rows.push_back(row);
    return true;
  });
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].item, "a");
  EXPECT_EQ(rows[0].features, "one");
  EXPECT_EQ(rows[1].features, "");
  EXPECT_EQ(rows[1].placement.story, "a");
}

}  // namespace
}  // namespace wirewatch::daemon
