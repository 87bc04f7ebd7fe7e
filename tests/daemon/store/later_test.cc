// What polls learned that brought nothing: Store::commit_later.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <atomic>
#include <future>
#include <stdexcept>

#include "daemon/store/commit_queue.h"
#include "daemon/store/store.h"
#include "tests/daemon/store/faulty_disk.h"
#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class LaterTest : public StoreTest {
 protected:
  ~LaterTest() override { close(); }

  void open_with(Span later) {
    StoreOptions chosen = options();
    chosen.later = later;
    open(chosen);
  }

  // "name etag" of every feed, in the order of their coming.
  std::vector<std::string> feeds() {
    std::vector<std::string> all;
    for (const FeedRow& row : reader(folder.path())->feeds()) {
      all.push_back(row.key + " " + row.state.etag);
    }
    return all;
  }

  static FeedRow feed(const std::string& key, const std::string& etag) {
    FeedRow row = feed_row(key);
    row.state.etag = etag;
    return row;
  }

  FaultyDisk disk;
  static constexpr Span never = std::chrono::hours(24);
};

TEST_F(LaterTest, ManyPollsThatBroughtNothingShareTheNextTransaction) {
  open_with(never);
  for (int i = 0; i < 100; ++i) store->commit_later(feed("f" + std::to_string(i), "1"));
  EXPECT_THAT(feeds(), IsEmpty());
  ASSERT_TRUE(commit(whole_commit("a")));
  EXPECT_EQ(feeds().size(), 101U);
  EXPECT_EQ(store->stats().transactions, 1U);
}

TEST_F(LaterTest, WithoutAnotherCommitTheyAreWrittenWhenTheirMomentCame) {
  std::promise<void> synced;
  std::atomic<bool> told = false;  // the function is copied for each call
  open_with(std::chrono::milliseconds(1));
  disk.before_sync([&synced, &told] {
    if (!told.exchange(true)) synced.set_value();
    return SQLITE_OK;
  });
  store->commit_later(feed("f", "1"));
  synced.get_future().wait();
  disk.before_sync({});
  close();
  EXPECT_THAT(feeds(), ElementsAre("f 1"));
}

TEST_F(LaterTest, AStoreThatIsClosedHasWrittenThem) {
  open_with(never);
  store->commit_later(feed("f", "1"));
  store->commit_later(feed("f", "2"));
  close();
  EXPECT_THAT(feeds(), ElementsAre("f 2"));
}

TEST_F(LaterTest, WhatIsCommittedAfterThemStands) {
  open_with(never);
  store->commit_later(feed("f", "of a 304"));
  Commit document;
  document.feeds.push_back(feed("f", "of a document"));
  ASSERT_TRUE(commit(document));
  close();
  EXPECT_THAT(feeds(), ElementsAre("f of a document"));
}

TEST_F(LaterTest, ATransactionThatFailsLeavesThemToTheNext) {
  open_with(never);
  store->commit_later(feed("f", "1"));
  disk.before_write([] { return SQLITE_IOERR_WRITE; });
  EXPECT_FALSE(commit(whole_commit("a")));
  disk.before_write({});
  store->recovered();
  EXPECT_TRUE(commit(whole_commit("b")));
  EXPECT_THAT(feeds(), Contains("f 1"));
}

TEST(CommitQueueTest, ATaskThatThrowsHasFailedAndTheNextIsDone) {
  CommitQueue queue(
      10, std::chrono::hours(1), [](const std::vector<Commit>&) { return Result<void>(); },
      [](std::vector<CommitQueue::Done> waiting, Result<void> result) {
        for (const auto& done : waiting) done(result);
      },
      {});
  std::promise<Result<void>> first, second;
  queue.push([]() -> Result<void> { throw std::runtime_error("out of memory"); },
             [&first](const Result<void>& result) { first.set_value(result); });
  queue.push([] { return Result<void>(); },
             [&second](const Result<void>& result) { second.set_value(result); });
  const Result<void> failed = first.get_future().get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().text, "the store: out of memory");
  EXPECT_TRUE(second.get_future().get());
}

TEST(CommitKindTest, SaysWhetherMemoryAndWhatComesBehindRestOnACommit) {
  EXPECT_TRUE(kind_of(whole_commit("a")).remembered);
  Commit waits;
  waits.waited = {"a"};
  EXPECT_TRUE(kind_of(waits).remembered);
  EXPECT_TRUE(kind_of(waits).decides);
  Commit moves;
  moves.moves = {{"b", "a", {}, {}}};
  EXPECT_TRUE(kind_of(moves).decides);
  Commit polled;
  polled.feeds = {feed_row("f")};
  EXPECT_FALSE(kind_of(polled).remembered);
  EXPECT_TRUE(kind_of(polled).decides);
  Commit marks;
  marks.marks.push_back({.id = "d", .state = DeliveryState::delivered});
  EXPECT_TRUE(kind_of(marks).marks_alone);
  EXPECT_FALSE(kind_of(marks).decides);
  marks.silences.emplace_back();
  EXPECT_FALSE(kind_of(marks).marks_alone);
}

}  // namespace
}  // namespace wirewatch::daemon
