// A reload parses the included files that changed, and takes the trees of the others.
#include <gtest/gtest.h>

#include "daemon/config/load.h"
#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

constexpr const char* kMain = "include: [a.yaml, b.yaml]\nreceivers: {desk: {console: {}}}\n";

std::string query_of(const LoadOutcome& outcome, const std::string& rule) {
  for (const rules::RuleDef& def : outcome.snapshot->rules.rules()) {
    if (def.name == rule) return def.query;
  }
  return "no such rule";
}

TEST(KeptTrees, OnlyWhatChangedIsParsedAgain) {
  const ConfigFiles files;
  files.write("a.yaml", "rules: {a: {match: storm}}\n");
  files.write("b.yaml", "rules: {b: {match: flood}}\n");
  const LoadOutcome first = files.load(kMain);
  ASSERT_TRUE(first.snapshot) << files.shown(first);
  files.write("b.yaml", "rules: {b: {match: hail}}\n");
  const LoadOutcome second = files.load(first.snapshot.get());
  ASSERT_TRUE(second.snapshot) << files.shown(second);

  const std::string a = files.path("a.yaml");
  const std::string b = files.path("b.yaml");
  ASSERT_NE(first.snapshot->trees.at(a), nullptr);
  EXPECT_EQ(second.snapshot->trees.at(a), first.snapshot->trees.at(a));
  EXPECT_NE(second.snapshot->trees.at(b), first.snapshot->trees.at(b));
  EXPECT_EQ(query_of(second, "a"), "storm");
  EXPECT_EQ(query_of(second, "b"), "hail");
}

TEST(KeptTrees, WhatIsWrongInAKeptTreeIsSaidWithItsPlace) {
  const ConfigFiles files;
  files.write("a.yaml", "rules:\n  a: {match: storm, alert: desk}\n");
  files.write("b.yaml", "rules: {b: {match: flood}}\n");
  const LoadOutcome first = files.load(kMain);
  ASSERT_TRUE(first.snapshot) << files.shown(first);
  const LoadOutcome second = files.load(
      "include: [a.yaml, b.yaml]\nreceivers: {other: {console: {}}}\n", first.snapshot.get());
  EXPECT_EQ(files.shown(second),
            "a.yaml:2:28: error: rule \"a\" alerts \"desk\", which is no receiver\n"
            "    a: {match: storm, alert: desk}\n"
            "                             ^\n"
            "  hint: known here: other\n");
}

TEST(KeptTrees, OfLargeFilesNoneIsKept) {
  const ConfigFiles files;
  files.write("a.yaml", "rules: {a: {match: storm}}\n" + std::string(kMaxKeptTree, '#') + "\n");
  files.write("b.yaml", "rules: {b: {match: flood}}\n");
  const LoadOutcome loaded = files.load(kMain);
  ASSERT_TRUE(loaded.snapshot) << files.shown(loaded);
  EXPECT_EQ(loaded.snapshot->trees.count(files.path("a.yaml")), 0U);
  EXPECT_EQ(loaded.snapshot->trees.count(files.path("b.yaml")), 1U);
}

}  // namespace
}  // namespace wirewatch::daemon
