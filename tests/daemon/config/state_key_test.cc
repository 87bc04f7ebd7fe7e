#include "daemon/config/state_key.h"

#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

TEST(StateKey, IsFoundAsAWholeLoadFindsIt) {
  const ConfigFiles files;
  const struct {
    const char* config;
    const char* state;  // "": none
  } cases[] = {
      {"state: var/../kept  # here\nrules: {}\n", "kept"},
      {"rules:\n  state: {match: border}\nstate: 'a b'\r\n", "a b"},
      {"# state: x\nfeeds: []\n", ""},
      {"\"state\": kept\n", "kept"},
      {"state:\n  kept\n", "kept"},
      {" state: kept\n feeds: []\n", "kept"},
      {"{feeds: [],\nstate: kept,\nrules: {}}\n", "kept"},
      {"--- {feeds: [],\nstate: kept, rules: {}}\n", "kept"},
      {"# a\n---\nstate: kept\n", "kept"},
      {"rules:\n  one:\n    match: |\n      border\n      state: no\n", ""},
      {"state: {x: y}\n", ""},
      {"state: ${WIREWATCH_NO_SUCH}/x\n", ""},
      {"state: kept\nrules: {one: {match: [}\n", "kept"},
      {"", ""},
  };
  for (const auto& one : cases) {
    const std::string whole = files.load(one.config).state_folder;
    EXPECT_EQ(whole, *one.state == '\0' ? "" : files.path(one.state)) << one.config;
    EXPECT_EQ(configured_state_folder(files.path("config.yaml")), whole) << one.config;
  }
  EXPECT_EQ(configured_state_folder(files.path("none.yaml")), "");
}

// What else is wrong with a config is no hindrance, and nothing of it is looked at.
TEST(StateKey, NeedsNoOtherFile) {
  const ConfigFiles files;
  files.write("config.yaml", "include: [missing.yaml]\nstate: kept\nfeeds: 7\n");
  EXPECT_EQ(configured_state_folder(files.path("config.yaml")), files.path("kept"));
}

}  // namespace
}  // namespace wirewatch::daemon
