// Hostile YAML is refused before it costs anything.
#include <gtest/gtest.h>

#include <ctime>

#include "daemon/config/yaml.h"
#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

std::string first_message(const std::string& yaml) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(yaml);
  EXPECT_FALSE(outcome.snapshot);
  return outcome.messages.empty() ? "" : outcome.messages[0].text;
}

double processor_seconds() {
  return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}

TEST(HostileYaml, AnAliasBombIsRefused) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) bomb += (j > 0 ? ", " : "") + before;
    bomb += "]\n";
  }
  EXPECT_EQ(first_message(bomb), "aliases (`*name`) repeat more than 10000 values");
}

TEST(HostileYaml, TheRunningConfigGoesOnAfterAnAliasBomb) {
  const ConfigFiles files;
  const LoadOutcome good = files.load("log: info\n");
  const LoadOutcome bad = files.load("a: &a [*a]\n", good.snapshot.get());
  EXPECT_FALSE(bad.snapshot);
  EXPECT_EQ(good.snapshot->settings.log_level, "info");
}

TEST(HostileYaml, ManyAliasesAreRefused) {
  std::string many = "a: &a x\nb: [";
  for (int i = 0; i < 101; ++i) many += "*a, ";
  EXPECT_EQ(first_message(many + "]\n"), "more than 100 aliases (`*name`)");
}

TEST(HostileYaml, DeepNestingIsRefused) {
  const std::string deeper = "lists and maps nest deeper than 64";
  EXPECT_EQ(first_message("a: " + std::string(100, '[') + std::string(100, ']')), deeper);
  EXPECT_NE(first_message("a: " + std::string(1000000, '[')), "");
  EXPECT_NE(first_message("a: " + std::string(1000000, '{')), "");
  std::string dashes;
  for (int i = 0; i < 100000; ++i) dashes += "- ";
  EXPECT_EQ(first_message(dashes + "x\n"), deeper);
  std::string keys;
  for (std::size_t i = 0; i < 100; ++i) keys += std::string(i, ' ') + "k:\n";
  EXPECT_EQ(first_message(keys), deeper);
}

TEST(HostileYaml, BigFilesAreRefusedUnread) {
  const ConfigFiles files;
  files.write("config.yaml", std::string((16U << 20U) + 1, '#'));
  EXPECT_EQ(files.shown(files.load()),
            "config.yaml: error: \"config.yaml\" is bigger than 16777216 bytes\n");
}

TEST(HostileYaml, FoldersAndPipesAreNoFiles) {
  const ConfigFiles files;
  std::filesystem::create_directory(files.path("config.yaml"));
  EXPECT_EQ(files.shown(files.load()), "config.yaml: error: \"config.yaml\" is not a file\n");
}

TEST(HostileYaml, AMissingFileIsNamed) {
  const ConfigFiles files;
  EXPECT_EQ(files.shown(files.load()),
            "config.yaml: error: cannot read \"config.yaml\": No such file or directory\n");
}

TEST(HostileYaml, IncludesThatNestAreBounded) {
  const ConfigFiles files;
  files.write("config.yaml", "include: f0.yaml\n");
  for (int i = 0; i < 40; ++i) {
    files.write("f" + std::to_string(i) + ".yaml",
                "include: f" + std::to_string(i + 1) + ".yaml\n");
  }
  files.write("f40.yaml", "");
  const LoadOutcome outcome = files.load();
  EXPECT_FALSE(outcome.snapshot);
  EXPECT_EQ(outcome.messages[0].text, "files include files more than 16 deep");
}

// Each of these is near a megabyte; the time is the processor's, generous for sanitizers.
TEST(HostileYaml, OddFilesTakeLinearTime) {
  const std::size_t size = 1U << 20U;
  std::string lines;
  std::string quotes;
  std::string keys;
  while (lines.size() < size) lines += "a\n";
  while (quotes.size() < size) quotes += "'', ";
  while (keys.size() < size) keys += "k" + std::to_string(keys.size()) + ": x\n";
  for (const std::string& yaml :
       {std::string(size, 'a'), "a: \"" + std::string(size, 'x'), lines, "[" + quotes, keys,
        std::string(size, ' ') + "x", "a: " + std::string(size, '!'), std::string(size, '&'),
        "# " + std::string(size, '#'), std::string(size, '\n'),
        "a: |\n" + std::string(size, ' ')}) {
    const double start = processor_seconds();
    const SourceFile file("x.yaml", yaml);
    Problems problems;
    parse_yaml(file, problems);
    EXPECT_LT(processor_seconds() - start, 20.0) << yaml.substr(0, 20);
  }
}

}  // namespace
}  // namespace wirewatch::daemon
