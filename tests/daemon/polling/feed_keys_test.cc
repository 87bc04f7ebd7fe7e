#include "daemon/polling/feed_keys.h"

#include <gmock/gmock.h>

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* address = "https://ina.example/feed";
constexpr const char* new_address = "https://new.example/feed";

FeedConfig feed(const std::string& key, const std::string& url) {
  FeedConfig config;
  config.key = key;
  config.url = url;
  return config;
}

Snapshot with(std::vector<FeedConfig> feeds) {
  Snapshot snapshot;
  snapshot.feeds = std::move(feeds);
  return snapshot;
}

FeedRow row(const std::string& key, const std::string& url, int polled = 1) {
  FeedRow stored;
  stored.key = key;
  stored.state.url = url;
  stored.state.baseline_done = true;
  stored.state.last_poll = Instant(std::chrono::hours(polled));
  return stored;
}

StoredRows rows(const std::vector<FeedRow>& all) {
  StoredRows stored;
  for (const FeedRow& one : all) stored.emplace(one.key, one);
  return stored;
}

std::vector<std::string> changed(const Snapshot& next, const StoredRows& stored,
                                 const Snapshot* before = nullptr) {
  std::vector<std::string> changes;
  for (const FeedKeyChange& one : feed_keys_changed(before, next, stored)) {
    changes.push_back(one.from + " > " + one.to);
  }
  return changes;
}

TEST(FeedKeys, AnIdGivenTakenAwayOrChangedTakesTheStateAlong) {
  EXPECT_THAT(changed(with({feed("id", address)}), rows({row(address, address)})),
              ElementsAre(std::string(address) + " > id"));
  EXPECT_THAT(changed(with({feed(address, address)}), rows({row("id", address)})),
              ElementsAre(std::string("id > ") + address));
  EXPECT_THAT(changed(with({feed("other", address)}), rows({row("id", address)})),
              ElementsAre("id > other"));
}

TEST(FeedKeys, TheAddressToWhichRedirectsForGoodLedIsTheSameFeed) {
  FeedRow moved = row(address, address);
  moved.state.moved_to = new_address;
  moved.state.moved_count = 3;
  const Snapshot next = with({feed("id", new_address)});
  EXPECT_THAT(changed(next, rows({moved})), ElementsAre(std::string(address) + " > id"));
  moved.state.moved_count = 1;
  EXPECT_THAT(changed(next, rows({moved})), IsEmpty()) << "once may be an accident";
}

TEST(FeedKeys, NoFeedLosesItsStateToAnother) {
  const StoredRows stored = rows({row(address, address), row("id", address)});
  EXPECT_THAT(changed(with({feed("id", address), feed(address, address)}), stored), IsEmpty());
  const Snapshot second = with({feed(address, address), feed("second", address)});
  EXPECT_THAT(changed(second, rows({row(address, address)})), IsEmpty());
  const Snapshot two = with({feed("one", address), feed("two", address)});
  EXPECT_THAT(changed(two, rows({row(address, address)})),
              ElementsAre(std::string(address) + " > one"));
}

// Its first poll failed, or is under way: it has a slot, and no state yet.
TEST(FeedKeys, WhatIsLiveAlreadyTakesNoStateOver) {
  const Snapshot before = with({feed(address, address), feed("id", address)});
  const Snapshot next = with({feed("id", address), feed("new", new_address)});
  EXPECT_THAT(changed(next, rows({row(address, address)}), &before), IsEmpty());
}

TEST(FeedKeys, WhoStandsAtTheAddressComesBeforeWhoStandsWhereItMovedTo) {
  FeedRow moved = row(address, address);
  moved.state.moved_to = new_address;
  moved.state.moved_count = 3;
  const Snapshot next = with({feed("there", new_address), feed("id", address)});
  EXPECT_THAT(changed(next, rows({moved})), ElementsAre(std::string(address) + " > id"));
}

TEST(FeedKeys, AStateOfItsOwnIsKeptAndTheNewestOfSeveralIsTaken) {
  const Snapshot next = with({feed("id", address)});
  EXPECT_THAT(changed(next, rows({row("id", new_address), row(address, address)})), IsEmpty());
  EXPECT_THAT(changed(next, rows({row("old", address, 1), row("older", address, 0)})),
              ElementsAre("old > id"));
}

}  // namespace
}  // namespace wirewatch::daemon
