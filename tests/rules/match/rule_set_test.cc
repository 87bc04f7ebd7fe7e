#include "rules/match/rule_set.h"

#include <gtest/gtest.h>

#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

// Does one query hold for one document, with the pack's entities?
bool matches(const std::string& query, const feeds::Document& doc) {
  const auto outcome = RuleSet::compile({rule(query)}, pack());
  EXPECT_FALSE(has_error(outcome.diagnostics)) << query << printed(outcome.diagnostics);
  return !outcome.set.match(doc, pack().find(doc)).empty();
}

std::string spans(const std::string& query, const feeds::Document& doc) {
  const auto outcome = RuleSet::compile({rule(query)}, pack());
  std::string text;
  for (const RuleMatch& match : outcome.set.match(doc, pack().find(doc))) {
    for (const MatchSpan& span : match.spans) {
      const std::string& field = span.field == feeds::Field::title ? doc.title : doc.text;
      text += (span.field == feeds::Field::title ? "title " : "text ") + span.clause + " = " +
              field.substr(span.start, span.end - span.start) + "\n";
    }
    for (const std::string& id : match.entities) text += "@" + id + "\n";
  }
  return text;
}

TEST(Rules, EachOperatorHoldsAndFailsAsDocumented) {
  const feeds::Document doc = document(
      "Border guards seize smuggled goods",
      "Iraqi border guards stopped a lorry near the Qaim border crossing on Monday. The driver "
      "fled "
      "to Syria.\nOfficials called it counter-terrorism work. They counted 1,905 parcels; the U.S. "
      "embassy's spokesman said the crossing would stay open.\nA café nearby was searched too.");
  const std::pair<const char*, bool> cases[] = {
      {"border", true},
      {"BORDER", true},
      {"borders", false},
      {"borders~", true},
      {"smuggl*", true},
      {"smuggling~", true},
      {"cafe", true},
      {"counterterrorism", true},
      {"counter-terrorism", true},
      {"\"counter terrorism\"", true},
      {"1905", true},
      {"1,905", true},
      {"US", true},
      {"U.S.", true},
      {"embassy", true},
      {"=Border", true},
      {"=BORDER", false},
      {"=Iraqi AND =Monday", true},
      {"\"border guards\"", true},
      {"\"guards border\"", false},
      {"\"guard~ stop*\"", true},
      {"\"fled to Syria Officials\"", false},
      {"\"Monday The driver\"", true},
      {"border AND football", false},
      {"border OR football", true},
      {"border AND NOT football", true},
      {"border AND NOT lorry", false},
      {"title:border AND title:smuggled", true},
      {"title:lorry", false},
      {"text:lorry", true},
      {"text:seize", false},
      {"title:(lorry OR seize)", true},
      {"lead:(football OR lorry)", true},
      {"title,lead:seize AND title,lead:lorry", true},
      {"title,lead:(seize AND lorry)", true},
      {"border AND title,lead:NOT football", true},
      {"border AND title,lead:NOT lorry", false},
      {"title,lead:border{4}", false},
      {"title,lead:border{3}", true},
      {"title:(title,lead:lorry)", false},
      {"SAME(sentence: title,text:lorry AND crossing)", true},
      {"title,lead:SAME(sentence: seize AND lorry)", false},
      {"@country:IQ AND @country:SY", true},
      {"@border-crossings", true},
      {"@kind:crossing", true},
      {"@kind:person", false},
      {"lorry NEAR/4 border", true},
      {"lorry NEAR/3 guards", true},
      {"lorry NEAR/2 guards", false},
      {"guards BEFORE/3 lorry", true},
      {"lorry BEFORE/3 guards", false},
      {"fled NEAR/5 officials", false},
      {"(lorry OR truck) NEAR/3 (guards OR police)", true},
      {"@country:SY NEAR/3 driver", true},
      {"SAME(sentence: lorry AND crossing)", true},
      {"SAME(sentence: lorry AND driver)", false},
      {"SAME(paragraph: lorry AND driver)", true},
      {"SAME(paragraph: lorry AND embassy)", false},
      {"SAME(title: border AND goods)", true},
      {"SAME(sentence: crossing AND NOT lorry)", true},
      {"SAME(sentence: lorry AND NOT crossing)", false},
      {"crossing{2}", true},
      {"crossing{3}", false},
      {"border{3}", true},
      {"(lorry OR parcels){2}", true},
      {"title:border{2}", false},
      {"2 OF (lorry, football, parcels)", true},
      {"2 OF (lorry, football, tennis)", false},
      {"2 OF (lorry, NOT football, tennis)", true},
  };
  for (const auto& [query, expected] : cases) EXPECT_EQ(matches(query, doc), expected) << query;
}

