// What `check` warns of, and what it refuses, beyond syntax.
#include <gtest/gtest.h>

#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

std::string told(const std::string& query) {
  return printed(RuleSet::compile({rule(query)}, pack()).diagnostics);
}

TEST(Warnings, NameClausesThatCanNeverHold) {
  const std::pair<const char*, const char*> cases[] = {
      {"border AND NOT border",
       "warning 11+10 'NOT border' excludes everything that 'border' finds | this can never hold; "
       "exclude less\n"},
      {"border AND NOT (guard OR bord*)",
       "warning 11+19 'NOT (guard OR bord*)' excludes everything that 'border' finds | this can "
       "never hold; exclude less\n"},
      {"@hamid-al-shatri AND NOT @kind:person",
       "warning 21+16 'NOT @kind:person' excludes everything that '@hamid-al-shatri' finds | this "
       "can never hold; exclude less\n"},
      // Its twin is in Syria only.
      {"@al-qaim AND NOT @country:IQ", ""},
      {"border AND age < 1h AND age > 2h",
       "warning 24+8 'age < 1h' and 'age > 2h' can never hold together | use OR, or leave one "
       "out\n"},
      {"border AND lang:en AND lang:ar",
       "warning 23+7 'lang:en' and 'lang:ar' can never hold together | use OR, or leave one out\n"},
      {"border OR guard OR border",
       "warning 19+6 'border' is there twice | one of the two is "
       "enough\n"},
      {"border AND NOT borders", ""},
      {"title:border AND NOT border{3}", ""},
      {"counter-terrorism AND NOT counter", ""},
      {"border AND age > 1h AND age < 2h", ""},
  };
  for (const auto& [query, expected] : cases) EXPECT_EQ(told(query), expected) << query;
}

TEST(Warnings, NameWordsThatStandEverywhere) {
  const std::pair<const char*, const char*> cases[] = {
      {"border AND the",
       "warning 11+3 'the' stands in nearly every document, so it tells nothing | leave it out, or "
       "make it part of a phrase\n"},
      {"US AND border",
       "warning 0+2 'US' also finds the word \"us\", which stands in nearly every document | write "
       "=US for these letters only\n"},
      {"border AND NOT of",
       "warning 15+2 a NOT of 'of' leaves nearly nothing: nearly every document has it | exclude a "
       "rarer word or a longer phrase\n"},
      {"border AND \"the who\"",
       "warning 11+9 '\"the who\"' stands in nearly every document, so it tells nothing | leave it "
       "out, or make it part of a phrase\n"},
      {"=US AND \"in the border\" AND source:the", ""},
  };
  for (const auto& [query, expected] : cases) EXPECT_EQ(told(query), expected) << query;
}

TEST(Warnings, ARuleThatNeedsNoWordIsTriedOnEveryDocument) {
  EXPECT_EQ(told("/b[aeiou]rder/"),
            "warning 0+14 this needs no word, so its pattern is tried on every document | add a "
            "word that must occur: word AND /pattern/\n");
  EXPECT_EQ(told("crossing AND /b[aeiou]rder/"), "");
}

TEST(Refused, IsWhatAFieldOrATermCannotHave) {
  const std::pair<const char*, const char*> cases[] = {
      {"lang:english",
       "error 5+7 'english' is no code of a language | two or three letters: lang:ar, lang:(ar OR "
       "ckb)\n"},
      {"country:Iraq",
       "error 8+4 'Iraq' is no code of a country | two letters: country:IQ; for countries that are "
       "named use @country:IQ\n"},
      {"source:@country:IQ",
       "error 7+11 '@country:IQ' has no place inside source: | words, \"phrases\", begin*, "
       "/patterns/ and AND, OR, NOT of them are looked for there\n"},
      {"ab~1", "error 0+4 'ab~1' is too short | ~1 takes a word of 3 to 64 letters\n"},
      {"abcd~2", "error 0+6 'abcd~2' is too short | ~2 takes a word of 5 to 64 letters\n"},
      {"/(/ AND border",
       "error 0+3 '/(/' is no pattern: missing ): ( | the syntax is RE2's: no look-around, no back "
       "references\n"},
      {"length > 20",
       "error 0+11 this holds for documents in which none of its words occur | say what must occur "
       "as well: border AND NOT football\n"},
  };
  for (const auto& [query, expected] : cases) EXPECT_EQ(told(query), expected) << query;
}

}  // namespace
}  // namespace wirewatch::rules
