#include "daemon/store/store.h"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cmath>
#include <fstream>
#include <future>
#include <limits>

#include "tests/daemon/store/faulty_disk.h"
#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::StartsWith;

std::vector<std::string> pending_ids(Reader& reader, const std::string& receiver) {
  std::vector<std::string> ids;
  for (const DeliveryRow& row : reader.pending(receiver, 100000)) ids.push_back(row.id);
  return ids;
}

// The store's files as they are now, as a killed process leaves them.
void copy_database(const std::string& from, const std::string& to) {
  for (const char* name : {"wirewatch.db", "wirewatch.db-wal"}) {
    if (fs::exists(from + "/" + name)) fs::copy_file(from + "/" + name, to + "/" + name);
  }
}

// Lets a test stop the writer inside its sync, and let it go.
class Gate {
 public:
  explicit Gate(FaultyDisk& disk) : disk_(disk) {
    disk.before_sync([this] {
      if (!closed_.exchange(false)) return SQLITE_OK;
      reached_.set_value();
      opened_.get_future().wait();
      return answer_.load();
    });
  }
  ~Gate() { disk_.before_sync({}); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  void wait_until_reached() { reached_.get_future().wait(); }
  void open(int answer = SQLITE_OK) {
    answer_ = answer;
    opened_.set_value();
  }

 private:
  FaultyDisk& disk_;
  std::atomic<bool> closed_ = true;
  std::atomic<int> answer_ = SQLITE_OK;
  std::promise<void> reached_;
  std::promise<void> opened_;
};

class FaultyStoreTest : public StoreTest {
 protected:
  ~FaultyStoreTest() override { close(); }
  FaultyDisk disk;
};

TEST_F(StoreTest, WhatWasCommittedIsThereAfterReopening) {
  open();
  ASSERT_TRUE(commit(whole_commit("a")));
  close();
  open();
  const auto read = reader(folder.path());
  EXPECT_THAT(pending_ids(*read, "desk"), ElementsAre("a"));
  EXPECT_TRUE(read->item("a"));
}

TEST_F(StoreTest, AReaderSeesACommitAsSoonAsItIsFinished) {
  open();
  const auto read = reader(folder.path());
  EXPECT_EQ(read->counts().items, 0U);
  ASSERT_TRUE(commit(whole_commit("a")));
  EXPECT_EQ(read->counts().items, 1U);
}

asio::awaitable<void> count_into(Store& store, std::uint64_t& out) {
  const std::function<std::uint64_t(Reader&)> ask = [](Reader& read) {
    return read.counts().items;
  };
  const std::uint64_t items = co_await store.read(ask);
  out = items;
}

TEST_F(StoreTest, TheDaemonReadsThroughTheStore) {
  open();
  ASSERT_TRUE(commit(whole_commit("a")));
  std::uint64_t items = 0;
  asio::co_spawn(loop, count_into(*store, items), asio::detached);
  run();
  EXPECT_EQ(items, 1U);
}

asio::awaitable<void> failing_read(Store& store, std::string& out) {
  const std::function<int(Reader&)> ask = [](Reader&) -> int {
    throw StoreFailure({ErrorKind::temporary, "the disk is gone"});
  };
  try {
    const int answer = co_await store.read(ask);
    out = std::to_string(answer);
  } catch (const StoreFailure& failure) {
    out = failure.error().text;
  }
}

TEST_F(StoreTest, AReadThatFailsThrowsInTheCaller) {
  open();
  std::string text;
  asio::co_spawn(loop, failing_read(*store, text), asio::detached);
  run();
  EXPECT_EQ(text, "the disk is gone");
}

TEST_F(StoreTest, NothingIsInFlightAfterACommit) {
  open();
  ASSERT_TRUE(commit(whole_commit("a")));
  EXPECT_EQ(activity.count(), 0U);
}

TEST_F(StoreTest, ASecondDaemonIsKeptOutAndToldWho) {
  open();
  EXPECT_EQ(open_error(folder.path()), "the state folder \"" + folder.path() +
                                           "\" is in use by process " + std::to_string(::getpid()) +
                                           ": stop it, or name another folder with --state");
  close();
  open();
}

TEST_F(StoreTest, TheFolderIsMadeForItsOwnerAlone) {
  StoreOptions chosen = options();
  chosen.folder = folder.file("new/state");
  open(chosen);
  EXPECT_EQ(fs::status(chosen.folder).permissions(), fs::perms::owner_all);
}

TEST_F(StoreTest, AFolderThatCannotBeMadeIsNamed) {
  std::ofstream(folder.file("file")) << "in the way";
  EXPECT_EQ(open_error(folder.file("file/state")),
            "the state folder \"" + folder.file("file/state") +
                "\" cannot be used: Not a directory; name another with --state, or make it yours");
}

TEST_F(StoreTest, AFileThatIsNoDatabaseIsRefusedWithTheWayToRestore) {
  const std::string path = folder.file("wirewatch.db");
  std::ofstream(path) << std::string(8192, 'x');
  EXPECT_EQ(open_error(folder.path()),
            "the database \"" + path +
                "\" is damaged: file is not a database; stop wirewatch, "
                "move \"" +
                path + "\", \"" + path + "-wal\" and \"" + path +
                "-shm\" away and put a backup in the first one's place (without any, wirewatch "
                "starts anew from a baseline)");
}

TEST_F(StoreTest, ADamagedDatabaseIsRefused) {
  open();
  ASSERT_TRUE(commit(whole_commit("a")));
  close();
  {
    std::fstream file(folder.file("wirewatch.db"), std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<std::streamoff>(fs::file_size(folder.file("wirewatch.db")));
    file.seekp(4096);
    file << std::string(static_cast<std::size_t>(size - 4096), '\x5a');
  }
  EXPECT_THAT(open_error(folder.path()),
              StartsWith("the database \"" + folder.file("wirewatch.db") + "\" is damaged"));
}

TEST_F(StoreTest, AKilledDaemonLosesNothingThatWasAcknowledged) {
  open();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(commit(whole_commit("item " + std::to_string(i))));
  const TemporaryFolder copy;
  copy_database(folder.path(), copy.path());
  close();
  StoreOptions chosen = options();
  chosen.folder = copy.path();
  open(chosen);
  const StoreCounts counts = reader(copy.path())->counts();
  EXPECT_EQ(counts.items, 20U);
  EXPECT_EQ(counts.documents, 20U);
  EXPECT_EQ(counts.pending, 20U);
}

TEST_F(StoreTest, ClosingLeavesOneFileWithoutALog) {
  open();
  ASSERT_TRUE(commit(whole_commit("a")));
  EXPECT_TRUE(fs::exists(folder.file("wirewatch.db-wal")));
  close();
  EXPECT_FALSE(fs::exists(folder.file("wirewatch.db-wal")));
}

TEST_F(FaultyStoreTest, CommitsThatWaitTogetherShareOneTransactionInTheirOrder) {
  open();
  Gate gate(disk);
  std::vector<Result<void>> results(101, Error{ErrorKind::internal, "never finished"});
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < results.size(); ++i) {
    ids.push_back("item " + std::to_string(i));
    start(whole_commit(ids.back()), results[i]);
    if (i > 0) continue;
    loop.poll();
    gate.wait_until_reached();  // the first one's transaction is being synced
  }
  loop.restart();
  loop.poll();
  EXPECT_EQ(store->stats().queue_depth, 100U);
  gate.open();
  run();
  for (const Result<void>& result : results) EXPECT_TRUE(result);
  EXPECT_EQ(store->stats().commits, 101U);
  EXPECT_EQ(store->stats().transactions, 2U);
  EXPECT_THAT(pending_ids(*reader(folder.path()), "desk"), testing::ElementsAreArray(ids));
}

TEST_F(FaultyStoreTest, AGroupIsNotLargerThanItsBound) {
  StoreOptions chosen = options();
  chosen.group = 4;
  open(chosen);
  Gate gate(disk);
  std::vector<Result<void>> results(10, Error{ErrorKind::internal, "never finished"});
  start(whole_commit("first"), results[0]);
  loop.poll();
  gate.wait_until_reached();
  for (std::size_t i = 1; i < results.size(); ++i) {
    start(whole_commit(std::to_string(i)), results[i]);
  }
  loop.restart();
  loop.poll();
  gate.open();
  run();
  EXPECT_EQ(store->stats().transactions, 1U + 3U);  // 1, then 4 + 4 + 1
}

TEST_F(FaultyStoreTest, BeyondTheQueueCommitsWaitAndKeepTheirOrder) {
  StoreOptions chosen = options();
  chosen.queue = 3;
  open(chosen);
  Gate gate(disk);
  std::vector<Result<void>> results(50, Error{ErrorKind::internal, "never finished"});
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < results.size(); ++i) {
    ids.push_back("item " + std::to_string(i));
    start(whole_commit(ids.back()), results[i]);
  }
  loop.poll();
  gate.wait_until_reached();
  EXPECT_LE(store->stats().queue_depth, 3U);
  gate.open();
  run();
  for (const Result<void>& result : results) EXPECT_TRUE(result);
  EXPECT_THAT(pending_ids(*reader(folder.path()), "desk"), testing::ElementsAreArray(ids));
}