TEST(Rules, StemsFollowTheLanguageOfTheDocument) {
  EXPECT_TRUE(matches("حدود~", document("", "ناقش الجانبان أمن الحدود بين البلدين اليوم", "ar")));
  EXPECT_TRUE(matches("Grenze~", document("",
                                          "Die Minister sprachen über die Grenzen und die "
                                          "Sicherheit der Region",
                                          "de")));
  EXPECT_TRUE(matches("border~", document("Borders", "", "nl")));
  // The trap that docs/rules.md names: a stem may be another word.
  EXPECT_TRUE(matches("crossing~", document("", "The Red Cross said so.", "en")));
  EXPECT_FALSE(matches("crossing*", document("", "The Red Cross said so.", "en")));
}

TEST(Rules, AnArabicStemIsFoundWithWhatIsWrittenOntoTheWord) {
  const std::vector<std::string> visits = {"زيارة",    "الزيارة",  "بالزيارة",
                                           "وزيارة",   "زيارات",   "ولزيارته",
                                           "الزيارات", "بزيارتهم", "لزياراتهما"};
  const std::vector<std::string> borders = {"حدود",   "الحدود",  "بالحدود", "والحدود",
                                            "للحدود", "وللحدود", "كالحدود", "فحدود"};
  const std::vector<std::string> clashes = {"اشتباك", "اشتباكات", "الاشتباكات", "واشتباكاتها"};
  const std::vector<std::pair<std::string, const std::vector<std::string>*>> cases = {
      {"زيارة~", &visits},    {"الزيارة~", &visits}, {"زيارات~", &visits},
      {"حدود~", &borders},    {"الحدود~", &borders}, {"بالحدود~", &borders},
      {"وللحدود~", &borders}, {"اشتباك~", &clashes}, {"اشتباكات~", &clashes}};
  for (const auto& [query, words] : cases) {
    for (const std::string& word : *words) {
      EXPECT_TRUE(matches(query, document("", "قال " + word + " اليوم", "ar"))) << query << word;
    }
  }
  // As written, they are found as they are written.
  EXPECT_FALSE(matches("=الحدود", document("", "قرب بالحدود", "ar")));
  EXPECT_FALSE(matches("حدود", document("", "قرب الحدود", "ar")));
  EXPECT_FALSE(matches("اشتباك*", document("", "قرب الاشتباكات", "ar")));
  // A first letter of the query's word is its own: كتاب is not كـ and تاب.
  EXPECT_FALSE(matches("كتاب~", document("", "تاب الرجل", "ar")));
  // Other languages of these letters do not write them so.
  EXPECT_FALSE(matches("حدود~", document("", "مرزهای کشور را گفت بالحدود", "fa")));
}

TEST(Rules, SpansNameTheClauseThatHeldAndTheBytesOfItsField) {
  const feeds::Document doc =
      document("Syria and Iraq talk", "Iraq’s border guards caught smugglers. A border in Europe.");
  EXPECT_EQ(spans("@country:IQ AND SAME(sentence: border AND smuggl*) AND NOT football", doc),
            "title @country:IQ = Iraq\n"
            "text @country:IQ = Iraq\n"
            "text border = border\n"
            "text smuggl* = smugglers\n"
            "@country:IQ\n");
  EXPECT_EQ(spans("\"border guards\" OR football", doc),
            "text \"border guards\" = border guards\n");
  EXPECT_EQ(spans("guards NEAR/2 (smuggl* OR border)", doc),
            "text border = border\ntext guards = guards\ntext smuggl* = smugglers\n");
}

