// The configs that we hand out are good.
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"
#include "tests/source_dir.h"

namespace wirewatch::daemon {
namespace {

std::string shown(const LoadOutcome& outcome) {
  std::string text;
  for (const ConfigMessage& message : outcome.messages) text += to_text(message);
  return text;
}

TEST(Examples, TheIraqSyriaConfigLoadsWithoutAWord) {
  const LoadOutcome outcome =
      load_config(tests::source_path("docs/examples/iraq-syria.yaml"), nullptr);
  ASSERT_TRUE(outcome.snapshot) << shown(outcome);
  EXPECT_EQ(shown(outcome), "");
  EXPECT_GE(outcome.snapshot->feeds.size(), 13U) << "a replay and a dozen real feeds";
  EXPECT_EQ(outcome.snapshot->feeds[0].url, "");
  EXPECT_GE(outcome.snapshot->rules.rules().size(), 1U);
  EXPECT_EQ(outcome.snapshot->rules.rules()[0].name, "iraq-syria-border-security");
}

TEST(Examples, TheInstalledConfigLoadsWithoutAWord) {
  const LoadOutcome outcome = load_config(tests::source_path("systemd/config.yaml"), nullptr);
  ASSERT_TRUE(outcome.snapshot) << shown(outcome);
  EXPECT_EQ(shown(outcome), "");
}

// What is commented out is good as well, once the '#' is gone.
TEST(Examples, TheCommentedPartsOfTheInstalledConfigLoad) {
  std::ifstream in(tests::source_path("systemd/config.yaml"));
  std::string text;
  for (std::string line; std::getline(in, line);) {
    // "# Prose", but "#key:" and "#  indented: yaml".
    const bool prose = line.size() < 3 || (line[1] == ' ' && line[2] != ' ');
    if (line.rfind("#", 0) == 0 && !prose) line.erase(0, 1);
    text += line + "\n";
  }
  const std::size_t pack = text.find("/usr/share/wirewatch/");
  ASSERT_NE(pack, std::string::npos);
  text.replace(pack, std::string("/usr/share/wirewatch/").size(), tests::source_path("rules/"));
  const ConfigFiles files;
  files.write("rules.d/empty.yaml", "");
  files.write("feeds.d/empty.yaml", "");
  const LoadOutcome outcome = files.load(text);
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_EQ(files.shown(outcome), "");
  EXPECT_GE(outcome.snapshot->feeds.size(), 2U);
  EXPECT_GE(outcome.snapshot->rules.rules().size(), 1U);
  EXPECT_GE(outcome.snapshot->receivers.size(), 2U);
}

}  // namespace
}  // namespace wirewatch::daemon
