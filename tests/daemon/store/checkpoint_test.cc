#include "daemon/store/checkpoint.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

using CheckpointTest = StoreTest;

std::string noise(std::mt19937& dice, std::size_t length) {
  std::string text(length, '\0');
  for (char& c : text) c = static_cast<char>('!' + dice() % 90);
  return text;
}

std::uintmax_t size_of(const std::string& path) {
  return std::filesystem::exists(path) ? std::filesystem::file_size(path) : 0;
}

TEST_F(CheckpointTest, TheLogIsCopiedBetweenCommitsOnceItIsLong) {
  constexpr std::uintmax_t page = 4096;
  open();
  std::mt19937 dice(1);
  const std::string log = folder.file("wirewatch.db-wal");
  const std::string database = folder.file("wirewatch.db");
  const auto before = size_of(database);
  std::uintmax_t longest = 0;
  for (int i = 0; i < 300; ++i) {
    Commit commit = whole_commit("item" + std::to_string(i));
    commit.deliveries[0].payload = noise(dice, 100000);
    ASSERT_TRUE(StoreTest::commit(std::move(commit)));
    longest = std::max(longest, size_of(log));
    if (i == 50) {
      EXPECT_EQ(size_of(database), before) << "not before it is long";
    }
  }
  EXPECT_GT(size_of(database), Checkpoint::long_log * page / 2);
  EXPECT_LT(longest, (Checkpoint::long_log + 2000) * page);
  close();
  open();
  EXPECT_EQ(reader(folder.path())->pending("desk", 1000).size(), 300U);
}

// A backup, or a long look at the archive: nothing behind what it reads can be copied.
TEST_F(CheckpointTest, ALogThatAReaderHasKeptIsCopiedOnceItIsGone) {
  constexpr std::uintmax_t page = 4096;
  open();
  std::mt19937 dice(1);
  const std::string database = folder.file("wirewatch.db");
  int made = 0;
  const auto commit_some = [&](int count) {
    for (const int end = made + count; made < end; ++made) {
      Commit commit = whole_commit("item" + std::to_string(made));
      commit.deliveries[0].payload = noise(dice, 100000);
      ASSERT_TRUE(StoreTest::commit(std::move(commit)));
    }
  };
  commit_some(1);
  const auto before = size_of(database);
  {
    Connection outside(database, Access::read_only);
    outside.run("BEGIN");
    outside.number("SELECT count(*) FROM items");
    commit_some(300);
    EXPECT_LT(size_of(database), before + Checkpoint::long_log * page);
  }
  commit_some(300);
  EXPECT_GT(size_of(database), before + Checkpoint::long_log * page);
}

// As a killed run leaves it: copied away while it runs.
TEST_F(CheckpointTest, ALongLogThatWasLeftIsShortBeforeTheFirstCommit) {
  const TemporaryFolder killed;
  open();
  {
    Connection writer(folder.file("wirewatch.db"), Access::read_write);
    writer.run(
        "PRAGMA wal_autocheckpoint=0; CREATE TABLE noise (bytes BLOB);"
        "INSERT INTO noise VALUES (randomblob(8000000))");
    for (const char* name : {"wirewatch.db", "wirewatch.db-wal"}) {
      std::filesystem::copy_file(folder.file(name), killed.file(name));
    }
  }
  close();
  EXPECT_GT(size_of(killed.file("wirewatch.db-wal")), 8000000U);
  StoreOptions options = StoreTest::options();
  options.folder = killed.path();
  open(options);
  EXPECT_LT(size_of(killed.file("wirewatch.db-wal")), 100000U);
  close();
  Connection after(killed.file("wirewatch.db"), Access::read_only);
  EXPECT_EQ(after.number("SELECT length(bytes) FROM noise"), 8000000);
}

}  // namespace
}  // namespace wirewatch::daemon
