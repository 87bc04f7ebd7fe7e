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

TEST(Warnings, NameAnArabicWordThatIsFoundOnlyAsItIsWritten) {
  const std::pair<const char*, const char*> cases[] = {
      {"border AND حدود",
       "warning 11+8 in Arabic 'حدود' is not found where و ف ب ل ك or ال is written onto it | "
       "write حدود~ for all its forms; =حدود for this form only\n"},
      {"اشتباك*",
       "warning 0+13 in Arabic 'اشتباك*' is not found where و ف ب ل ك or ال is written onto it | "
       "write اشتباك~ for all its forms\n"},
      // One is enough to say so.
      {"حدود OR معبر",
       "warning 0+8 in Arabic 'حدود' is not found where و ف ب ل ك or ال is written onto it | write "
       "حدود~ for all its forms; =حدود for this form only\n"},
      {"حدود~ AND =معبر AND \"معبر القائم\"", ""},
      {"حدود OR بالحدود OR الحدود", ""},
      {"اشتباك* OR الاشتباك*", ""},
      {"border AND NOT مباراة", ""},
      {"مرز AND lang:fa", ""},
      {"سنوور OR گمرک OR کوردستان",
       "warning 0+10 in Arabic 'سنوور' is not found where و ف ب ل ك or "
       "ال is written onto it | write سنوور~ for all its forms; "
       "=سنوور for this form only\n"},
      {"گمرک OR کوردستان", ""},
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
      {"lang:jp AND border",
       "warning 5+2 'jp' is the code of no language | did you mean lang:ja?\n"},
      {"border AND lang:(iq OR ar)",
       "warning 17+2 'iq' is the code of no language | did you mean lang:ar?\n"},
      {"border AND lang:xx",
       "warning 16+2 'xx' is the code of no language | codes are those of ISO 639: lang:ar, "
       "lang:(ar OR ckb)\n"},
      {"border AND lang:(EN OR ckb OR kmr OR ku)", ""},
      {"border AND lang:eng",
       "warning 16+3 no document's language is called 'eng' | did you mean lang:en?\n"},
      {"border AND country:UK",
       "warning 19+2 'UK' is the code of no country | did you mean country:GB?\n"},
      {"border AND country:(iq OR GB)", ""},
      {"border AND country:CO",
       "warning 19+2 addresses that end in .co tell no country | give the feeds meant the tag "
       "country:CO\n"},
      {"@country:USA",
       "error 0+12 there is no entity '@country:USA' | did you mean @country:US?\n"},
      {"@country:UK", "error 0+11 there is no entity '@country:UK' | did you mean @country:GB?\n"},
      {"@country:XX",
       "error 0+11 there is no entity '@country:XX' | a country is written with its two letters of "
       "ISO 3166: @country:IQ\n"},
      {"@country:iq", "error 0+11 there is no entity '@country:iq' | did you mean @country:IQ?\n"},
      {"@country:france",
       "error 0+15 there is no entity '@country:france' | did you mean @country:FR?\n"},
      {"@kind:persn", "error 0+11 there is no entity '@kind:persn' | did you mean @kind:person?\n"},
      {"@role:inteligence-chief",
       "error 0+23 there is no entity '@role:inteligence-chief' | did you mean "
       "@role:intelligence-chief?\n"},
      {"@karim",
       "error 0+6 there is no entity '@karim' | define it under entities:, here or in a file that "
       "is named there; countries are @country:IQ\n"},
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

TEST(Refused, HintsNameWhatTheEntitiesHave) {
  EntityDef chief = entity("chief", "person", {"Hamid Shatri"});
  const auto told_with = [](const std::string& query, const std::vector<EntityDef>& defs) {
    return printed(RuleSet::compile({rule(query)}, Gazetteer::compile(defs).first).diagnostics);
  };
  EXPECT_EQ(told_with("@role:boss", {chief}),
            "error 0+10 there is no entity '@role:boss' | roles are given to persons under "
            "entities: roles: [{role: intelligence-chief, from: 2024-10}]\n");
  EntityRole role;
  role.role = "intelligence-chief";
  chief.roles = {role};
  EXPECT_EQ(told_with("@role:boss", {chief}),
            "error 0+10 there is no entity '@role:boss' | the roles of your entities are "
            "@role:intelligence-chief\n");
  EXPECT_EQ(told_with("@kind:weapon", {chief}),
            "error 0+12 there is no entity '@kind:weapon' | the kinds of your entities are "
            "@kind:person\n");
}

}  // namespace
}  // namespace wirewatch::rules
