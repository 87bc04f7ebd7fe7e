#include "daemon/store/gathered_log.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "daemon/store/sqlite.h"
#include "tests/daemon/store/faulty_disk.h"
#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

class GatheredLogTest : public StoreTest {
 protected:
  ~GatheredLogTest() override { close(); }

  // The disk's answer to each write from now on; how many there were is counted.
  void answer_writes(std::function<int(int)> answer) {
    writes = 0;
    disk.before_write([this, answer = std::move(answer)] { return answer(++writes); });
  }

  std::unique_ptr<Connection> writer(const char* pragmas = "") {
    auto connection =
        std::make_unique<Connection>(folder.file("wirewatch.db"), Access::write_gathered);
    connection->run("PRAGMA synchronous=FULL; PRAGMA journal_mode=WAL");
    connection->run(pragmas);
    return connection;
  }

  std::string log() const { return content_of(folder.file("wirewatch.db-wal")); }

  // Of the pages in a log: zeros may stand behind them.
  static std::size_t pages_end(const std::string& log) {
    constexpr std::size_t head = 32;
    constexpr std::size_t page = 24 + 4096;
    const std::size_t used = log.find_last_not_of('\0') + 1;
    return used <= head ? used : head + (used - head + page - 1) / page * page;
  }

  FaultyDisk disk;
  int writes = 0;
};

TEST_F(GatheredLogTest, ACommitReachesTheDiskInOneWrite) {
  open();
  ASSERT_TRUE(commit(whole_commit("first")));
  answer_writes([](int) { return SQLITE_OK; });
  ASSERT_TRUE(commit(whole_commit("second")));
  EXPECT_EQ(writes, 1);
}

TEST_F(GatheredLogTest, ACommitOfMorePagesThanOneWriteTakesReachesItInAFew) {
  open();
  ASSERT_TRUE(commit(whole_commit("first")));
  answer_writes([](int) { return SQLITE_OK; });
  Commit large = whole_commit("second");
  large.deliveries.front().payload = std::string(500000, 'x');
  ASSERT_TRUE(commit(std::move(large)));
  EXPECT_GE(writes, 500000 / GatheredLog::most);
  EXPECT_LE(writes, 500000 / GatheredLog::most + 2);
  EXPECT_EQ(reader(folder.path())->pending("desk", 10).at(1).payload.size(), 500000U);
}

TEST_F(GatheredLogTest, WithoutItEachPageTakesTwo) {
  Connection plain(folder.file("wirewatch.db"), Access::read_write);
  plain.run("PRAGMA synchronous=FULL; PRAGMA journal_mode=WAL; CREATE TABLE t (n)");
  answer_writes([](int) { return SQLITE_OK; });
  plain.run("INSERT INTO t VALUES (1)");
  EXPECT_EQ(writes, 2);
}

