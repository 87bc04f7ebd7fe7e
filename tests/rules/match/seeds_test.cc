#include <gtest/gtest.h>

#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

constexpr const char* border_rule =
    "@country:IQ AND @country:SY\n"
    "AND SAME(sentence: (border~ OR @border-crossings) AND "
    "(secur* OR control~ OR smuggl* OR infiltrat*))\n"
    "AND NOT lead:(football OR \"world cup\")\n";

struct Seed {
  std::string id;
  feeds::Document document;
};

std::vector<Seed> seeds() {
  std::vector<Seed> all;
  std::ifstream file(shared_folder() + "/seeds/stories.jsonl");
  for (std::string line; std::getline(file, line);) {
    const YAML::Node node = YAML::Load(line);
    all.push_back({node["id"].as<std::string>(),
                   document(node["title"].as<std::string>(), node["text"].as<std::string>(),
                            node["lang"].as<std::string>())});
  }
  return all;
}

TEST(Seeds, TheBorderRuleMatchesAllFiveArticles) {
  if (shared_folder().empty()) GTEST_SKIP() << "no folder of shared data";
  const auto outcome = RuleSet::compile({rule(border_rule)}, pack());
  ASSERT_EQ(printed(outcome.diagnostics), "");
  const std::vector<Seed> all = seeds();
  ASSERT_EQ(all.size(), 5U);
  for (const Seed& seed : all) {
    const auto mentions = pack().find(seed.document);
    EXPECT_EQ(outcome.set.match(seed.document, mentions).size(), 1U) << seed.id;
  }
}

}  // namespace
}  // namespace wirewatch::rules
