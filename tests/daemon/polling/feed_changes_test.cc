#include "daemon/polling/feed_changes.h"

#include <gmock/gmock.h>

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FeedConfig feed(const std::string& key, const std::string& url = "https://example.org/") {
  FeedConfig config;
  config.key = key;
  config.url = url + key;
  return config;
}

Snapshot with(std::vector<FeedConfig> feeds) {
  Snapshot snapshot;
  snapshot.feeds = std::move(feeds);
  return snapshot;
}

TEST(FeedChanges, OfTheFirstGenerationEveryFeedIsNew) {
  const Snapshot after = with({feed("a"), feed("b")});
  const FeedChanges changes = changes_between(nullptr, after);
  EXPECT_EQ(changes.fresh, 2U);
  EXPECT_THAT(changes.gone, IsEmpty());
  EXPECT_FALSE(changes.feeds[1].was);
  EXPECT_EQ(changes.places.at("b"), 1U);
}

TEST(FeedChanges, AFeedIsFoundAgainWhereverItStandsNow) {
  const Snapshot before = with({feed("a"), feed("b"), feed("c")});
  const Snapshot after = with({feed("c"), feed("new"), feed("a")});
  const FeedChanges changes = changes_between(&before, after);
  EXPECT_EQ(changes.feeds[0].was, 2U);
  EXPECT_FALSE(changes.feeds[1].was);
  EXPECT_EQ(changes.feeds[2].was, 0U);
  EXPECT_TRUE(changes.feeds[2].same);
  EXPECT_THAT(changes.gone, ElementsAre(1U));
  EXPECT_EQ(changes.fresh, 1U);
}

TEST(FeedChanges, AnotherAddressOrIntervalIsAChange) {
  const Snapshot before = with({feed("a"), feed("b"), feed("c")});
  Snapshot after = with({feed("a", "https://elsewhere.example/"), feed("b"), feed("c")});
  after.feeds[1].every = std::chrono::minutes(5);
  after.feeds[2].name = "another name";
  const FeedChanges changes = changes_between(&before, after);
  EXPECT_FALSE(changes.feeds[0].same);
  EXPECT_FALSE(changes.feeds[1].same);
  EXPECT_TRUE(changes.feeds[2].same);
}

TEST(FeedChanges, BoundsOfTheIntervalAndTheLoginAreChangesToo) {
  const Snapshot before = with({feed("a"), feed("b"), feed("c"), feed("d")});
  Snapshot after = before;
  after.feeds[0].every_least = std::chrono::minutes(5);
  after.feeds[1].every_most = std::chrono::minutes(5);
  FeedRequest request;
  request.basic.user = "desk";
  after.feeds[2].own_request = std::make_shared<const FeedRequest>(request);
  after.feeds[3].own_request = std::make_shared<const FeedRequest>();  // it says nothing
  const FeedChanges changes = changes_between(&before, after);
  EXPECT_FALSE(changes.feeds[0].same);
  EXPECT_FALSE(changes.feeds[1].same);
  EXPECT_FALSE(changes.feeds[2].same);
  EXPECT_TRUE(changes.feeds[3].same);
}

}  // namespace
}  // namespace wirewatch::daemon