TEST_F(FaultyStoreTest, ACallerCancelledWhileItWaitsGivesItsPlaceToTheNext) {
  StoreOptions chosen = options();
  chosen.queue = 1;
  open(chosen);
  Gate gate(disk);
  Result<void> first = Error{ErrorKind::internal, "never finished"};
  Result<void> cancelled = first;
  Result<void> third = first;
  bool thrown = false;
  asio::cancellation_signal signal;
  start(whole_commit("first"), first);
  asio::co_spawn(loop, commit_into(*store, whole_commit("cancelled"), cancelled),
                 asio::bind_cancellation_slot(signal.slot(), [&thrown](std::exception_ptr error) {
                   thrown = error != nullptr;
                 }));
  start(whole_commit("third"), third);
  loop.poll();
  gate.wait_until_reached();
  signal.emit(asio::cancellation_type::terminal);
  gate.open();
  run();
  EXPECT_TRUE(first);
  EXPECT_TRUE(thrown);
  EXPECT_TRUE(third);
  EXPECT_THAT(pending_ids(*reader(folder.path()), "desk"), ElementsAre("first", "third"));
}

TEST_F(FaultyStoreTest, AFailedTransactionFailsWhatWasDecidedAfterItUntilRecovered) {
  open();
  Gate gate(disk);
  std::vector<Result<void>> results(4);
  start(whole_commit("first"), results[0]);
  loop.poll();
  gate.wait_until_reached();
  start(whole_commit("second"), results[1]);
  start(whole_commit("third"), results[2]);
  loop.restart();
  loop.poll();
  gate.open(SQLITE_IOERR_FSYNC);
  run();
  const std::string why = "the disk of \"" + folder.path() + "\" fails: disk I/O error";
  const std::string behind = "not stored, because a commit before it failed: " + why;
  EXPECT_EQ(results[0].error().text, why);
  EXPECT_EQ(results[0].error().kind, ErrorKind::temporary);
  EXPECT_EQ(results[1].error().text, behind);
  EXPECT_EQ(results[2].error().text, behind);
  EXPECT_EQ(commit(whole_commit("fourth")).error().text, behind);
  EXPECT_TRUE(store->stats().failed);
  EXPECT_EQ(store->stats().failures, 1U);

  store->recovered();
  EXPECT_TRUE(commit(whole_commit("fifth")));
  EXPECT_THAT(pending_ids(*reader(folder.path()), "desk"), ElementsAre("fifth"));
}