TEST_F(GatheredLogTest, AWriteThatFailsFailsItsCommitAndLeavesTheNextOneWhole) {
  open();
  ASSERT_TRUE(commit(whole_commit("first")));
  answer_writes([](int) { return SQLITE_IOERR_WRITE; });
  const Result<void> failed = commit(whole_commit("second"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().text, "the disk of \"" + folder.path() + "\" fails: disk I/O error");
  answer_writes([](int) { return SQLITE_OK; });
  store->recovered();
  ASSERT_TRUE(commit(whole_commit("third")));
  EXPECT_EQ(writes, 1) << "nothing of the second is written any more";
  close();
  Connection after(folder.file("wirewatch.db"), Access::read_only);
  EXPECT_EQ(after.number("SELECT count(*) FROM items"), 2);
  expect_intact(after);
}

// More than the cache holds goes to the log before the commit, and is read back from there.
TEST_F(GatheredLogTest, WhatALongTransactionPutsAsideIsReadBackAndSeenByOthersOnceItIsCommitted) {
  const auto own = writer("PRAGMA cache_size=10; CREATE TABLE t (n INTEGER PRIMARY KEY, bytes)");
  Connection other(folder.file("wirewatch.db"), Access::read_only);
  const std::string fill =
      "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 3000) "
      "INSERT INTO t SELECT n, randomblob(500) FROM up";
  own->begin_writing();
  own->run(fill);
  own->run("UPDATE t SET bytes = zeroblob(500) WHERE n % 7 = 0");
  EXPECT_EQ(own->number("SELECT count(*) FROM t WHERE bytes = zeroblob(500)"), 428);
  EXPECT_EQ(other.number("SELECT count(*) FROM t"), 0);
  own->run("ROLLBACK");
  EXPECT_EQ(own->number("SELECT count(*) FROM t"), 0);
  own->begin_writing();
  own->run(fill);
  own->commit();
  for (Connection* reader : {own.get(), &other}) {
    EXPECT_EQ(reader->number("SELECT count(*) FROM t WHERE length(bytes) = 500"), 3000);
    expect_intact(*reader);
  }
}

// Another writer's commit takes the place in the log of what was rolled back.
TEST_F(GatheredLogTest, WhatWasRolledBackIsNotWrittenOverWhatOthersCommitted) {
  const auto own = writer("PRAGMA cache_size=10; CREATE TABLE t (n INTEGER PRIMARY KEY, bytes)");
  Connection other(folder.file("wirewatch.db"), Access::read_write);
  own->begin_writing();
  own->run(
      "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 100) "
      "INSERT INTO t SELECT n, randomblob(2000) FROM up");
  own->run("ROLLBACK");
  other.run("INSERT INTO t VALUES (1, randomblob(100000))");
  own->run("INSERT INTO t VALUES (2, 'own')");
  for (Connection* reader : {own.get(), &other}) {
    EXPECT_EQ(reader->number("SELECT count(*) FROM t"), 2);
    EXPECT_EQ(reader->number("SELECT length(bytes) FROM t WHERE n = 1"), 100000);
    expect_intact(*reader);
  }
}

// The power goes while the one write is under way: any part of it may be there, before zeros or at
// the end of the file.
TEST_F(GatheredLogTest, APartOfACommitIsNothingOfIt) {
  const auto own = writer("CREATE TABLE t (n INTEGER PRIMARY KEY, bytes)");
  own->run("INSERT INTO t VALUES (1, randomblob(9000))");
  const std::string database = folder.file("wirewatch.db");
  const auto before = pages_end(log());
  own->run("INSERT INTO t VALUES (2, randomblob(20000))");
  const std::string all = log().substr(0, pages_end(log()));
  ASSERT_GT(all.size(), before + 20000);
  for (std::size_t cut = before;; cut = std::min(cut + 700, all.size())) {
    for (const std::size_t zeros : {0U, 50000U}) {
      const TemporaryFolder place;
      std::filesystem::copy_file(database, place.file("x.db"));
      std::ofstream(place.file("x.db-wal"), std::ios::binary)
          << all.substr(0, cut) << std::string(zeros, '\0');
      Connection after(place.file("x.db"), Access::write_gathered);
      const bool whole = cut == all.size();
      EXPECT_EQ(after.number("SELECT count(*) FROM t"), whole ? 2 : 1) << cut;
      EXPECT_EQ(after.number("SELECT sum(length(bytes)) FROM t"), whole ? 29000 : 9000) << cut;
    }
    if (cut == all.size()) break;
  }
}

TEST_F(GatheredLogTest, CommitsWriteOverZerosThatWereWrittenAhead) {
  open();
  ASSERT_TRUE(commit(whole_commit("first")));
  const std::size_t size = log().size();
  EXPECT_EQ(size % GatheredLog::ahead, 0U);
  for (int i = 0; pages_end(log()) + 200000 < size; ++i) {
    ASSERT_TRUE(commit(whole_commit("item " + std::to_string(i))));
  }
  EXPECT_EQ(log().size(), size);
  Commit large = whole_commit("large");
  large.deliveries.front().payload = std::string(300000, 'x');
  ASSERT_TRUE(commit(std::move(large)));
  EXPECT_EQ(log().size(), size + GatheredLog::ahead);
}

TEST_F(GatheredLogTest, ALogThatWasCutOffGrowsAsOneThatIsNew) {
  const auto own = writer("CREATE TABLE t (n INTEGER PRIMARY KEY, bytes)");
  own->run("INSERT INTO t VALUES (1, randomblob(9000)); PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_EQ(log().size(), 0U);
  own->run("INSERT INTO t VALUES (2, randomblob(9000))");
  EXPECT_EQ(log().size(), GatheredLog::ahead);
}

// As on a disk that has room for the pages and for nothing more.
TEST_F(GatheredLogTest, WhereZerosFindNoRoomCommitsStillDo) {
  const auto own = writer("CREATE TABLE t (n INTEGER PRIMARY KEY, bytes)");
  own->run("PRAGMA wal_checkpoint(TRUNCATE)");
  answer_writes([](int number) { return number % 2 == 1 ? SQLITE_FULL : SQLITE_OK; });
  for (int i = 1; i <= 3; ++i) own->run("INSERT INTO t VALUES (NULL, randomblob(9000))");
  EXPECT_EQ(writes, 2 * (1 + 3))
      << "the log's head and three commits, each after zeros that failed";
  EXPECT_EQ(log().size(), pages_end(log()));
  Connection after(folder.file("wirewatch.db"), Access::read_only);
  EXPECT_EQ(after.number("SELECT count(*) FROM t WHERE length(bytes) = 9000"), 3);
}

TEST_F(GatheredLogTest, ADatabaseThatIsClosedLeavesNoLog) {
  writer("CREATE TABLE t (n); INSERT INTO t VALUES (1)").reset();
  EXPECT_FALSE(std::filesystem::exists(folder.file("wirewatch.db-wal")));
  Connection after(folder.file("wirewatch.db"), Access::read_only);
  EXPECT_EQ(after.number("SELECT count(*) FROM t"), 1);
}

}  // namespace
}  // namespace wirewatch::daemon
