#include "rules/query/parser.h"

#include <gtest/gtest.h>

#include <random>

#include "rules/query/lexer.h"
#include "rules/query/node.h"
#include "tests/rules/query/random_tree.h"
#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

std::string canonical(const std::string& query) {
  const Parsed parsed = parse(query);
  return has_error(parsed.diagnostics) || !parsed.tree ? printed(parsed.diagnostics)
                                                       : to_text(*parsed.tree);
}

TEST(Parser, PrintsWhatItReadInCanonicalForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"border", "border"},
      {"  border\n\tAND  guard ", "border AND guard"},
      {"(border)", "border"},
      {"a AND (b AND c)", "a AND b AND c"},
      {"(a AND b) OR c", "(a AND b) OR c"},
      {"a OR (b OR (c OR d))", "a OR b OR c OR d"},
      {"NOT a AND b", "NOT a AND b"},
      {"NOT (a AND b)", "NOT (a AND b)"},
      {"NOT a NEAR/3 b", "NOT (a NEAR/3 b)"},
      {"title:border", "title:border"},
      {"title: (a OR b)", "title:(a OR b)"},
      {"title:NOT a", "title:NOT a"},
      {"lead,title:(a AND b)", "title,lead:(a AND b)"},
      {"title,text:a OR lead,text:b OR title,title:c OR text,lead,title:d",
       "title,text:a OR text:b OR title:c OR title,text:d"},
      {"1 OF (title, lead:a)", "1 OF (title, lead:a)"},
      {"lead:\"world  cup\"", "lead:\"world cup\""},
      {"“world cup”", "\"world cup\""},
      {"\"secur* force~ =US\"", "\"secur* force~ =US\""},
      {"=INA OR smuggl* OR border~", "=INA OR smuggl* OR border~"},
      {"counter-terrorism AND 1,905", "counter-terrorism AND 1,905"},
      {"@country:IQ AND @kind:person", "@country:IQ AND @kind:person"},
      {"(a OR b) NEAR/5 \"c d\" AND e", "((a OR b) NEAR/5 \"c d\") AND e"},
      {"@country:IQ BEFORE/10 attack", "@country:IQ BEFORE/10 attack"},
      {"SAME(sentence: a AND b)", "SAME(sentence: a AND b)"},
      {"SAME( paragraph:a OR b )", "SAME(paragraph: a OR b)"},
      {"attack{3}", "attack{3}"},
      {"(attack OR raid){ 2 }", "(attack OR raid){2}"},
      {"2 OF (a, b AND c, d)", "2 OF (a, b AND c, d)"},
      {"2 OF (حدود~، معبر~،أمن~)", "2 OF (حدود~, معبر~, أمن~)"},
      {"2 AND 3", "2 AND 3"},
      {"-5 AND +force", "-5 AND +force"},
      {"shatri~1 AND \"al shatri~2\"", "shatri~1 AND \"al shatri~2\""},
      {"/a\\/b c/i OR /\\d+/", "/a\\/b c/i OR /\\d+/"},
      {"$border AND NOT $sport", "$border AND NOT $sport"},
      {"age<120m AND length >= 0200", "age < 2h AND length >= 200"},
      {"age > 90s AND age <=36h", "age > 90s AND age <= 36h"},
      {"age AND length", "age AND length"},
      {"source:reuters AND tag: (wire OR \"state media\")",
       "source:reuters AND tag:(wire OR \"state media\")"},
      {"url:/\\/live\\// AND url:bbc.com/news AND lang:ar AND NOT country:IQ",
       "url:/\\/live\\// AND url:bbc.com/news AND lang:ar AND NOT country:IQ"},
      {"feed:a AND author:b AND category:c", "feed:a AND author:b AND category:c"},
      {"حدود AND \"معبر القائم\"", "حدود AND \"معبر القائم\""},
  };
  for (const auto& [query, expected] : cases) EXPECT_EQ(canonical(query), expected) << query;
}