TEST(Rules, SeveralRulesAreToldApart) {
  const auto outcome = RuleSet::compile(
      {rule("football", "sport"), rule("border", "border"), rule("@country:IQ", "iraq")}, pack());
  const feeds::Document doc = document("", "The Iraqi border");
  std::vector<std::string> names;
  for (const RuleMatch& match : outcome.set.match(doc, pack().find(doc))) {
    names.push_back(outcome.set.rules()[match.rule].name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"border", "iraq"}));
  EXPECT_TRUE(RuleSet().match(doc, {}).empty());
}

TEST(Rules, WhatCannotWorkIsAnErrorThatSaysWhatWould) {
  const std::pair<const char*, const char*> cases[] = {
      {"@country:QI", "error 0+11 there is no entity '@country:QI' | did you mean @country:IQ?\n"},
      {"@kind:persn", "error 0+11 there is no entity '@kind:persn' | did you mean @kind:person?\n"},
      {"border AND @zzzzzzzzzz",
       "error 11+11 there is no entity '@zzzzzzzzzz' | define it under entities:, here or in a "
       "file "
       "that is named there; countries are @country:IQ\n"},
      {"border AND !!",
       "error 11+2 '!!' holds neither letters nor digits | punctuation and symbols "
       "are not matched\n"},
      {"a*",
       "error 0+2 'a*' is too short a beginning | give at least two letters before the '*'\n"},
      {"NOT football",
       "error 0+12 a NOT alone holds for nearly every document | say what must occur "
       "as well: border AND NOT football\n"},
      {"border OR NOT football",
       "error 0+22 this holds for documents in which none of its words occur | say what must occur "
       "as well: border AND NOT football\n"},
      {"1 OF (a, NOT b)",
       "error 0+15 this holds for documents in which none of its words occur | "
       "say what must occur as well: border AND NOT football\n"},
      {"@contry:IQ AND borde r",
       "error 0+10 there is no entity '@contry:IQ' | did you mean @country:IQ?\n"
       "error 21+1 no operator before 'r' | write borde AND r, or \"borde r\" for the words side "
       "by "
       "side\n"},
  };
  for (const auto& [query, expected] : cases) {
    const auto outcome = RuleSet::compile({rule(query)}, pack());
    EXPECT_EQ(printed(outcome.diagnostics), expected) << query;
    EXPECT_EQ(outcome.failed, std::vector<std::string>{"r"});
    EXPECT_TRUE(outcome.set.rules().empty());
  }
}

TEST(Rules, AClauseThatCanNeverHoldIsAWarningAndTheRuleLives) {
  const auto outcome = RuleSet::compile({rule("border AND title:(lead:guard OR x)")}, pack());
  EXPECT_EQ(
      printed(outcome.diagnostics),
      "warning 18+10 'lead:guard' can never hold here | the title is no part of the text, nor "
      "the text of the title\n");
  EXPECT_EQ(outcome.set.rules().size(), 1U);
}

TEST(Rules, ARuleThatFailsItsExampleIsLeftOutAndTheOthersStay) {
  RuleDef good = rule("border AND NOT lead:football", "good");
  good.examples = {{"", "The border is open", "", "", true},
                   {"Football at the border", "Football fans crossed.", "", "", false}};
  RuleDef bad = rule("@country:IQ AND border AND secur*", "bad");
  bad.examples = {{"", "Iraqi guards watch the frontier", "", "", true},
                  {"Iraq secures its border", "", "", "", false}};
  const auto outcome = RuleSet::compile({bad, good}, pack());
  EXPECT_EQ(
      printed(outcome.diagnostics),
      "error 0+0 the example 'Iraqi guards watch the frontier' must match, but it does not | "
      "what does not hold: border; secur*\n"
      "error 0+0 the example 'Iraq secures its border' must not match, but it does | it holds "
      "by: @country:IQ, secur*, border\n");
  EXPECT_EQ(outcome.diagnostics.at(0).subject, "bad");
  EXPECT_EQ(outcome.failed, std::vector<std::string>{"bad"});
  ASSERT_EQ(outcome.set.rules().size(), 1U);
  EXPECT_EQ(outcome.set.rules()[0].name, "good");
  EXPECT_EQ(outcome.set.canonical(0), "border AND NOT lead:football");
}

