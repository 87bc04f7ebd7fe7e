#include "feeds/stories/memory.h"

#include <gtest/gtest.h>

#include "feeds/stories/parameters.h"
#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

Instant minute(int number) {
  return from_unix_micros(1'700'000'000'000'000 + number * 60'000'000LL);
}

Document numbered(int number, Instant time) {
  const std::string id = "d" + std::to_string(number);
  return document_of(id, "", words_about(id + "w", 15), time);
}

TEST(StoryMemory, TheOldestBeyondTheLimitAreForgotten) {
  StoryLimits limits;
  limits.documents = 50;
  StoryIndex index(limits);
  for (int i = 0; i < 200; ++i) index.place(numbered(i, minute(i)), {});
  EXPECT_EQ(index.size(), 50u);
  EXPECT_EQ(index.place(numbered(199, minute(199)), {}).relation, Relation::fresh);
  Document again = numbered(180, minute(200));
  again.id = "copy-of-180";
  EXPECT_EQ(index.place(again, {}).copy_group, "d180");
  again = numbered(100, minute(200));
  again.id = "copy-of-100";
  EXPECT_EQ(index.place(again, {}).copy_group, "copy-of-100");
}

TEST(StoryMemory, DocumentsOlderThanTheWindowGoOnceEnoughCameAfterThem) {
  StoryLimits limits;
  limits.window = std::chrono::hours(1);
  StoryIndex index(limits);
  const int kept = static_cast<int>(parameters::kept_beyond_window);
  for (int i = 0; i < kept + 300; ++i) index.place(numbered(i, minute(i)), {});
  EXPECT_EQ(index.size(), parameters::kept_beyond_window);
}

TEST(StoryMemory, EditsDoNotMakeItGrow) {
  StoryLimits limits;
  limits.documents = 20;
  StoryIndex index(limits);
  for (int i = 0; i < 500; ++i) {
    Document document = numbered(i, minute(i));
    document.id = "same" + std::to_string(i % 3);
    index.place(document, {});
    EXPECT_LE(index.size(), 3u);
  }
}

TEST(Postings, KeepTheNewestOfACommonKeyAndNothingOfDroppedDocuments) {
  Postings postings(4);
  for (Number i = 0; i < 9; ++i) postings.add(7, {i, 1});
  ASSERT_LE(postings.find(7).size(), 4u);
  EXPECT_EQ(postings.find(7).back().document, 8u);
  postings.drop(7, 7);
  ASSERT_EQ(postings.find(7).size(), 1u);
  postings.drop(7, 8);
  EXPECT_TRUE(postings.find(7).empty());
}

}  // namespace
}  // namespace wirewatch::feeds