TEST(Parser, TellsEveryErrorWithItsPlaceAndAHint) {
  const std::pair<const char*, const char*> cases[] = {
      {"",
       "error 0+0 the query is empty | write the words that must occur: border AND "
       "@country:IQ\n"},
      {"border guard",
       "error 7+5 no operator before 'guard' | write border AND guard, or \"border guard\" for the "
       "words side by side\n"},
      {"border and guard",
       "error 7+3 'and' is a word like any other here | operators are written in capitals: AND\n"},
      {"border AND -football",
       "error 11+9 '-football' does not exclude 'football' here | write NOT football\n"},
      {"border AND !فيلم", "error 11+9 '!فيلم' does not exclude 'فيلم' here | write NOT فيلم\n"},
      {"border AND -\"world cup\"",
       "error 11+12 '-' excludes nothing here | write NOT \"world cup\"\n"},
      {"border -(film OR novel)",
       "error 7+16 '-' excludes nothing here | write AND NOT (film OR novel)\n"},
      {"-title:film AND border", "error 0+11 '-' excludes nothing here | write NOT title:film\n"},
      {"border !@country:IQ", "error 7+12 '!' excludes nothing here | write AND NOT @country:IQ\n"},
      {"border && guard",
       "error 7+2 '&&' joins nothing here | operators are words in capitals: AND\n"},
      {"border | guard",
       "error 7+1 '|' joins nothing here | operators are words in capitals: OR\n"},
      {"border or not guard",
       "error 7+2 'or' is a word like any other here | operators are written in capitals: OR "
       "NOT\n"},
      {"border near 5 guard",
       "error 7+4 'near' is a word like any other here | operators are written in capitals: "
       "NEAR/5\n"},
      {"border before/3 guard",
       "error 7+8 'before/3' is a word like any other here | operators are written in capitals: "
       "BEFORE/3\n"},
      {"border near guard",
       "error 7+4 'near' is a word like any other here | operators are written in capitals: "
       "NEAR/5\n"},
      {"not guard",
       "error 0+3 'not' is a word like any other here | operators are written in capitals: NOT\n"},
      {"border and",
       "error 7+3 'and' is a word like any other here | operators are written in capitals: AND\n"},
      {"two strikes NEAR 5 drone",
       "error 4+7 no operator before 'strikes' | write two AND strikes, or \"two strikes\" for the "
       "words side by side\n"
       "error 12+6 'NEAR 5' needs a distance in words | write NEAR/5, without a blank\n"},
      {"strike NEAR 5 drone",
       "error 7+6 'NEAR 5' needs a distance in words | write NEAR/5, without a blank\n"},
      {"strike(s) AND drone",
       "error 6+1 no operator before '(' | write strike OR strikes, or strike~ for all its "
       "forms\n"},
      {"SAME(sentence: NEAR/3 x)",
       "error 15+6 NEAR/3 needs a term on each side | write border NEAR/3 attack\n"},
      {"\"a @country:IQ\"",
       "error 3+11 '@country:IQ' is no entity inside quotation marks | write it outside of them: "
       "\"a phrase\" NEAR/1 @country:IQ\n"},
      {"title,source:a",
       "error 0+13 'source:' cannot stand in a list of fields | title, lead and text can: "
       "title,lead:word; for others write source:word OR tag:word\n"},
      {"title,leed:a", "error 0+11 there is no field 'leed' | did you mean lead:\n"},
      {"a AND b OR c",
       "error 8+2 AND beside OR without parentheses could be read in two ways | put parentheses "
       "around one of them: (a AND b) OR c, or a AND (b OR c)\n"},
      {"(a AND b", "error 0+1 this '(' is never closed | close it with ')'\n"},
      {"a) AND b", "error 1+1 this ')' closes nothing | remove it, or open it with '('\n"},
      {"a AND", "error 2+3 AND has nothing on its right | it stands between two terms: a AND b\n"},
      {"OR a", "error 0+2 OR has nothing on its left | it stands between two terms: a AND b\n"},
      {"a AND OR b", "error 2+3 AND is followed by OR | one of the two is too many\n"},
      {"a AND NOT", "error 6+3 NOT has nothing behind it | write NOT football, or NOT (a OR b)\n"},
      {"()", "error 0+1 empty parentheses | put at least one term between them\n"},
      {"titel:iraq", "error 0+6 there is no field 'titel' | did you mean title:\n"},
      {"colour:iraq",
       "error 0+7 there is no field 'colour' | fields are title: lead: text: source: feed: tag: "
       "author: category: lang: url: country:\n"},
      {"title: AND a",
       "error 0+6 'title:' has nothing behind it | write title:word or "
       "title:(a OR b)\n"},
      {"\"world cup", "error 0+10 this quotation mark is never closed | end the phrase with \"\n"},
      {"a AND \"\"", "error 6+2 a phrase without words\n"},
      {"a NEAR b",
       "error 2+4 'NEAR' needs a distance in words | write NEAR/5: a whole number from 1 "
       "to 10000\n"},
      {"a NEAR/0 b",
       "error 2+6 'NEAR/0' needs a distance in words | write NEAR/5: a whole number "
       "from 1 to 10000\n"},
      {"a NEAR/3 (b AND c)",
       "error 10+7 'b AND c' has no single place that NEAR/3 could measure from | use words, "
       "phrases and @entities here, or several in (a OR b)\n"},
      {"a NEAR/3 b NEAR/3 c",
       "error 0+10 'a NEAR/3 b' has no single place that NEAR/3 could measure from | join two of "
       "them: (a NEAR/5 b) AND (b NEAR/5 c)\n"},
      {"SAME(a AND b)",
       "error 0+4 SAME does not say where | write SAME(sentence: a AND b), "
       "SAME(paragraph: …) or SAME(title: …)\n"},
      {"SAME(sentense: a)", "error 5+9 SAME knows no 'sentense' | did you mean sentence:\n"},
      {"3 OF (a, b)",
       "error 0+1 '3' of 2 terms cannot hold | the number before OF is from 1 to 2\n"},
      {"a, b", "error 1+1 a comma outside a list | lists are written 2 OF (a, b, c)\n"},
      {"(a AND b){2}",
       "error 9+3 'a AND b' cannot be counted | words, phrases, @entities and (a OR "
       "b) of them can\n"},
      {"a{0}",
       "error 1+3 '{0}' is no count | write attack{3} for at least three times; the number "
       "is from 1 to 10000\n"},
      {"shatri~3",
       "error 0+8 'shatri~3' allows too many edits | write word~1 or word~2; word~ alone is the "
       "word's stem\n"},
      {"=shatri~1",
       "error 0+9 '=shatri~1' has more than one mark | a word takes one of them: =Word, word~, "
       "word~1 or word*\n"},
      {"shatri~*",
       "error 0+8 'shatri~*' has more than one mark | a word takes one of them: =Word, word~, "
       "word~1 or word*\n"},
      {"a AND /b+",
       "error 6+3 this pattern is never closed | end it with '/'; a '/' inside is written \\/\n"},
      {"//", "error 0+2 an empty pattern | write /what to find/\n"},
      {"a AND $",
       "error 6+1 '$' without a rule's name | write $border-security for the rule of that name\n"},
      {"a AND age < 2",
       "error 6+7 '2' is no duration | write age < 2h: a number with s, m, h or d, at most 10 "
       "years\n"},
      {"a AND lenght > 200", "error 6+12 'lenght' cannot be measured | did you mean length?\n"},
      {"a AND length > many",
       "error 6+13 'many' is no number of words | write length > 200: a whole number up to "
       "1000000\n"},
      {"url:https://example.org",
       "error 4+19 an address stands in quotation marks | write url:\"example.org/news\"\n"},
      {"@ AND a", "error 0+1 '@' without an entity's id | write @hamid-al-shatri or @country:IQ\n"},
  };
  for (const auto& [query, expected] : cases) {
    EXPECT_EQ(printed(parse(query).diagnostics), expected) << query;
  }
}