asio::awaitable<void> commit_then_recover(Store& store, Commit commit, bool& failed) {
  const Result<void> result = co_await store.commit(std::move(commit));
  failed = !result;
  store.recovered();
}

TEST_F(FaultyStoreTest, WhatWasDecidedBeforeAFailureIsRefusedEvenAfterTheRecovery) {
  StoreOptions chosen = options();
  chosen.queue = 1;
  open(chosen);
  Gate gate(disk);
  bool failed = false;
  Result<void> waiting;
  asio::co_spawn(loop, commit_then_recover(*store, whole_commit("a"), failed), asio::detached);
  start(whole_commit("waits for a place in the queue"), waiting);
  loop.poll();
  gate.wait_until_reached();
  gate.open(SQLITE_IOERR_FSYNC);
  run();
  EXPECT_TRUE(failed);
  EXPECT_FALSE(waiting);
  EXPECT_EQ(reader(folder.path())->counts().items, 0U);
  EXPECT_TRUE(commit(whole_commit("decided anew")));
}

TEST_F(FaultyStoreTest, AFailedTransactionLeavesNothingOfItself) {
  open();
  ASSERT_TRUE(commit(whole_commit("before")));
  disk.before_sync([] { return SQLITE_IOERR_FSYNC; });
  EXPECT_FALSE(commit(whole_commit("lost")));
  disk.before_sync({});
  EXPECT_EQ(reader(folder.path())->counts().items, 1U);
  close();
  open();
  EXPECT_EQ(reader(folder.path())->counts().items, 1U);
}

