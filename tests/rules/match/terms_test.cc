// Terms, fields and rules by name, as docs/rules.md defines them.
#include <gtest/gtest.h>

#include <chrono>

#include "feeds/country.h"
#include "rules/match/edit_index.h"
#include "rules/match/pattern.h"
#include "rules/match/reading.h"
#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

bool holds(const std::string& query, const feeds::Document& doc, Span age = {}) {
  const auto outcome = RuleSet::compile({rule(query)}, pack());
  EXPECT_FALSE(has_error(outcome.diagnostics)) << query << "\n" << printed(outcome.diagnostics);
  return !outcome.set.match(doc, pack().find(doc), age).empty();
}

feeds::Document from_outlet() {
  feeds::DocumentInput input;
  input.title = "Border reopens";
  input.text = "The crossing was opened again.";
  input.source = "Thomson Reuters";
  input.feed = "https://feeds.example.iq/rss";
  input.url = "https://news.example.iq/live/2025-border";
  input.language = "en";
  input.authors = {"Jane Doe", "Ali Hassan"};
  input.categories = {"World", "Middle East"};
  input.feed_tags = {"wire", "state media"};
  return feeds::make_document(std::move(input));
}

TEST(Terms, EditsCountLettersPutInLeftOutReplacedAndSwapped) {
  const std::pair<const char*, bool> cases[] = {
      {"shatri", true}, {"shattri", true},   {"shatr", true},    {"shatry", true},
      {"shtari", true}, {"Shátri", true},    {"shattry", false}, {"shatter", false},
      {"hatri", true},  {"al-Shatri", true},
  };
  for (const auto& [word, expected] : cases) {
    EXPECT_EQ(holds("shatri~1", document("", word)), expected) << word;
  }
  EXPECT_TRUE(holds("shatri~2", document("", "shattry")));
  EXPECT_FALSE(holds("shatri~2", document("", "shutter")));
  EXPECT_TRUE(holds("شطري~1", document("", "قال شاطري")));
  EXPECT_TRUE(holds("\"hamid shatri~1\"", document("", "Hamid Shatry said")));
}

TEST(Terms, TheDistanceIsDamerauLevenshteins) {
  EXPECT_EQ(edit_distance(U"ca", U"abc"), 2U);
  EXPECT_EQ(edit_distance(U"", U"abc"), 3U);
  EXPECT_EQ(edit_distance(U"abcd", U"acbd"), 1U);
  EXPECT_EQ(edit_distance(U"kitten", U"sitting"), 3U);
}

TEST(Terms, CompoundsMeetInAllTheirSpellings) {
  const char* texts[] = {"counter-terrorism", "counter terrorism", "counterterrorism"};
  for (const char* query : {"counter-terrorism", "counterterrorism", "\"counter-terrorism\"",
                            "counter-terror*", "counterterroris*", "counterterrorism~"}) {
    for (const char* text : texts) {
      EXPECT_TRUE(holds(query, document("", std::string("The ") + text + " force")))
          << query << " / " << text;
    }
  }
  EXPECT_TRUE(holds("\"counterterrorism force\"", document("", "a counter-terrorism force")));
  EXPECT_TRUE(holds("ceasefire", document("", "a cease-fire")));
  EXPECT_TRUE(holds("cease-fire", document("", "a ceasefire")));
  // No false friends: only a hyphen joins, and "re-" never does.
  EXPECT_FALSE(holds("therapist", document("", "the rapist")));
  EXPECT_FALSE(holds("ceasefire", document("", "they cease fire")));
  EXPECT_FALSE(holds("resign", document("", "to re-sign the deal")));
  EXPECT_FALSE(holds("re-sign", document("", "to resign")));
  EXPECT_FALSE(holds("20192020", document("", "2019-2020")));
}

TEST(Terms, PatternsReadParagraphsAsTheyAreWritten) {
  const feeds::Document doc = document("Flight IA-431 lands", "It came from Erbil.\nNo. 17 waits.");
  EXPECT_TRUE(holds("/[A-Z]{2}-\\d+/", doc));
  EXPECT_FALSE(holds("/[A-Z]{3}-\\d+/", doc));
  EXPECT_FALSE(holds("/erbil/", doc));
  EXPECT_TRUE(holds("/erbil/i", doc));
  EXPECT_TRUE(holds("/^No\\./", doc));
  EXPECT_FALSE(holds("/Erbil.*waits/", doc));
  EXPECT_TRUE(holds("title:/IA/ AND lands", doc));
  EXPECT_FALSE(holds("text:/IA/ AND lands", doc));
  EXPECT_FALSE(holds("/ /", doc));  // it touches no word
  EXPECT_TRUE(holds("/[A-Z]{2}-\\d+/ NEAR/1 lands", doc));
  EXPECT_TRUE(holds("/\\b[A-Z]/{3} AND lands", doc));
}