TEST(Parser, ReportsAllErrorsAtOnceInTheOrderOfTheirPlaces) {
  EXPECT_EQ(printed(parse("titel:a AND b OR (c d) AND \"x").diagnostics),
            "error 0+6 there is no field 'titel' | did you mean title:\n"
            "error 14+2 AND beside OR without parentheses could be read in two ways | put "
            "parentheses around one of them: (a AND b) OR c, or a AND (b OR c)\n"
            "error 20+1 no operator before 'd' | write c AND d, or \"c d\" for the words side by "
            "side\n"
            "error 27+2 this quotation mark is never closed | end the phrase with \"\n");
}

TEST(Parser, RefusesWhatIsTooLongOrTooDeep) {
  EXPECT_EQ(
      printed(parse(std::string(70000, 'a')).diagnostics),
      "error 65536+0 the query is longer than 64 KiB | long lists of names are better kept as "
      "an entity group\n");
  const std::string deep = std::string(5000, '(') + "a" + std::string(5000, ')');
  EXPECT_NE(printed(parse(deep).diagnostics).find("nested too deeply"), std::string::npos);
  std::string negations;
  for (int i = 0; i < 5000; ++i) negations += "NOT ";
  EXPECT_NE(printed(parse(negations + "a").diagnostics).find("nested too deeply"),
            std::string::npos);
}