TEST_F(FaultyStoreTest, AMarkThatCannotBeWrittenFailsForItselfAlone) {
  open();
  ASSERT_TRUE(commit(whole_commit("a")));
  Commit marks;
  DeliveryMark mark;
  mark.id = "a";
  mark.state = DeliveryState::delivered;
  marks.marks.push_back(mark);
  disk.before_write([] { return SQLITE_IOERR_WRITE; });
  EXPECT_FALSE(commit(marks));
  EXPECT_FALSE(store->stats().failed);
  disk.before_write({});
  EXPECT_TRUE(commit(marks));  // nobody had to recover anything
  EXPECT_TRUE(commit(whole_commit("b")));
  EXPECT_THAT(pending_ids(*reader(folder.path()), "desk"), ElementsAre("b"));
}

// Marks `id` as delivered; the result is there after run().
void mark_delivered(Store& store, const std::string& id, Result<void>& result) {
  result = Error{ErrorKind::internal, "never finished"};
  DeliveryMark mark;
  mark.id = id;
  mark.state = DeliveryState::delivered;
  store.mark(std::move(mark), [&result](const Result<void>& told) { result = told; });
}

TEST_F(FaultyStoreTest, MarksThatComeTogetherAreOneTransactionAndEachIsTold) {
  open();
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(commit(whole_commit(id)));
  Gate gate(disk);
  Result<void> before;
  start(whole_commit("d"), before);
  loop.restart();
  loop.poll();
  gate.wait_until_reached();
  std::vector<Result<void>> told(3);
  mark_delivered(*store, "a", told[0]);
  mark_delivered(*store, "b", told[1]);
  mark_delivered(*store, "c", told[2]);
  EXPECT_EQ(store->stats().queue_depth, 3U);
  gate.open();
  run();
  for (const Result<void>& result : told) EXPECT_TRUE(result);
  EXPECT_EQ(store->stats().transactions, 5U);
  EXPECT_EQ(store->stats().commits, 7U);
  EXPECT_THAT(pending_ids(*reader(folder.path()), "desk"), ElementsAre("d"));
}

TEST_F(FaultyStoreTest, MarksOfWhichTheDiskTakesNoneAreAllToldSoAndNobodyHasToRecover) {
  open();
  for (const char* id : {"a", "b"}) ASSERT_TRUE(commit(whole_commit(id)));
  disk.before_write([] { return SQLITE_IOERR_WRITE; });
  std::vector<Result<void>> told(2);
  mark_delivered(*store, "a", told[0]);
  mark_delivered(*store, "b", told[1]);
  run();
  for (const Result<void>& result : told) EXPECT_FALSE(result);
  disk.before_write({});
  mark_delivered(*store, "b", told[1]);
  run();
  EXPECT_TRUE(told[1]);
  EXPECT_THAT(pending_ids(*reader(folder.path()), "desk"), ElementsAre("a"));
}

