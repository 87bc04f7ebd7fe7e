// The power goes at every acknowledged commit; what the disk then holds is what was synced.
#include <gmock/gmock.h>

#include <fstream>

#include "daemon/store/sqlite.h"
#include "tests/daemon/store/faulty_disk.h"
#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

class PowerCut : public StoreTest {
 protected:
  ~PowerCut() override { close(); }

  // Puts what is durable now into a new folder, as a machine finds it when it starts again.
  void restart_in(const TemporaryFolder& place) {
    for (const auto& [path, content] : disk.durable()) {
      if (!path.starts_with(folder.path() + "/")) continue;
      std::ofstream(place.path() + path.substr(folder.path().size()), std::ios::binary) << content;
    }
  }

  FaultyDisk disk;
};

TEST_F(PowerCut, NothingAcknowledgedIsLostAndNothingIsHalfThere) {
  open();
  // 90 commits of some sixty pages each go past the point where the log is copied into the
  // database, with a few more behind it.
  constexpr int commits = 90;
  const std::string noise(240000, 'n');
  for (int i = 1; i <= commits; ++i) {
    Commit one = whole_commit("item " + std::to_string(i));
    one.deliveries.front().payload = noise + std::to_string(i);
    ASSERT_TRUE(commit(std::move(one)));
    if (i % 22 != 0 && i != commits) continue;
    const TemporaryFolder place;
    restart_in(place);
    Connection after(place.file("wirewatch.db"), Access::read_write);
    EXPECT_EQ(after.number("SELECT count(*) FROM items"), i);
    EXPECT_EQ(after.number("SELECT count(*) FROM seen_keys"), i);
    EXPECT_EQ(after.number("SELECT count(*) FROM documents"), i);
    EXPECT_EQ(after.number("SELECT count(*) FROM deliveries"), i);
    expect_intact(after);
  }
  // The copy did happen: until then the database itself holds nothing of this.
  EXPECT_GT(std::filesystem::file_size(folder.file("wirewatch.db")), 500000U);
}

TEST_F(PowerCut, InTheMiddleOfASyncLeavesTheCommitsBeforeIt) {
  open();
  for (int i = 1; i <= 30; ++i) {
    const TemporaryFolder place;
    disk.before_sync([this, &place] {
      restart_in(place);
      return 0;
    });
    ASSERT_TRUE(commit(whole_commit("item " + std::to_string(i))));
    disk.before_sync({});
    Connection after(place.file("wirewatch.db"), Access::read_write);
    EXPECT_EQ(after.number("SELECT count(*) FROM items"), i - 1);
    EXPECT_EQ(after.number("SELECT count(*) FROM deliveries"), i - 1);
  }
}

TEST_F(PowerCut, EachTransactionSyncsOnce) {
  open();
  ASSERT_TRUE(commit(whole_commit("first")));
  const int before = disk.syncs();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(commit(whole_commit(std::to_string(i))));
  EXPECT_EQ(disk.syncs() - before, 10);
}

// The simulation is worth something only if it loses what was not synced.
TEST_F(PowerCut, LosesWhatASloppierSettingDidNotSync) {
  const std::string path = folder.file("sloppy.db");
  Connection sloppy(path, Access::read_write);
  sloppy.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (n)");
  sloppy.run("PRAGMA synchronous=NORMAL; INSERT INTO t VALUES (1)");
  const TemporaryFolder place;
  restart_in(place);
  Connection after(place.file("sloppy.db"), Access::read_write);
  EXPECT_EQ(after.number("SELECT count(*) FROM t"), 0);
}

}  // namespace
}  // namespace wirewatch::daemon