TEST(Parser, CanonicalTextOfAnyTreeParsesToTheSameTree) {
  std::mt19937 random(20241226);
  for (int i = 0; i < 2000; ++i) {
    const Node tree = random_tree(random, 4);
    const std::string text = to_text(tree);
    const Parsed parsed = parse(text);
    ASSERT_EQ(printed(parsed.diagnostics), "") << text;
    ASSERT_TRUE(parsed.tree && same_tree(*parsed.tree, tree)) << text;
    ASSERT_EQ(to_text(*parsed.tree), text);
  }
}

TEST(Parser, BoundsWhatItSaysOfALongQuery) {
  std::string nested;
  std::string phrases;
  while (nested.size() < 60'000) nested += "-(";
  while (phrases.size() < 60'000) phrases += "\"@a ";
  const std::string word = "-" + std::string(60'000, 'a');
  for (const std::string& query : {nested, phrases, word + "  " + word, "\"@" + word + "\""}) {
    EXPECT_LE(lex(query).diagnostics.size(), 50U);
    std::size_t bytes = 0;
    for (const Diagnostic& one : parse(query).diagnostics)
      bytes += one.text.size() + one.hint.size();
    EXPECT_GT(bytes, 0U);
    EXPECT_LT(bytes, 50'000U) << query.substr(0, 10);
  }
  const Parsed parsed = parse("a " + word);
  ASSERT_FALSE(parsed.diagnostics.empty());
  EXPECT_TRUE(parsed.diagnostics[0].text.ends_with("aaa' here")) << parsed.diagnostics[0].text;
}

TEST(Parser, NeverFailsOnPiecesOfQueriesPutTogetherAtRandom) {
  const std::string pieces[] = {"(",  ")",   "AND",  "OR", "NOT",  "NEAR/2", "title:",
                                "a",  "{2}", ",",    "2",  "OF",   "SAME",   "sentence:",
                                "\"", "b*",  "~",    "@",  "@x:y", "=",      "SAME(sentence:",
                                "}",  "{",   "\xFF", "حد"};
  std::mt19937 random(7);
  for (int i = 0; i < 10000; ++i) {
    std::string query;
    for (auto n = 1 + random() % 12; n > 0; --n) {
      query += pieces[random() % std::size(pieces)] + (random() % 3 == 0 ? "" : " ");
    }
    const Parsed parsed = parse(query);
    for (const Diagnostic& d : parsed.diagnostics) {
      ASSERT_LE(std::size_t{d.offset} + d.length, query.size()) << query;
    }
    if (has_error(parsed.diagnostics)) continue;
    ASSERT_TRUE(parsed.tree) << query;
    const Parsed again = parse(to_text(*parsed.tree));
    ASSERT_TRUE(again.tree && same_tree(*again.tree, *parsed.tree)) << query;
  }
}

}  // namespace
}  // namespace wirewatch::rules
