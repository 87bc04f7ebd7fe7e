// What docs/rules.md and docs/entities.md show must work as it stands there.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/rules/world.h"
#include "tests/source_dir.h"

namespace wirewatch::rules {
namespace {

std::string page(const std::string& name) {
  std::ifstream file(tests::source_path("docs/" + name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The nth ```yaml block.
YAML::Node block(int n, const std::string& name = "rules.md") {
  const std::string text = page(name);
  std::size_t at = 0;
  for (int i = 0; i <= n; ++i) at = text.find("```yaml\n", at + 1);
  at += 8;
  return YAML::Load(text.substr(at, text.find("```", at) - at));
}

std::vector<Example> examples(const YAML::Node& node, bool must_match) {
  std::vector<Example> all;
  for (const auto& one : node) {
    const bool map = one.IsMap();
    all.push_back({map ? one["title"].as<std::string>() : "",
                   map ? one["text"].as<std::string>() : one.as<std::string>(), "", "",
                   must_match});
  }
  return all;
}

TEST(RulesPage, ItsRuleCompilesAndPassesItsExamples) {
  const YAML::Node body = block(0)["rules"]["iraq-syria-border-security"];
  RuleDef def = rule(body["match"].as<std::string>());
  def.examples = examples(body["examples"]["match"], true);
  for (Example& e : examples(body["examples"]["no_match"], false)) def.examples.push_back(e);
  ASSERT_EQ(def.examples.size(), 2U);
  EXPECT_EQ(printed(RuleSet::compile({def}, pack()).diagnostics), "");
}

TEST(RulesPage, ItsEntitiesCompileBesideThePack) {
  std::vector<EntityDef> defs = entities_of(block(0, "entities.md"));
  ASSERT_EQ(defs.size(), 4U);
  std::set<std::string> shown;
  for (const EntityDef& def : defs) shown.insert(def.id);
  for (const EntityDef& def : pack_entities()) {
    if (shown.count(def.id) == 0) defs.push_back(def);
  }
  EXPECT_EQ(printed(Gazetteer::compile(defs).second), "");
}

// Column 1 finds column 2 and not column 3, as the table of terms says.
TEST(RulesPage, ItsTermsFindWhatTheyAreSaidToFind) {
  struct Case {
    const char* query;
    std::vector<const char*> finds;
    std::vector<const char*> misses;
  };
  const Case cases[] = {
      {"border", {"border", "Border", "BORDER's"}, {"borders"}},
      {"=US", {"the US said"}, {"us", "Us", "U.S."}},
      {"US", {"the US said", "us", "the U.S. said"}, {}},
      {"secur*", {"secure", "security", "securing"}, {"insecure"}},
      {"border~", {"border", "borders", "bordering"}, {"borderline"}},
      {"\"border guard~\"", {"border guard", "Border Guards"}, {"guards at the border"}},
      {"@hamid-al-shatri", {"Hamid al-Shatri", "حميد الشطري"}, {}},
      {"@country:IQ", {"Iraq", "Iraqi", "العراق", "Baghdad", "al-Qaim"}, {"Iraqi News Agency"}},
      {"cafe", {"Café"}, {}},
      {"احمد", {"أحمد"}, {}},
      {"counter-terrorism", {"counter-terrorism", "counter terrorism", "counterterrorism"}, {}},
      {"ceasefire", {"ceasefire", "cease-fire"}, {"cease fire"}},
      {"resign", {"resign"}, {"re-sign"}},
      {"shatri~1", {"shatri", "shatry", "shattri", "shtari"}, {"shattry"}},
      {"/IA-\\d+/", {"flight IA-431"}, {"ia-431"}},
      {"/IA-\\d+/ NEAR/3 lands", {"IA-431 lands"}, {}},
      {"حدود~", {"حدود", "الحدود", "بالحدود", "والحدود", "للحدود"}, {}},
      {"الحدود~", {"حدود", "الحدود", "بالحدود", "والحدود", "للحدود"}, {}},
      {"حدود", {"حدود"}, {"الحدود", "بالحدود"}},
      {"اشتباك*", {"اشتباكات"}, {"الاشتباكات"}},
      {"زيارة~", {"وزيارة", "زيارات", "ولزيارته"}, {}},
      {"كتاب~", {"الكتاب", "كتابه"}, {"تاب"}},
      {"\"معبر~ القائم~\"", {"بمعبر القائم"}, {}},
      {"معبر~", {"معبر"}, {"معابر"}},
      {"a NEAR/3 b AND c", {"a b c"}, {"a b"}},
      {"tunnel NEAR/3 smugglers", {"The tunnel opened. Smugglers fled."}, {}},
      {"border~{2}", {"the border and its borders"}, {"the border"}},
      {"crossing~", {"Red Cross"}, {}},
      {"\"crossing~\" AND NOT crossing*", {"Red Cross"}, {"crossing"}},
      {"SAME(sentence: attack AND NOT heart)", {"A heart attack. An attack."}, {"A heart attack."}},
      {"border NEAR/5 border", {"from border to border"}, {"a border"}},
      {"2 OF (1, 905)", {"1 and 905"}, {"1,905"}},
  };
  for (const Case& c : cases) {
    const auto outcome = RuleSet::compile({rule(c.query)}, pack());
    ASSERT_FALSE(has_error(outcome.diagnostics)) << c.query << printed(outcome.diagnostics);
    const auto found = [&](const char* text) {
      const feeds::Document doc = document("", text);
      return !outcome.set.match(doc, pack().find(doc)).empty();
    };
    for (const char* text : c.finds) EXPECT_TRUE(found(text)) << c.query << " / " << text;
    for (const char* text : c.misses) EXPECT_FALSE(found(text)) << c.query << " / " << text;
  }
}

}  // namespace
}  // namespace wirewatch::rules