TEST(Terms, AnEvilPatternTakesTimeThatGrowsWithTheTextOnly) {
  const auto pattern = Pattern::compile("(a+)+$", false);
  ASSERT_TRUE(pattern);
  const feeds::Document doc = document("", std::string(100000, 'a') + "!");
  const Reading reading(doc, 0, Span{0});
  EXPECT_TRUE((*pattern)->find(reading).empty());
  EXPECT_FALSE(Pattern::compile("(((a{100}){100}){100})", false));
}

TEST(Fields, AboutTheDocumentHoldWordsPhrasesBeginningsAndPatterns) {
  const feeds::Document doc = from_outlet();
  const std::pair<const char*, bool> cases[] = {
      {"source:reuters", true},
      {"source:\"thomson reuters\"", true},
      {"source:/^Reuters$/", false},
      {"source:reut*", true},
      {"source:border", false},
      {"border AND reuters", false},
      {"tag:wire AND tag:\"state media\"", true},
      {"tag:\"wire state\"", false},
      {"tag:(wire AND media)", true},
      {"tag:(wire AND NOT media)", false},
      {"author:hassan AND NOT author:smith", true},
      {"category:\"middle east\"", true},
      {"lang:en", true},
      {"lang:(ar OR ckb)", false},
      {"feed:feeds.example.iq", true},
      {"url:/\\/live\\//", true},
      {"url:\"example.iq/live\"", true},
      {"country:IQ", true},
      {"country:iq", true},
      {"country:SY", false},
      {"SAME(sentence: crossing AND source:reuters)", true},
      {"title:(border AND source:reuters)", true},
      {"2 OF (source:reuters, tag:blog, lang:en)", true},
  };
  for (const auto& [query, expected] : cases) EXPECT_EQ(holds(query, doc), expected) << query;
}

TEST(Terms, OfALanguageWithoutAStemmerTheNearestHas) {
  const struct {
    const char *language, *text, *query;
  } cases[] = {
      {"nb-NO", "Statsråden sa at krigen er over i dag, og det var en god dag.", "krig~"},
      {"bg", "Министърът каза, че граничните пунктове ще бъдат отворени.", "граничных~"},
  };
  for (const auto& c : cases) {
    feeds::DocumentInput input;
    input.language = c.language;
    input.text = c.text;
    EXPECT_TRUE(holds(c.query, feeds::make_document(input))) << c.query;
  }
}

TEST(Fields, TheOutletsCountryIsItsFeedsTagOrTheEndingOfTheAddress) {
  EXPECT_EQ(feeds::country_of_address("https://user@news.example.uk:8080/a"), "GB");
  EXPECT_EQ(feeds::country_of_address("https://example.com/a.iq"), "");
  EXPECT_EQ(feeds::country_of_address("nonsense"), "");
  EXPECT_EQ(feeds::country_of_address("https://news.example.io/a"), "") << "sold to everybody";
  EXPECT_EQ(feeds::country_of_address("https://t.co/a"), "");
  EXPECT_EQ(feeds::country_of_address("https://www.example.com.co/a"), "CO");
  feeds::Document doc = from_outlet();
  doc.feed_tags = {"country:LB"};
  EXPECT_TRUE(holds("country:LB AND border", doc));
  doc.feed_tags.clear();
  doc.url = "https://user@news.example.tv:8080/a";
  EXPECT_FALSE(holds("country:TV", doc));
}

TEST(Fields, AgeAndLengthAreMeasured) {
  const feeds::Document doc = from_outlet();  // five words of text
  using std::chrono::minutes;
  EXPECT_TRUE(holds("border AND age < 2h", doc, minutes(119)));
  EXPECT_FALSE(holds("border AND age < 2h", doc, minutes(120)));
  EXPECT_TRUE(holds("border AND age <= 2h", doc, minutes(120)));
  EXPECT_TRUE(holds("border AND age < 1s", doc, minutes(-5)));
  EXPECT_TRUE(holds("border AND length >= 5", doc));
  EXPECT_FALSE(holds("border AND length > 5", doc));
}

TEST(RulesByName, HoldWhereTheRuleThatTheyNameHolds) {
  const auto outcome = RuleSet::compile(
      {rule("$border AND NOT $sport", "news"), rule("border OR frontier", "border"),
       rule("football OR title:match", "sport")},
      pack());
  EXPECT_EQ(printed(outcome.diagnostics), "");
  const auto names = [&](const char* text) {
    const feeds::Document doc = document("", text);
    std::string all;
    for (const auto& match : outcome.set.match(doc, {})) {
      all += outcome.set.rules()[match.rule].name + " ";
    }
    return all;
  };
  EXPECT_EQ(names("The frontier is open"), "news border ");
  EXPECT_EQ(names("Football at the border"), "border sport ");
  EXPECT_EQ(outcome.set.canonical(0), "$border AND NOT $sport");
  const feeds::Document doc = document("", "The frontier is open");
  const Explained explained = outcome.set.explain(0, doc, {});
  EXPECT_TRUE(explained.holds);
  EXPECT_EQ(explained.parts.at(0).clause, "$border");
  EXPECT_EQ(explained.parts.at(0).kind, "rule");
  EXPECT_EQ(explained.parts.at(0).parts.at(0).clause, "border OR frontier");
}

