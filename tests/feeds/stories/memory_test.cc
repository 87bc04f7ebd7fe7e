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
  const int kept = static_cast<int>(Parameters().kept_beyond_window);
  for (int i = 0; i < kept + 300; ++i) index.place(numbered(i, minute(i)), {});
  EXPECT_EQ(index.size(), Parameters().kept_beyond_window);
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

std::vector<Number> found(const Postings<WeighedPosting>& postings, std::uint32_t key) {
  std::vector<Number> documents;
  postings.for_each(key,
                    [&documents](const WeighedPosting& one) { documents.push_back(one.document); });
  return documents;
}

TEST(Postings, FindTheNewestOfACommonKeyAndNothingOfDroppedDocuments) {
  Postings<WeighedPosting> postings(4);
  for (Number i = 0; i < 9; ++i) {
    postings.add(7, {i, 1});
    postings.add(100 + i, {i, 1});
  }
  EXPECT_EQ(found(postings, 7), (std::vector<Number>{8, 7, 6, 5}));
  EXPECT_EQ(found(postings, 103), (std::vector<Number>{3}));
  postings.drop_through(6);
  EXPECT_EQ(found(postings, 7), (std::vector<Number>{8, 7}));
  EXPECT_TRUE(found(postings, 103).empty());
  postings.drop_through(8);
  EXPECT_TRUE(found(postings, 7).empty());
  postings.add(7, {9, 1});
  EXPECT_EQ(found(postings, 7), (std::vector<Number>{9}));
}

}  // namespace
}  // namespace wirewatch::feeds
