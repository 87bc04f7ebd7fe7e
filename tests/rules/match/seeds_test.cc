#include <gtest/gtest.h>

#include <map>
#include <set>

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

TEST(Seeds, ThePackFindsExactlyThePeopleOfEachArticle) {
  if (shared_folder().empty()) GTEST_SKIP() << "no folder of shared data";
  // Read by hand; in "003" most stand there by surname only.
  const std::string first =
      "ahmed-al-sharaa anas-khattab asaad-al-shaibani basim-al-awadi hamid-al-shatri "
      "mohammed-shia-al-sudani muqdad-miri ";
  const std::map<std::string, std::string> expected = {
      {"000", first},
      {"001", first},
      {"002",
       "ahmed-al-sharaa anas-khattab asaad-al-shaibani bashar-al-assad basim-al-awadi "
       "hamid-al-shatri mohammed-shia-al-sudani "},
      {"003",
       "ahmed-al-sharaa bashar-al-assad fuad-hussein hamid-al-shatri mohammed-shia-al-sudani "},
      {"004", "ahmed-al-sharaa hamid-al-shatri hussein-al-salama mohammed-shia-al-sudani "},
  };
  for (const Seed& seed : seeds()) {
    std::set<std::string> people;
    for (const feeds::Mention& mention : pack().find(seed.document)) {
      if (pack().counts_as(mention.entity, "kind:person")) people.insert(mention.entity);
    }
    std::string listed;
    for (const std::string& person : people) listed += person + " ";
    EXPECT_EQ(listed, expected.at(seed.id)) << seed.id;
  }
}

// "entity=words×n" of all mentions, sorted.
std::string all_mentions(const feeds::Document& doc) {
  std::map<std::string, int> counts;
  for (const feeds::Mention& mention : pack().find(doc)) {
    const std::string& field = mention.field == feeds::Field::title ? doc.title : doc.text;
    const std::string text = field.substr(mention.start, mention.end - mention.start);
    ++counts[mention.entity + "=" + text];
  }
  std::string all;
  for (const auto& [mention, count] : counts) {
    all += mention + "\u00d7" + std::to_string(count) + "\n";
  }
  return all;
}

TEST(Seeds, EveryMentionIsFoundAndNoFalseOne) {
  if (shared_folder().empty()) GTEST_SKIP() << "no folder of shared data";
  // Each article was read by hand against this list.
  std::ifstream file(tests::source_path("tests/rules/match/seed_mentions.txt"));
  std::map<std::string, std::string> expected;
  std::string id;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("# ")) {
      id = line.substr(2);
    } else if (!line.empty()) {
      expected[id] += line + "\n";
    }
  }
  const std::vector<Seed> all = seeds();
  ASSERT_EQ(expected.size(), all.size());
  for (const Seed& seed : all) EXPECT_EQ(all_mentions(seed.document), expected[seed.id]) << seed.id;
}

TEST(Seeds, VisitsOfIntelligenceChiefsAreInAllFive) {
  if (shared_folder().empty()) GTEST_SKIP() << "no folder of shared data";
  const auto outcome =
      RuleSet::compile({rule("@role:intelligence-chief:country:IQ AND @country:SY AND "
                             "SAME(sentence: @role:intelligence-chief AND (met OR meet~ OR visit~ "
                             "OR receiv~ OR talks))")},
                       pack());
  ASSERT_EQ(printed(outcome.diagnostics), "");
  for (const Seed& seed : seeds()) {
    EXPECT_EQ(outcome.set.match(seed.document, pack().find(seed.document)).size(), 1U) << seed.id;
  }
}

TEST(Seeds, RulesOnOtherMattersMatchNone) {
  if (shared_folder().empty()) GTEST_SKIP() << "no folder of shared data";
  const auto outcome = RuleSet::compile(
      {rule("SAME(sentence: @border-crossings AND (attack* OR shell* OR raid*))", "attacks"),
       rule("title:(football OR \"world cup\") AND @country:IQ", "sport"),
       rule("SAME(sentence: refugee~ AND (return~ OR repatriat*) AND @border-crossings)", "return"),
       rule("@armed-groups NEAR/8 @kind:crossing", "groups"),
       rule("@kind:crossing NEAR/8 @kind:force", "forces")},
      pack());
  ASSERT_EQ(printed(outcome.diagnostics), "");
  for (const Seed& seed : seeds()) {
    EXPECT_TRUE(outcome.set.match(seed.document, pack().find(seed.document)).empty()) << seed.id;
  }
}

}  // namespace
}  // namespace wirewatch::rules