TEST_F(FaultyStoreTest, AMarkBehindAFailedDecisionIsRefusedUntilItHasRecovered) {
  open();
  ASSERT_TRUE(commit(whole_commit("a")));
  Gate gate(disk);
  Result<void> decision;
  start(whole_commit("b"), decision);
  loop.restart();
  loop.poll();
  gate.wait_until_reached();
  Result<void> told;
  mark_delivered(*store, "a", told);
  gate.open(SQLITE_IOERR_FSYNC);
  run();
  EXPECT_FALSE(decision);
  EXPECT_THAT(told.error().text, testing::StartsWith("not stored, because a commit before it"));
  mark_delivered(*store, "a", told);
  run();
  EXPECT_THAT(told.error().text, testing::StartsWith("not stored, because a commit before it"));
  store->recovered();
  mark_delivered(*store, "a", told);
  run();
  EXPECT_TRUE(told);
  EXPECT_TRUE(pending_ids(*reader(folder.path()), "desk").empty());
}

TEST_F(FaultyStoreTest, AFullDiskGetsTheBallastOnceAndTakesItBackLater) {
  open();
  const std::string ballast = folder.file("ballast");
  ASSERT_TRUE(fs::exists(ballast));
  disk.before_write([ballast] { return fs::exists(ballast) ? SQLITE_FULL : SQLITE_OK; });
  EXPECT_TRUE(commit(whole_commit("a")));
  EXPECT_EQ(store->stats().ballast_used, 1U);
  EXPECT_TRUE(fs::exists(ballast));  // there was room again
}

TEST_F(FaultyStoreTest, AFullDiskIsSaidToBeFullAndSendingGoesOnByItself) {
  open();
  disk.before_write([] { return SQLITE_FULL; });
  const Result<void> full = commit(whole_commit("a"));
  EXPECT_EQ(full.error().kind, ErrorKind::temporary);
  EXPECT_EQ(full.error().text, "the disk of \"" + folder.path() +
                                   "\" is full: database or disk is full; it goes on by itself "
                                   "once there is space");
  disk.before_write({});
  store->recovered();
  EXPECT_TRUE(commit(whole_commit("a")));
}

TEST_F(FaultyStoreTest, ADiskThatCannotHoldTheLogIsRefused) {
  disk.without_shared_memory();
  EXPECT_EQ(open_error(folder.path()),
            "the database \"" + folder.file("wirewatch.db") +
                "\" is on a disk that cannot hold a write-ahead log, perhaps a network share: name "
                "a state folder on a local disk");
}

asio::awaitable<void> ask_aside(Store& store, std::shared_future<void> answered, bool& in_time) {
  std::function<bool(Reader&)> query = [answered](Reader&) {
    return answered.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  };
  const bool ready = co_await store.read_aside(std::move(query));
  in_time = ready;
}

asio::awaitable<void> ask_and_tell(Store& store, std::promise<void>& answered) {
  std::function<std::uint64_t(Reader&)> query = [](Reader& reader) {
    return reader.document_bytes();
  };
  const std::uint64_t bytes = co_await store.read(std::move(query));
  static_cast<void>(bytes);
  answered.set_value();
}

TEST_F(StoreTest, ALongQuestionOfAPageHoldsUpNoPollAndNoMessage) {
  open();
  std::promise<void> answered;
  bool in_time = false;
  asio::co_spawn(loop, ask_aside(*store, answered.get_future().share(), in_time), asio::detached);
  asio::co_spawn(loop, ask_and_tell(*store, answered), asio::detached);
  run();
  EXPECT_TRUE(in_time);
}

TEST_F(StoreTest, LowWaterIsSeen) {
  StoreOptions chosen = options();
  chosen.low_water = std::numeric_limits<std::uint64_t>::max();
  open(chosen);
  EXPECT_TRUE(store->low_on_space());
  EXPECT_GT(store->free_bytes(), 0U);
  EXPECT_FALSE(fs::exists(folder.file("ballast")));
}

TEST_F(StoreTest, ARowThatBreaksTheSchemaFailsItsTransaction) {
  open();
  Commit broken = whole_commit("a");
  broken.documents.front().placement.similarity = std::nan("");  // SQLite keeps NaN as NULL
  const Result<void> result = commit(std::move(broken));
  EXPECT_EQ(result.error().kind, ErrorKind::internal);
  EXPECT_EQ(result.error().text, "the database \"" + folder.file("wirewatch.db") +
                                     "\": NOT NULL constraint failed: documents.similarity");
  EXPECT_EQ(reader(folder.path())->counts().feeds, 0U);
}

}  // namespace
}  // namespace wirewatch::daemon
