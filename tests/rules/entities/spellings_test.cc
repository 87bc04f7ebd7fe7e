#include <gtest/gtest.h>

#include "rules/entities/countries.h"
#include "rules/entities/name_distance.h"
#include "rules/entities/name_match.h"
#include "rules/entities/name_resolver.h"
#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

std::string found(const Gazetteer& gazetteer, const std::string& text) {
  const feeds::Document doc = document("", text);
  std::string all;
  for (const feeds::Mention& mention : gazetteer.find(doc)) {
    if (!all.empty()) all += ", ";
    all += mention.entity + "=" + doc.text.substr(mention.start, mention.end - mention.start);
  }
  return all;
}

Gazetteer people() {
  EntityDef shatri = entity("shatri", "person", {"Hamid al-Shatri"});
  shatri.shorts = {"Shatri"};
  EntityDef sharaa = entity("sharaa", "person", {"Ahmed al-Sharaa"});
  sharaa.shorts = {"Sharaa"};
  EntityDef pinned = entity("pinned", "person", {"Jawad Salmani"});
  pinned.exact = true;
  return Gazetteer::compile({shatri, sharaa, pinned, entity("maher", "person", {"Maher al-Sharaa"}),
                             entity("shibani", "person", {"Asaad al-Shibani"}),
                             entity("assad", "person", {"Bashar al-Assad"}),
                             entity("sudani", "person", {"Mohammed Shia' al-Sudani"}),
                             entity("nuri", "person", {"Nur al-Din Abd al-Rahman"}),
                             entity("baghdadi", "person", {"Abu Bakr al-Baghdadi"}),
                             entity("laden", "person", {"Osama bin Laden"}),
                             entity("qamishli", "place", {"Qamishli"}),
                             entity("front", "organisation", {"Joint Relief Front", "Hope"})})
      .first;
}

