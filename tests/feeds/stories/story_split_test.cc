#include <gmock/gmock.h>

#include "feeds/stories/docs_jsonl.h"
#include "feeds/stories/last_stories.h"
#include "feeds/stories/story_index.h"
#include "tests/feeds/stories/two_events.h"

namespace wirewatch::feeds {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Document report(const std::string& id) {
  return make_document(report_of(id));
}

std::vector<std::string> ids_of(const StorySplit& split) {
  std::vector<std::string> ids;
  for (const StorySplit::Left& left : split.documents) ids.push_back(left.id);
  return ids;
}

struct Placing {
  StoryIndex index{StoryLimits{}, easily_joined()};
  LastStories last;

  Placement operator()(const std::string& id) {
    Placement placement = index.place(report(id), {});
    last.take(id, placement);
    return placement;
  }
};

TEST(StorySplit, TheSecondEventLeavesWithItsSecondReport) {
  Placing place;
  for (const char* id : {"a1", "a2", "a3", "b1"}) {
    const Placement joined = place(id);
    EXPECT_EQ(joined.story, "a1");
    EXPECT_FALSE(joined.split) << id;
  }
  const Placement second = place("b2");
  ASSERT_TRUE(second.split);
  EXPECT_EQ(second.story, "b2");
  EXPECT_EQ(second.relation, Relation::same_story);
  EXPECT_EQ(second.of, "b1");
  EXPECT_EQ(second.split->story, "b2");
  EXPECT_EQ(second.split->from, "a1");
  EXPECT_THAT(ids_of(*second.split), ElementsAre("b1", "b2"));
  EXPECT_EQ(second.why.front(), "another event than story a1: leaves it with 1 earlier report");
  EXPECT_LE(second.why.size(), 8u);
  EXPECT_EQ(place("b3").story, "b2");
  EXPECT_EQ(place("a4").story, "a1");
  EXPECT_EQ(place.last.of("b1"), "b2");
  EXPECT_EQ(place.last.of("a3"), "a1");
}

// Who has been told of the story was told of its first report.
TEST(StorySplit, TheFirstReportsPartIsNeverTheOneThatLeaves) {
  Placing place;
  for (const char* id : {"a1", "b1", "b2", "a2"}) EXPECT_FALSE(place(id).split) << id;
  const Placement third = place("b3");
  ASSERT_TRUE(third.split);
  EXPECT_THAT(ids_of(*third.split), ElementsAre("b1", "b2", "b3"));
}

TEST(StorySplit, OneEventStaysOneStory) {
  Placing place;
  for (int i = 0; i < 30; ++i) {
    const Placement placement = place("a" + std::to_string(i));
    EXPECT_EQ(placement.story, "a0");
    EXPECT_FALSE(placement.split) << i;
  }
}

TEST(StorySplit, AStoryOfMoreThanTheMostDocumentsStaysAsItIs) {
  Parameters parameters = easily_joined();
  parameters.split_documents_most = 4;
  StoryIndex index(StoryLimits{}, parameters);
  for (const char* id : {"a1", "a2", "a3", "b1", "b2", "b3"})
    EXPECT_EQ(index.place(report(id), {}).story, "a1");
}

// An edit of what was forgotten comes as new, and its own story may live on without it.
TEST(StorySplit, BeginsNoStoryUnderTheIdOfOneThatIsThere) {
  Placing place;
  Placement before;
  before.story = before.copy_group = "b2";
  before.relation = Relation::same_story;
  place.index.remember(document_of("x", "Else", "of something else"), {}, before);
  for (const char* id : {"a1", "a2", "a3", "b1", "b2"}) EXPECT_FALSE(place(id).split) << id;
  EXPECT_EQ(place("b3").story, "b3");
}

TEST(StorySplit, WhatIsRestoredAfterwardsDecidesAsIfNothingHadBeen) {
  Placing place;
  std::vector<Placement> placed;
  const std::vector<std::string> ids = {"a1", "a2", "a3", "b1", "b2", "b3"};
  for (const std::string& id : ids) placed.push_back(place(id));
  StoryIndex restored(StoryLimits{}, easily_joined());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    placed[i].story = place.last.of(ids[i]);
    ASSERT_TRUE(restored.remember(ids[i], Instant{}, place.index.packed(ids[i]), placed[i]));
  }
  for (const char* id : {"b4", "a4", "a5", "b5", "c1", "c2", "a6"}) {
    const Placement here = place(id);
    const Placement there = restored.place(report(id), {});
    EXPECT_EQ(placement_line(id, there), placement_line(id, here));
    EXPECT_EQ(there.split.has_value(), here.split.has_value());
  }
}

TEST(StorySplit, IsWrittenAsALineOfItsOwn) {
  EXPECT_EQ(split_line({"c", "a", {{"b", "b", {}}, {"c", "c", {}}}}),
            R"({"split":{"story":"c","from":"a","documents":["b","c"]}})");
}

TEST(LastStories, FollowMergesAfterSplits) {
  LastStories last;
  Placement first;
  first.story = "a";
  last.take("a", first);
  last.take("b", first);
  Placement split = first;
  split.story = "c";
  split.split = StorySplit{"c", "a", {{"b", "b", {}}, {"c", "c", {}}}};
  last.take("c", split);
  EXPECT_EQ(last.of("b"), "c");
  Placement merge = first;
  merge.merges = {{"c", "a"}};
  last.take("d", merge);
  for (const char* id : {"a", "b", "c", "d"}) EXPECT_EQ(last.of(id), "a") << id;
}

}  // namespace
}  // namespace wirewatch::feeds
