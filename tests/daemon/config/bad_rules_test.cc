// Errors inside rules stand at their place in the file, however the rule is written.
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

// Line and column of the first message about an unknown entity "nobody".
std::string place_of_error(const std::string& rule) {
  const ConfigFiles files;
  const LoadOutcome outcome =
      files.load("rules:\n  a:\n" + rule + "receivers: {c: {console: {}}}\n");
  if (outcome.messages.empty()) return "no message";
  const ConfigMessage& message = outcome.messages[0];
  EXPECT_NE(message.text.find("nobody"), std::string::npos) << message.text;
  EXPECT_EQ(message.rule, "a");
  return std::to_string(message.line) + ":" + std::to_string(message.column);
}

TEST(BadRule, IsShownAtItsPlaceInABlock) {
  EXPECT_EQ(place_of_error("    match: |\n      flood AND @nobody\n"), "4:17");
  EXPECT_EQ(place_of_error("    match: |\n      flood\n        AND\n      @nobody\n"), "6:7");
  EXPECT_EQ(place_of_error("    match: |-   # a comment\n\n\n      flood AND @nobody\n"), "6:17");
  EXPECT_EQ(place_of_error("    match: >\n      flood\n      AND @nobody\n"), "5:11");
  EXPECT_EQ(place_of_error("    match: |\r\n      flood\r\n      AND @nobody\r\n"), "5:11");
  EXPECT_EQ(place_of_error("    match: |\n      فيضان AND @nobody\n"), "4:17");
}

TEST(BadRule, IsShownAtItsPlaceInATextOnOneLine) {
  EXPECT_EQ(place_of_error("    match: flood AND @nobody\n"), "3:22");
  EXPECT_EQ(place_of_error("    match: \"flood AND @nobody\"\n"), "3:23");
  EXPECT_EQ(place_of_error("    match: \"\\\"a flood\\\" AND @nobody\"\n"), "3:29");
  EXPECT_EQ(place_of_error("    match: '''a'' AND @nobody'\n").substr(0, 2), "3:");
  EXPECT_EQ(place_of_error("    match: flood\n      AND @nobody\n"), "4:11");
}

TEST(BadRule, IsShownWithItsLineAndACaret) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(R"(rules:
  water:
    match: |
      flood AND
      (drought OR @nobody)
receivers: {c: {console: {}}}
)");
  const std::string shown = files.shown(outcome);
  EXPECT_EQ(shown.rfind("config.yaml:5:19: error: ", 0), 0U) << shown;
  EXPECT_NE(shown.find("\n        (drought OR @nobody)\n                    ^\n"),
            std::string::npos)
      << shown;
}

TEST(BadRule, AllOfThemAreReportedAtOnce) {
  const ConfigFiles files;
  std::string config = "rules:\n";
  for (int i = 0; i < 30; ++i) {
    config += "  r" + std::to_string(i) + ":\n    match: |\n      flood AND @nobody" + "\n";
  }
  const LoadOutcome outcome = files.load(config + "receivers: {c: {console: {}}}\n");
  std::size_t errors = 0;
  for (const ConfigMessage& message : outcome.messages) errors += message.error ? 1U : 0U;
  EXPECT_EQ(errors, 30U);
}

TEST(BadRule, MessagesBeyondTwoHundredAreCounted) {
  const ConfigFiles files;
  std::string config;
  for (int i = 0; i < 250; ++i) config += "unknown" + std::to_string(i) + ": x\n";
  const LoadOutcome outcome = files.load(config);
  ASSERT_EQ(outcome.messages.size(), 201U);
  EXPECT_EQ(outcome.messages.back().text, "50 more messages are not shown");
}

}  // namespace
}  // namespace wirewatch::daemon