TEST(Spellings, OneListedNameIsFoundInScriptsAndRomanisationsThatAreNot) {
  const Gazetteer gazetteer = people();
  const std::pair<const char*, const char*> cases[] = {
      {"He met Hameed Al Shatry.", "shatri=Hameed Al Shatry"},
      {"Hamid ash-Shatri spoke. Later al-Shatry left.",
       "shatri=Hamid ash-Shatri, shatri=al-Shatry"},
      {"قال حميد الشطري إن", "shatri=حميد الشطري"},
      {"التقى بحميد الشطري", "shatri=بحميد الشطري"},
      {"Хамид аш-Шатри прибыл", "shatri=Хамид аш-Шатри"},
      {"Hamîd eş-Şetrî hat", "shatri=Hamîd eş-Şetrî"},
      {"حەمید شەتری گوتی", "shatri=حەمید شەتری"},
      {"حمید شطری گفت", "shatri=حمید شطری"},
      {"Ahmad al-Shara and Ahmed Shar'a", "sharaa=Ahmad al-Shara, sharaa=Ahmed Shar'a"},
      {"Muhammad Shia al Soudani arrived", "sudani=Muhammad Shia al Soudani"},
      {"محمد شياع السوداني", "sudani=محمد شياع السوداني"},
      {"Nureddin Abdurrahman came", "nuri=Nureddin Abdurrahman"},
      {"نور الدين عبد الرحمن", "nuri=نور الدين عبد الرحمن"},
      {"Abubakr Baghdadi died", "baghdadi=Abubakr Baghdadi"},
      {"Usama ibn Ladin", "laden=Usama ibn Ladin"},
      {"in Kamishly today", "qamishli=Kamishly"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(found(gazetteer, text), expected) << text;
}

// How the words of a name are joined, written and inflected is no part of it.
TEST(Spellings, WhatJoinsTheWordsOfANameDoesNotMatter) {
  const Gazetteer gazetteer =
      Gazetteer::compile({entity("nasiri", "person", {"Tarek al-Nasiri"}),
                          entity("yaqub", "person", {"Yaqub al-Otaibi"}),
                          entity("choi", "person", {"Choi Sun-ho"}),
                          entity("rahmani", "person", {"Zia ul Rahmani"}),
                          entity("guards", "organisation", {"Northern River Guard Corps"}),
                          entity("mendez", "person", {"Gustavo Ramon Mendez"}),
                          entity("presidency", "organisation", {"Ruritanian Presidency"})})
          .first;
  const std::pair<const char*, const char*> cases[] = {
      {"Tariq al-'Nasiri spoke", "nasiri=Tariq al-'Nasiri"},
      {"Tariq al-’Nasiry spoke", "nasiri=Tariq al-’Nasiry"},
      {"Yaqoob Alotaibi left", "yaqub=Yaqoob Alotaibi"},
      {"Choi Soon-ho met them", "choi=Choi Soon-ho"},
      {"Zia ul Rehmani won", "rahmani=Zia ul Rehmani"},
      {"the Northern River Guards Corps said", "guards=Northern River Guards Corps"},
      {"Bustavo Ramon Mendez fled", "mendez=Bustavo Ramon Mendez"},
      {"the Ruritanian President said", ""},
      {"Tariq and 'Nasiri", ""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(found(gazetteer, text), expected) << text;
}

TEST(Spellings, APlainWordIsASpellingOnlyBesideASureOne) {
  const Gazetteer gazetteer = Gazetteer::compile({entity("saad", "person", {"Saad Hariri"})}).first;
  EXPECT_EQ(found(gazetteer, "Sad Hariri resigned"), "saad=Sad Hariri");
  EXPECT_EQ(found(gazetteer, "Sad Harari resigned"), "");
}

TEST(Spellings, GivenNamesMayStandInBetween) {
  const Gazetteer gazetteer = people();
  EXPECT_EQ(found(gazetteer, "Asaad Hassan al-Shaibani spoke"), "shibani=Asaad Hassan al-Shaibani");
  EXPECT_EQ(found(gazetteer, "أسعد حسن الشيباني"), "shibani=أسعد حسن الشيباني");
  EXPECT_EQ(found(gazetteer, "Asaad told Shaibani"), "");
  EXPECT_EQ(found(gazetteer, "Asaad Meets Shaibani"), "");
  EXPECT_EQ(found(gazetteer, "أسعد قال الشيباني"), "");
}

TEST(Spellings, LookAlikesAreKeptApart) {
  const Gazetteer gazetteer = people();
  EXPECT_EQ(found(gazetteer, "Maher Sharaa and Farouk al-Sharaa"), "maher=Maher Sharaa");
  EXPECT_EQ(found(gazetteer, "Bashar al-Asad left. Asaad stayed."), "assad=Bashar al-Asad");
  EXPECT_EQ(found(gazetteer, "Hamid Hassan and Ahmed Shatri"), "");
  EXPECT_EQ(found(gazetteer, "Jawad Salmani and Jawad Salmany"), "pinned=Jawad Salmani");
}

TEST(Spellings, WordsOfTheLanguageAreNoSpellingsOfNames) {
  const Gazetteer gazetteer = people();
  EXPECT_EQ(found(gazetteer, "the hamid shatry of lower case"), "");
  EXPECT_EQ(found(gazetteer, "Joint Relieve Frond, Hopes and Hop"), "");
  EXPECT_EQ(found(gazetteer, "A joint relief front. The Joint Relief Front."),
            "front=joint relief front, front=Joint Relief Front");
}

struct Pair {
  const char* a;
  const char* b;
  const char* verdict;
};

TEST(Spellings, PairsOfNamesAreJudged) {
  const Pair pairs[] = {
      {"al-Shatri", "الشطري", "same"},
      {"Al Shatri", "للشطري", "same"},
      {"el-Shatry", "والشطري", "same"},
      {"Sharaa", "Shar'a", "same"},
      {"Sharaa", "الشرع", "same"},
      {"Muhammad", "Mohammed", "same"},
      {"Bassem", "Basim", "same"},
      {"Shia'", "Shia\xE2\x80\x99", "same"},
      {"Shaibani", "Shibani", "same"},
      {"QADHAFI, Khamis", "Khamis Gaddafi", "same"},
      {"Abd ar-Rahman Nuaimi", "Abdurrahman al-Nuaimi", "same"},
      {"Hosseinzadeh", "Hossein Zadeh", "same"},
      {"Asaad Hassan al-Shaibani", "Asaad al-Shibani", "same"},
      {"ﺍﻟﺸﻄﺮﻱ", "الشّـطري", "same"},
      {"Asaad", "Assad", "unsure"},
      {"Farouk al-Sharaa", "Ahmed al-Sharaa", "different"},
      {"Hassan", "Karim", "different"},
      {"محمد", "محمود", "different"},
      {"حسن", "حسين", "different"},
      {"", "Hassan", "different"},
      {"123", "!!", "different"},
  };
  for (const Pair& pair : pairs) {
    const NameText a = read_name(pair.a);
    const NameText b = read_name(pair.b);
    const std::size_t parts = std::min(a.units.size(), b.units.size());
    const NameComparison compared = compare_names(a, b);
    EXPECT_STREQ(verdict_text(name_verdict(compared, parts)), pair.verdict)
        << pair.a << " | " << pair.b << " " << compared.score;
    EXPECT_NEAR(compare_names(b, a).score, compared.score, 1e-4) << pair.a << " | " << pair.b;
  }
}

TEST(Spellings, SoundsAreOneForAllScripts) {
  const auto text = [](const char* word) {
    std::string all;
    const Sounds sounds = sounds_of(word);
    for (std::size_t i = 0; i < sounds.length; ++i)
      all += std::string(sound_text(sounds.row[i])) + " ";
    return all;
  };
  EXPECT_EQ(text("Şengal"), text("Shengal"));
  EXPECT_EQ(text("Шатри"), text("Shatri"));
  EXPECT_EQ(text("شەنگال"), text("Shengal"));
  EXPECT_EQ(text("כהן"), text("كهن"));
  EXPECT_EQ(text("12-!"), "");
}

TEST(Spellings, ANameIsResolvedToTheNearestEntity) {
  NameResolver resolver;
  resolver.add("a", "Ahmed al-Sharaa");
  resolver.add("m", "Maher al-Sharaa");
  resolver.add("s", "SHATRI, Hamid");
  const auto best = resolver.resolve("أحمد الشرع", 3);
  ASSERT_FALSE(best.empty());
  EXPECT_EQ(best[0].id, "a");
  EXPECT_EQ(resolver.resolve("Hamid Shatry", 1).at(0).id, "s");
  EXPECT_TRUE(resolver.resolve("Zbigniew Kowalski", 3).empty());
  EXPECT_TRUE(resolver.resolve("", 3).empty());
}

TEST(Roles, AnOfficeIsWhoeverHeldItWhenTheDocumentAppeared) {
  EntityDef first = entity("first", "person", {"Karim Jaber"});
  first.roles = {{"chief", "country:IQ", day("2020-01"), day("2024-10")}};
  EntityDef second = entity("second", "person", {"Nabil Odeh"});
  second.roles = {{"chief", "@country:IQ", day("2024-10"), std::nullopt}};
  const auto [gazetteer, wrong] =
      Gazetteer::compile({first, second, entity("country:IQ", "country", {"Iraq"})});
  EXPECT_EQ(printed(wrong), "");
  const Gazetteer& world = gazetteer;  // clang 14 captures no structured binding
  const auto outcome =
      RuleSet::compile({rule("@role:chief", "a"), rule("@role:chief:country:IQ", "b")}, gazetteer);
  ASSERT_EQ(printed(outcome.diagnostics), "");
  const auto holds = [&](const char* text, const char* time) {
    feeds::DocumentInput input;
    input.text = text;
    if (*time != '\0') input.time = *day(time);
    const feeds::Document doc = feeds::make_document(input);
    return outcome.set.match(doc, world.find(doc)).size();
  };
  EXPECT_EQ(holds("Karim Jaber spoke", "2024-09"), 2U);
  EXPECT_EQ(holds("Karim Jaber spoke", "2024-10"), 0U);
  EXPECT_EQ(holds("Nabil Odeh spoke", "2024-09"), 0U);
  EXPECT_EQ(holds("Nabil Odeh spoke", "2025-06"), 2U);
  EXPECT_EQ(holds("Nabil Odeh spoke", ""), 2U);
}

TEST(Countries, HaveTheirNamesInManyLanguages) {
  std::vector<EntityDef> defs = {entity("country:IQ", "country", {"Iraq"})};
  add_countries(defs, {"country:FR", "country:IQ", "country:ZZ", "fr", "country:TR"});
  ASSERT_EQ(defs.size(), 3U);
  const Gazetteer gazetteer = Gazetteer::compile(defs).first;
  EXPECT_EQ(found(gazetteer, "وصل إلى العراق"), "country:IQ=العراق");
  EXPECT_EQ(found(gazetteer, "в Ирак из Frankreich, to the Iraqis"),
            "country:IQ=Ирак, country:FR=Frankreich, country:IQ=Iraqis");
  EXPECT_EQ(found(gazetteer, "French talks on Turkey"), "country:FR=French, country:TR=Turkey");
  EXPECT_EQ(found(gazetteer, "a roast turkey"), "");
  EXPECT_EQ(countries_in("@country:IQ AND (@country:FR OR @country:xx)"),
            (std::vector<std::string>{"country:IQ", "country:FR"}));
}

}  // namespace
}  // namespace wirewatch::rules
