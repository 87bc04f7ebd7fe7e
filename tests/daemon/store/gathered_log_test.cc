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

// The power goes while the one write is under way: any part of it may be there.
TEST_F(GatheredLogTest, APartOfACommitIsNothingOfIt) {
  const auto own = writer("CREATE TABLE t (n INTEGER PRIMARY KEY, bytes)");
  own->run("INSERT INTO t VALUES (1, randomblob(9000))");
  const std::string database = folder.file("wirewatch.db");
  const auto before = std::filesystem::file_size(database + "-wal");
  own->run("INSERT INTO t VALUES (2, randomblob(20000))");
  const auto all = std::filesystem::file_size(database + "-wal");
  ASSERT_GT(all, before + 20000);
  for (auto cut = before; cut <= all; cut += cut + 700 < all || cut == all ? 700 : all - cut) {
    const TemporaryFolder place;
    std::filesystem::copy_file(database, place.file("x.db"));
    std::filesystem::copy_file(database + "-wal", place.file("x.db-wal"));
    std::filesystem::resize_file(place.file("x.db-wal"), cut);
    Connection after(place.file("x.db"), Access::write_gathered);
    EXPECT_EQ(after.number("SELECT count(*) FROM t"), cut == all ? 2 : 1) << cut;
    EXPECT_EQ(after.number("SELECT sum(length(bytes)) FROM t"), cut == all ? 29000 : 9000) << cut;
  }
}

TEST_F(GatheredLogTest, ADatabaseThatIsClosedLeavesNoLog) {
  writer("CREATE TABLE t (n); INSERT INTO t VALUES (1)").reset();
  EXPECT_FALSE(std::filesystem::exists(folder.file("wirewatch.db-wal")));
  Connection after(folder.file("wirewatch.db"), Access::read_only);
  EXPECT_EQ(after.number("SELECT count(*) FROM t"), 1);
}

}  // namespace
}  // namespace wirewatch::daemon
