#include <gtest/gtest.h>

#include "rules/match/arabic_hint.h"
#include "rules/match/match_json.h"
#include "rules/match/passage.h"
#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

struct Matched {
  RuleSet set;
  feeds::Document doc;
  std::vector<feeds::Mention> mentions;
  std::vector<RuleMatch> matches;
};

Matched matched(const std::string& query, feeds::Document doc) {
  Matched m;
  m.set = RuleSet::compile({rule(query)}, pack()).set;
  m.mentions = pack().find(doc);
  m.matches = m.set.match(doc, m.mentions);
  m.doc = std::move(doc);
  return m;
}

TEST(MatchOutput, IsOneLineOfJsonWithByteOffsets) {
  const Matched m = matched("@country:IQ AND \"border guards\"",
                            document("Café in Iraq", "Border guards\nsay \"no\"."));
  EXPECT_EQ(match_json(m.doc, m.set, m.matches),
            R"({"id":"d","rules":[{"rule":"r","spans":[)"
            R"({"field":"title","start":9,"end":13,"clause":"@country:IQ"},)"
            R"({"field":"text","start":0,"end":13,"clause":"\"border guards\""}],)"
            R"("entities":["country:IQ"]}]})");
  EXPECT_EQ(match_json(m.doc, m.set, {}), R"({"id":"d","rules":[]})");
}

TEST(ExplainOutput, NamesTheFormInWhichAnArabicClauseWouldBeFound) {
  const Matched m = matched("\"معبر القائم\" AND (حدود OR \"معبر ربيعة\" OR =حدود OR border)",
                            document("", "مرت القافلة بمعبر القائم والحدود مغلقة."));
  Explained explained = m.set.explain(0, m.doc, m.mentions);
  add_arabic_hints(explained, m.doc);
  EXPECT_EQ(explain_text(explained, m.doc),
            "- \"معبر القائم\" AND (حدود OR \"معبر ربيعة\" OR =حدود OR border)\n"
            "  - \"معبر القائم\"  (here in another form: \"معبر~ القائم~\" finds it)\n"
            "  - حدود OR \"معبر ربيعة\" OR =حدود OR border\n"
            "    - حدود  (here in another form: حدود~ finds it)\n"
            "    - \"معبر ربيعة\"\n"
            "    - =حدود\n"
            "    - border\n");
  EXPECT_NE(explain_json(explained).find(R"("holds":false,"hint":"\"معبر~ القائم~\"","spans":[])"),
            std::string::npos)
      << explain_json(explained);
}

TEST(ExplainOutput, ShowsEachClauseAndWhatMadeItHold) {
  const Matched m = matched(
      "border AND SAME(sentence: guard~ AND football) AND NOT title:tennis",
      document("",
               "Border guards play. The border is shut. No border, no border, no border, no "
               "border."));
  const Explained explained = m.set.explain(0, m.doc, m.mentions);
  EXPECT_EQ(explain_text(explained, m.doc),
            "- border AND SAME(sentence: guard~ AND football) AND NOT title:tennis\n"
            "  + border: “Border” (text 0), “border” (text 24), “border” (text 43), “border” (text "
            "54), “border” (text 65), 1 more\n"
            "  - SAME(sentence: guard~ AND football)\n"
            "    - guard~ AND football\n"
            "      + guard~: “guards” (text 7)\n"
            "      - football\n"
            "  + NOT title:tennis\n"
            "    - title:tennis\n"
            "      - tennis\n");
  const Matched small = matched("a AND NOT b", document("", "a"));
  EXPECT_EQ(explain_json(small.set.explain(0, small.doc, small.mentions)),
            R"({"clause":"a AND NOT b","kind":"and","holds":true,"parts":[)"
            R"({"clause":"a","kind":"term","holds":true,)"
            R"("spans":[{"field":"text","start":0,"end":1,"clause":"a"}]},)"
            R"({"clause":"NOT b","kind":"not","holds":true,"parts":[)"
            R"({"clause":"b","kind":"term","holds":false,"spans":[]}]}]})");
}

std::string marked(const Passage& passage) {
  std::string text = passage.text;
  for (auto mark = passage.marks.rbegin(); mark != passage.marks.rend(); ++mark) {
    text.insert(mark->end, "]").insert(mark->start, "[");
  }
  return text;
}

std::string repeated(const std::string& sentence, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += sentence + std::to_string(i) + ". ";
  return text;
}

TEST(Passage, ShowsTheDensestMatchesMarkedAndCutBetweenWords) {
  const std::string before = repeated("Nothing about a border happens in sentence number ", 20);
  const std::string after = repeated(" More of the same follows here in sentence ", 20);
  const Matched m = matched(
      "border AND smuggl* AND @country:IQ",
      document("Smugglers at the border", before +
                                              "Iraqi guards caught smugglers who had crossed the "
                                              "border on foot." +
                                              after));
  ASSERT_EQ(m.matches.size(), 1U);
  const Passage passage = passage_for(m.doc, m.matches[0]);
  EXPECT_EQ(marked(passage).find("…[Iraqi] guards caught [smugglers] who had crossed the [border] "
                                 "on foot. More of the same follows here in sentence 0."),
            0U)
      << marked(passage);
  EXPECT_LE(passage.text.size(), passage_bytes);
  EXPECT_GE(passage.text.size(), 200U);
  EXPECT_TRUE(passage.text.ends_with("…"));
}

TEST(Passage, OfAShortTextIsTheText) {
  const Matched m =
      matched("border", document("T", "“Open,” said the border guard.\nThe end (for now)."));
  EXPECT_EQ(marked(passage_for(m.doc, m.matches.at(0))),
            "“Open,” said the [border] guard. The end (for now).");
  EXPECT_EQ(marked(passage_for(m.doc, RuleMatch())),
            "“Open,” said the border guard. The end (for now).");
}

TEST(Passage, OfADocumentWithoutTextIsItsTitle) {
  const Matched m = matched("border", document("The border is open", ""));
  EXPECT_EQ(marked(passage_for(m.doc, m.matches.at(0))), "The [border] is open");
  EXPECT_EQ(passage_for(document("", ""), RuleMatch()).text, "");
}

TEST(Passage, NeverCutsACharacterAndNeverGrowsTooLong) {
  for (const std::string& word : {std::string(2000, 'a'), std::string("الحدود والأمن "),
                                  std::string("境界"), std::string("a. b\n")}) {
    std::string text;
    for (int i = 0; i < 200; ++i) text += word;
    const feeds::Document doc = document("", text);
    for (std::size_t i = 0; i < doc.tokens.size(); i += 7) {
      RuleMatch match;
      match.spans.push_back({feeds::Field::text, doc.tokens[i].start, doc.tokens[i].end, "x"});
      for (const std::size_t most : {10U, 40U, 280U}) {
        const Passage passage = passage_for(doc, match, most);
        ASSERT_LE(passage.text.size(), most);
        ASSERT_EQ(document("", passage.text).text.find("\xEF\xBF\xBD"), std::string::npos);
        for (const Passage::Mark& mark : passage.marks) ASSERT_LE(mark.end, passage.text.size());
      }
    }
  }
}

}  // namespace
}  // namespace wirewatch::rules
