// File watching, with the clock in the test's hand.
#include "daemon/config/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "daemon/config/watch_paths.h"
#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::milliseconds;

class Watch : public testing::Test {
 protected:
  Watch()
      : clock_(loop_.get_executor(), Instant(Span(0))),
        watch_(loop_.get_executor(), clock_, [this] { ++changes_; }) {
    files_.write("config.yaml", "log: info\n");
    files_.write("other.txt", "x");
  }
  void watch(const std::vector<std::string>& names, const std::vector<std::string>& folders = {}) {
    std::vector<std::string> paths;
    std::vector<std::string> folder_paths;
    for (const std::string& name : names) paths.push_back(files_.path(name));
    for (const std::string& name : folders) folder_paths.push_back(files_.path(name));
    ASSERT_TRUE(watch_.set_files(paths, folder_paths));
  }
  // Reads what the kernel has queued, lets `quiet` pass, and answers how often it was told.
  int told_after(Span quiet = milliseconds(100)) {
    poll();
    clock_.advance_to(clock_.now() + quiet);
    poll();
    return changes_;
  }
  void poll() {
    loop_.restart();
    loop_.poll();
  }
  void rename(const std::string& from, const std::string& to) {
    std::filesystem::rename(files_.path(from), files_.path(to));
  }

  asio::io_context loop_;
  ManualClock clock_;
  ConfigFiles files_;
  int changes_ = 0;
  FileWatch watch_;
};

TEST_F(Watch, AWriteIsToldOnceItIsQuiet) {
  watch({"config.yaml"});
  EXPECT_EQ(told_after(), 0);
  files_.write("config.yaml", "log: warn\n");
  EXPECT_EQ(told_after(milliseconds(99)), 0);
  EXPECT_EQ(told_after(milliseconds(1)), 1);
  EXPECT_EQ(told_after(std::chrono::hours(1)), 1);
}

TEST_F(Watch, AnEditorsRenameAndReplaceIsTold) {
  watch({"config.yaml"});
  files_.write(".config.yaml.swp", "log: warn\n");
  EXPECT_EQ(told_after(), 0);
  rename(".config.yaml.swp", "config.yaml");
  EXPECT_EQ(told_after(), 1);
  files_.write("config.yaml", "log: error\n");
  EXPECT_EQ(told_after(), 2);
}

TEST_F(Watch, ManyWritesAreToldOnce) {
  watch({"config.yaml", "rules/a.yaml"});
  for (int i = 0; i < 50; ++i) {
    files_.write("config.yaml", std::to_string(i));
    told_after(milliseconds(10));
  }
  EXPECT_EQ(changes_, 0);
  EXPECT_EQ(told_after(), 1);
}

TEST_F(Watch, WritesWithoutEndAreToldAfterTwoSeconds) {
  watch({"config.yaml"});
  for (int i = 0; i < 41; ++i) {
    files_.write("config.yaml", std::to_string(i));
    told_after(milliseconds(50));
  }
  EXPECT_EQ(changes_, 1);
}

TEST_F(Watch, OtherFilesOfTheFolderAreNotTold) {
  watch({"config.yaml"});
  files_.write("other.txt", "y");
  files_.write("new.yaml", "y");
  EXPECT_EQ(told_after(), 0);
}

TEST_F(Watch, NewAndRemovedFilesOfAnIncludedFolderAreTold) {
  files_.write("rules.d/a.yaml", "");
  watch({"config.yaml", "rules.d/a.yaml"}, {"rules.d"});
  files_.write("rules.d/b.yaml", "");
  EXPECT_EQ(told_after(), 1);
  std::filesystem::remove(files_.path("rules.d/b.yaml"));
  EXPECT_EQ(told_after(), 2);
  files_.write("rules.d/b.txt", "");
  EXPECT_EQ(told_after(), 2);
}

TEST_F(Watch, TheTargetOfALinkAndTheLinkItselfAreWatched) {
  files_.write("v1/rules.yaml", "1");
  files_.write("v2/rules.yaml", "2");
  std::filesystem::create_directory_symlink("v1", files_.path("now"));
  watch({"now/rules.yaml"});
  files_.write("v1/rules.yaml", "1b");
  EXPECT_EQ(told_after(), 1);
  std::filesystem::create_directory_symlink("v2", files_.path("next"));
  EXPECT_EQ(told_after(), 1);
  rename("next", "now");
  EXPECT_EQ(told_after(), 2);
  watch({"now/rules.yaml"});
  files_.write("v2/rules.yaml", "2b");
  EXPECT_EQ(told_after(), 3);
}

TEST_F(Watch, AFolderThatComesBackIsSeen) {
  files_.write("rules/a.yaml", "");
  watch({"rules/a.yaml"});
  std::filesystem::remove_all(files_.path("rules"));
  EXPECT_EQ(told_after(), 1);
  watch({"rules/a.yaml"});
  files_.write("rules/a.yaml", "");
  EXPECT_EQ(told_after(), 2);
}

TEST_F(Watch, FilesThatAreNoLongerWatchedAreNotTold) {
  files_.write("a/a.yaml", "");
  watch({"a/a.yaml"});
  watch({"config.yaml"});
  files_.write("a/a.yaml", "x");
  EXPECT_EQ(told_after(), 0);
}

TEST_F(Watch, LinksInACircleEnd) {
  std::filesystem::create_symlink("b.yaml", files_.path("a.yaml"));
  std::filesystem::create_symlink("a.yaml", files_.path("b.yaml"));
  const auto folders = watched_folders({files_.path("a.yaml")}, {});
  ASSERT_EQ(folders.count(files_.folder()), 1U);
  EXPECT_THAT(folders.at(files_.folder()).names, testing::ElementsAre("a.yaml", "b.yaml"));
}

}  // namespace
}  // namespace wirewatch::daemon
