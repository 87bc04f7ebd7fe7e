// `any:`, `all:`, `none:` and `at_least:` beside `match:`.
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

std::string canonical(const LoadOutcome& outcome) {
  if (!outcome.snapshot || outcome.snapshot->rules.rules().empty()) return "nothing";
  return outcome.snapshot->rules.canonical(0);
}

TEST(QueryLists, AreOneQueryWithWhatMatchSays) {
  const std::pair<const char*, const char*> cases[] = {
      {"all: [border, guard]", "border AND guard"},
      {"any: [border, \"a AND b\"]", "border OR (a AND b)"},
      {"any: border", "border"},
      {"all: [border]\n    none: [football, tennis]", "border AND NOT (football OR tennis)"},
      {"match: border~\n    any: [guard, police]\n    none: football",
       "border~ AND (guard OR police) AND NOT football"},
      {"all:\n      - border\n      - any: [guard, {all: [police, army]}]",
       "border AND (guard OR (police AND army))"},
      {"at_least: {2: [border, guard, title:army]}", "2 OF (border, guard, title:army)"},
      {"at_least:\n      2: [a1, b1, c1]\n    none: [x1 OR y1]",
       "NOT (x1 OR y1) AND 2 OF (a1, b1, c1)"},
  };
  for (const auto& [body, expected] : cases) {
    const ConfigFiles files;
    const auto outcome =
        files.load(std::string("rules:\n  r:\n    alert: none\n    ") + body + "\n");
    EXPECT_EQ(canonical(outcome), expected) << files.shown(outcome);
  }
}

TEST(QueryLists, TellEachErrorWhereItStandsInItsOwnText) {
  const ConfigFiles files;
  const auto outcome = files.load(
      "rules:\n"
      "  r:\n"
      "    alert: none\n"
      "    all:\n"
      "      - border) OR (guard\n"
      "      - titel:x\n"
      "    none: [\"@nobody\"]\n");
  const std::string shown = files.shown(outcome);
  EXPECT_NE(shown.find("config.yaml:5:15: error: this ')' closes nothing"), std::string::npos)
      << shown;
  EXPECT_NE(shown.find("config.yaml:6:9: error: there is no field 'titel'"), std::string::npos)
      << shown;
  const auto second = files.load(
      "rules:\n  r:\n    alert: none\n    all:\n      - border\n"
      "      - any: [\"@nobody\", guard]\n");
  EXPECT_NE(files.shown(second).find("config.yaml:6:16: error: there is no entity '@nobody'"),
            std::string::npos)
      << files.shown(second);
}

TEST(QueryLists, OfTheWrongShapeAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"all: []", "\"all\" takes a list of queries"},
      {"any: {x: y}", "\"any\" takes a list of queries"},
      {"any: [[a]]", "a query is a text or a map, not a list"},
      {"all: [{}]", "this map asks for nothing"},
      {"all: [{any: [a1], sum: 2}]", "unknown key \"sum\" in this part of a rule"},
      {"at_least: {3: [a1, b1]}", "at least \"3\" of this list cannot hold"},
      {"at_least: {many: [a1, b1]}", "at least \"many\" of this list cannot hold"},
      {"severity: high", "rule \"r\" has no \"match\""},
  };
  for (const auto& [body, expected] : cases) {
    const ConfigFiles files;
    const auto outcome = files.load(std::string("rules:\n  r:\n    ") + body + "\n");
    EXPECT_NE(files.shown(outcome).find(expected), std::string::npos) << files.shown(outcome);
  }
}

TEST(QueryLists, ARuleMayServeOthersOnly) {
  const ConfigFiles files;
  const auto outcome = files.load(
      "entities:\n"
      "  iraq: {kind: country, names: [Iraq]}\n"
      "rules:\n"
      "  sport: {match: football, alert: none}\n"
      "  news: {match: \"@iraq AND NOT $sport\", alert: none}\n");
  EXPECT_EQ(files.shown(outcome), "");
  ASSERT_TRUE(outcome.snapshot);
  EXPECT_TRUE(outcome.snapshot->rules.rules()[0].only_named);
}

}  // namespace
}  // namespace wirewatch::daemon
