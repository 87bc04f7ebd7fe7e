// Five articles, two stories: a report, its rewrite and an independent one; months later a second
// visit by the same people, told twice. Whatever the order, it must come out the same.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

using Placements = std::map<std::string, Placement>;

Placements place_all(const std::vector<Document>& documents, const std::vector<int>& order) {
  StoryIndex index;
  Placements placements;
  for (const int i : order) {
    const Document& document = documents[static_cast<std::size_t>(i)];
    placements[document.id] = index.place(document, {});
  }
  return placements;
}

void expect_two_stories(const std::vector<Document>& documents, const std::vector<int>& order) {
  const Placements placed = place_all(documents, order);
  const auto story = [&placed](const char* id) { return placed.at(id).story; };
  EXPECT_EQ(story("000"), story("001"));
  EXPECT_EQ(story("000"), story("002"));
  EXPECT_EQ(story("003"), story("004"));
  EXPECT_NE(story("000"), story("003"));
  const bool rewrite_last =
      std::find(order.begin(), order.end(), 0) < std::find(order.begin(), order.end(), 1);
  const Placement& later = placed.at(rewrite_last ? "001" : "000");
  EXPECT_EQ(later.relation, Relation::copy);
  EXPECT_EQ(later.copy_group, rewrite_last ? "000" : "001");
  EXPECT_EQ(later.of, rewrite_last ? "000" : "001");
  for (const char* id : {"002", "003", "004"}) {
    EXPECT_NE(placed.at(id).relation, Relation::copy) << id;
    EXPECT_EQ(placed.at(id).copy_group, id);
  }
}

void expect_two_stories_in_every_order(const std::string& path) {
  const std::vector<Document> documents = read_documents(path);
  ASSERT_EQ(documents.size(), 5u);
  std::vector<int> order(5);
  std::iota(order.begin(), order.end(), 0);
  int orders = 0;
  do {
    SCOPED_TRACE(testing::PrintToString(order));
    expect_two_stories(documents, order);
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()) && !testing::Test::HasFailure());
  EXPECT_EQ(orders, 120);
}

TEST(FiveArticles, AreTwoStoriesInEveryOrder) {
  expect_two_stories_in_every_order(source_path("tests/data/five/stories.jsonl"));
}

TEST(FiveArticles, TheSeedsAreTwoStoriesInEveryOrder) {
  const char* shared = std::getenv("WIREWATCH_SHARED");
  const std::string root = shared != nullptr ? shared : source_path("../shared");
  const std::string path = root + "/seeds/stories.jsonl";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  expect_two_stories_in_every_order(path);
}

TEST(FiveArticles, AreCleanedOfTheirPages) {
  const std::vector<Document> documents =
      read_documents(source_path("tests/data/five/stories.jsonl"));
  ASSERT_EQ(documents.size(), 5u);
  EXPECT_THAT(documents[1].text, testing::StartsWith("Baghdad/Damascus, Nov 14"));
  EXPECT_THAT(documents[2].text, testing::Not(testing::HasSubstr("منصة")));
  EXPECT_THAT(documents[3].text, testing::Not(testing::HasSubstr("Disclaimer")));
  EXPECT_THAT(documents[3].text, testing::Not(testing::HasSubstr("Lithium")));
  const std::size_t lead = documents[3].text.find("Walid al-Hamwi hosted");
  ASSERT_NE(lead, std::string::npos);
  EXPECT_EQ(documents[3].text.find("Walid al-Hamwi hosted", lead + 1), std::string::npos);
}

}  // namespace
}  // namespace wirewatch::feeds