TEST(Rules, NamesAreUniqueAndPlain) {
  const auto outcome = RuleSet::compile(
      {rule("a", "one"), rule("b", "one"), rule("c", "two words"), rule("d", "")}, pack());
  EXPECT_EQ(printed(outcome.diagnostics),
            "error 0+0 there are two rules named 'one' | rename one of them\n"
            "error 0+0 'two words' is no name for a rule | letters, digits, '-' and '_'\n"
            "error 0+0 '' is no name for a rule | letters, digits, '-' and '_'\n");
  EXPECT_EQ(outcome.set.rules().size(), 1U);
}

TEST(Rules, TheDesignsSampleRuleHoldsForItsOwnExamples) {
  RuleDef def = rule(
      "@country:IQ AND @country:SY\n"
      "AND SAME(sentence: (border~ OR @border-crossings) AND (secur* OR control~ OR smuggl* OR "
      "infiltrat*))\n"
      "AND NOT lead:(football OR \"world cup\")\n",
      "iraq-syria-border-security");
  def.examples = {
      {"",
       "Iraqi intelligence chief meets the Syrian president in Damascus to discuss securing "
       "their border",
       "", "", true},
      {"Iraq beat Syria 1-0", "Border control was light as fans crossed for the football match.",
       "", "", false},
      {"", "Syrian and Iraqi officers at the Qaim crossing agreed to step up controls.", "", "",
       true},
      {"", "The Iraqi and Syrian teams met at the world cup; border control was light.", "", "",
       false},
  };
  EXPECT_EQ(printed(RuleSet::compile({def}, pack()).diagnostics), "");
}

TEST(Rules, ARuleSeesEachDocumentInTimeThatGrowsWithItsLength) {
  // Every word matches everywhere: the worst that a document can do to NEAR, SAME and {n}.
  std::string text;
  for (int i = 0; i < 30000; ++i) text += i % 2 == 0 ? "a " : "b.\n";
  const feeds::Document doc = document("", text);
  EXPECT_TRUE(matches("(a NEAR/10000 b) AND SAME(sentence: a AND b) AND a{100}", doc));
  EXPECT_FALSE(matches("(\"b a\" NEAR/10000 \"a b\") AND a", doc));
}

TEST(RuleSet, NamesEachClauseByWhichAnExampleWronglyHolds) {
  RuleDef def = rule("russia OR us");
  def.examples.push_back({});
  def.examples.back().title = "Russia and us";
  def.examples.back().must_match = false;
  const auto found = RuleSet::compile({def}, pack()).diagnostics;
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.back().hint, "it holds by: russia, us");
}

// Each suggestion costs a look at all names, and a bad edit may make thousands of errors.
TEST(RuleSet, SuggestsForTheFirstOfManyErrorsOnly) {
  const auto suggested = [](const std::vector<Diagnostic>& diagnostics) {
    return std::count_if(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& one) {
      return one.hint.find("did you mean") != std::string::npos;
    });
  };
  std::vector<RuleDef> rules;
  std::vector<EntityDef> entities = {entity("al-qaim", "town", {"al-Qaim"})};
  for (int i = 0; i < 100; ++i) {
    rules.push_back(rule("@al-qai", "a" + std::to_string(i)));
    rules.push_back(rule("$aa1", "b" + std::to_string(i)));
    entities.push_back(entity("e" + std::to_string(i), "town", {"Name"}));
    entities.back().part_of = {"al-qai"};
  }
  const auto compiled = RuleSet::compile(rules, pack()).diagnostics;
  EXPECT_EQ(compiled.size(), 200U);
  EXPECT_EQ(suggested(compiled), 20);
  EXPECT_EQ(suggested(Gazetteer::compile(entities).second), 20);
}

}  // namespace
}  // namespace wirewatch::rules