TEST(RulesByName, APartOfOthersNeverMatchesByItself) {
  RuleDef part = rule("football", "sport");
  part.only_named = true;
  const auto outcome = RuleSet::compile({part, rule("border AND NOT $sport", "news")}, pack());
  const feeds::Document doc = document("", "football and a border");
  EXPECT_TRUE(outcome.set.match(doc, {}).empty());
  EXPECT_EQ(outcome.set.match(document("", "a border"), {}).size(), 1U);
}

// A reload of thousands of rules that share a long list took gigabytes.
TEST(RulesByName, AreKeptOnceHoweverManyNameThem) {
  std::string list = "guard0";
  for (int i = 1; i < 500; ++i) list += " OR guard" + std::to_string(i);
  std::vector<RuleDef> rules = {rule("smuggling AND $both", "first"), rule("border OR x", "place"),
                                rule("$place AND $list", "both"), rule(list, "list")};
  for (int i = 0; i < 1000; ++i) {
    rules.push_back(
        rule("$list AND NOT $place AND word" + std::to_string(i), "r" + std::to_string(i)));
  }
  const auto outcome = RuleSet::compile(rules, pack());
  EXPECT_EQ(printed(outcome.diagnostics), "");
  EXPECT_LT(outcome.set.bytes(), 1'000'000U);
  const feeds::Document doc = document("", "guard7 and smuggling at the border; guard499, word5");
  std::string holding;
  for (const RuleMatch& match : outcome.set.match(doc, {})) {
    holding += outcome.set.rules()[match.rule].name + std::to_string(match.spans.size()) + " ";
  }
  EXPECT_EQ(holding, "first4 place1 both3 list2 ");
  const Explained explained = outcome.set.explain(0, doc, {});
  EXPECT_EQ(explained.parts.at(1).clause, "$both");
  EXPECT_EQ(explained.parts.at(1).parts.at(0).clause, "$place AND $list");
  EXPECT_EQ(explained.parts.at(1).parts.at(0).parts.at(1).parts.at(0).clause, list);
  EXPECT_EQ(outcome.set.match(document("", "word5 of guard7"), {}).size(), 2U);
}

TEST(RulesByName, WhatCannotBeNamedIsAnErrorThatSaysWhy) {
  const auto outcome = RuleSet::compile(
      {rule("$b AND x", "a"), rule("$c AND x", "b"), rule("x AND $a", "c"), rule("$d", "d"),
       rule("$sprot", "e"), rule("NOT x", "sport"), rule("border AND $sport", "f")},
      pack());
  EXPECT_EQ(
      printed(outcome.diagnostics),
      "error 0+2 the rule '$b' has errors itself | mend that rule first\n"
      "error 0+2 the rule '$c' has errors itself | mend that rule first\n"
      "error 6+2 '$a' leads round in a circle: a → b → c → a | a rule cannot name itself, not "
      "through others either\n"
      "error 0+2 '$d' leads round in a circle: d → d | a rule cannot name itself, not through "
      "others either\n"
      "error 0+6 there is no rule '$sprot' | did you mean $sport?\n"
      "error 0+5 a NOT alone holds for nearly every document | say what must occur as well: border "
      "AND NOT football\n"
      "error 11+6 the rule '$sport' has errors itself | mend that rule first\n");
  EXPECT_TRUE(outcome.set.rules().empty());
  EXPECT_EQ(outcome.failed.size(), 7U);
}

TEST(RulesByName, AreBoundedInDepthAndSize) {
  std::vector<RuleDef> chain = {rule("border", "r0")};
  for (int i = 1; i < 2000; ++i) {
    chain.insert(chain.begin(), rule("$r" + std::to_string(i - 1), "r" + std::to_string(i)));
  }
  EXPECT_EQ(RuleSet::compile(chain, pack()).set.rules().size(), 16U);
  std::vector<RuleDef> doubling = {rule("border AND guard", "r0")};
  for (int i = 1; i < 16; ++i) {
    const std::string below = "$r" + std::to_string(i - 1);
    doubling.push_back(rule(below + " AND (" + below + " OR x)", "r" + std::to_string(i)));
  }
  const auto outcome = RuleSet::compile(doubling, pack());
  EXPECT_NE(printed(outcome.diagnostics).find("has more than 20000 clauses"), std::string::npos);
}

}  // namespace
}  // namespace wirewatch::rules
