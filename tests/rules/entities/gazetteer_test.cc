#include "rules/entities/gazetteer.h"

#include <gtest/gtest.h>

#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

// "entity=words" for each mention, in order.
std::string mentions(const Gazetteer& gazetteer, const feeds::Document& doc) {
  std::string text;
  for (const feeds::Mention& mention : gazetteer.find(doc)) {
    const std::string& field = mention.field == feeds::Field::title ? doc.title : doc.text;
    EXPECT_EQ(doc.tokens[mention.first_token].start, mention.start);
    EXPECT_EQ(doc.tokens[mention.last_token].end, mention.end);
    if (!text.empty()) text += ", ";
    text += mention.entity + "=" + field.substr(mention.start, mention.end - mention.start);
  }
  return text;
}
std::string mentions(const Gazetteer& gazetteer, const std::string& text) {
  return mentions(gazetteer, document("", text));
}

TEST(Entities, OneNameIsFoundInAllItsSpellings) {
  const Gazetteer shatri =
      Gazetteer::compile({entity("shatri", "person", {"Hamid al-Shatri", "حميد الشطري"}),
                          entity("qaim", "crossing", {"al-Qaim", "معبر القائم"}),
                          entity("iraq", "country", {"Iraq", "العراق", "عراقي"})})
          .first;
  const std::pair<const char*, const char*> cases[] = {
      {"met Hamid al-Shatri there", "shatri=Hamid al-Shatri"},
      {"HAMID AL SHATRI", "shatri=HAMID AL SHATRI"},
      {"Hamid Al\u2011Shatri’s visit", "shatri=Hamid Al\u2011Shatri"},
      {"Hamid el-Shatri", "shatri=Hamid el-Shatri"},
      {"Hamid ash-Shatri", "shatri=Hamid ash-Shatri"},
      {"Hamid Shatri", "shatri=Hamid Shatri"},
      {"Hamid. Al-Shatri", ""},
      {"at El-Qaim today", "qaim=El-Qaim"},
      {"Qaim", ""},
      {"التقى حميد الشطري في دمشق", "shatri=حميد الشطري"},
      {"وحميد الشطري", "shatri=وحميد الشطري"},
      {"في العراق", "iraq=العراق"},
      {"للعراق وبالعراق والعراق", "iraq=للعراق, iraq=وبالعراق, iraq=والعراق"},
      {"الوفد العراقي", "iraq=العراقي"},
      {"بمعبر القائم", "qaim=بمعبر القائم"},
      {"Iraqi", ""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(mentions(shatri, text), expected) << text;
}

TEST(Entities, APersonsNameKeepsItsArticleInArabic) {
  const Gazetteer gazetteer = Gazetteer::compile({entity("walid", "person", {"وليد"})}).first;
  EXPECT_EQ(mentions(gazetteer, "وليد"), "walid=وليد");
  EXPECT_EQ(mentions(gazetteer, "الوليد"), "");
}

TEST(Entities, TheLongestNameWinsAndHidesWhatLiesInsideIt) {
  EXPECT_EQ(mentions(pack(), "The Iraqi News Agency said Iraq"),
            "iraqi-news-agency=Iraqi News Agency, country:IQ=Iraq");
  EXPECT_EQ(mentions(pack(), "Islamic State of Iraq and Syria"),
            "islamic-state=Islamic State of Iraq and Syria");
  const Gazetteer gazetteer = Gazetteer::compile({entity("a", "place", {"north gate"}),
                                                  entity("b", "place", {"gate of the moon"})})
                                  .first;
  EXPECT_EQ(mentions(gazetteer, "north gate of the moon"), "b=gate of the moon");
}

TEST(Entities, NamesDoNotRunAcrossSentencesOrFields) {
  const Gazetteer gazetteer = Gazetteer::compile({entity("a", "place", {"north gate"})}).first;
  EXPECT_EQ(mentions(gazetteer, "It lies north. Gate two is shut."), "");
  EXPECT_EQ(mentions(gazetteer, document("Far north", "Gate two")), "");
  EXPECT_EQ(mentions(gazetteer, document("North Gate", "The North Gate's guard")),
            "a=North Gate, a=North Gate");
}

TEST(Entities, AShortNameCountsOnceAFullOneOrANearWordStandsInTheDocument) {
  EntityDef shatri = entity("shatri", "person", {"Hamid al-Shatri"});
  shatri.shorts = {"Shatri"};
  shatri.near = {"intelligence chief", "@iraq"};
  const Gazetteer gazetteer =
      Gazetteer::compile({shatri, entity("iraq", "country", {"Iraq"})}).first;
  EXPECT_EQ(mentions(gazetteer, "Shatri won the race"), "");
  EXPECT_EQ(mentions(gazetteer, "Shatri won. Hamid al-Shatri smiled."),
            "shatri=Shatri, shatri=Hamid al-Shatri");
  EXPECT_EQ(mentions(gazetteer, "The intelligence chief, al-Shatri, spoke"), "shatri=al-Shatri");
  EXPECT_EQ(mentions(gazetteer, "Shatri's visit to Iraq"), "shatri=Shatri, iraq=Iraq");
}

TEST(Entities, AShortNameOfSeveralMeansTheOneNamedLast) {
  EXPECT_EQ(mentions(pack(), "Farouk al-Sharaa left. Ahmed al-Sharaa stayed. Sharaa spoke."),
            "farouk-al-sharaa=Farouk al-Sharaa, ahmed-al-sharaa=Ahmed al-Sharaa, "
            "ahmed-al-sharaa=Sharaa");
  EXPECT_EQ(mentions(pack(), "Maher al-Sharaa came. Al-Sharaa spoke."),
            "maher-al-sharaa=Maher al-Sharaa, maher-al-sharaa=Al-Sharaa");
}

TEST(Entities, AContextCanMakeANameAnotherThing) {
  EntityDef georgia = entity("georgia", "country", {"Georgia"});
  georgia.contexts_not = {"Georgia Tech", "Atlanta, Georgia"};
  const Gazetteer gazetteer = Gazetteer::compile({georgia}).first;
  EXPECT_EQ(mentions(gazetteer, "Georgia Tech won in Atlanta, Georgia; Georgia voted."),
            "georgia=Georgia");
}

TEST(Entities, AnExactNameKeepsItsCase) {
  const Gazetteer gazetteer =
      Gazetteer::compile({entity("ina", "agency", {"=INA"}), entity("is", "force", {"=IS group"})})
          .first;
  EXPECT_EQ(mentions(gazetteer, "Ina told INA's reporter"), "ina=INA");
  EXPECT_EQ(mentions(gazetteer, "It is group work of the IS group"), "is=IS group");
}

TEST(Entities, MentionsCountForGroupsWholesTwinsAndKinds) {
  const Gazetteer& g = pack();
  struct Case {
    const char* entity;
    const char* reference;
    bool counts;
  };
  const Case cases[] = {
      {"al-qaim", "al-qaim", true},
      {"al-qaim", "border-crossings", true},
      {"al-qaim", "anbar", true},
      {"al-qaim", "country:IQ", true},
      {"al-qaim", "al-bukamal", true},
      {"al-bukamal", "al-qaim", true},
      {"al-bukamal", "country:IQ", false},
      {"al-bukamal", "country:SY", true},
      {"al-qaim", "country:SY", false},
      {"al-qaim", "kind:crossing", true},
      {"al-qaim", "kind:place", false},
      {"baghdad", "country:IQ", true},
      {"country:IQ", "baghdad", false},
      {"hamid-al-shatri", "kind:person", true},
      {"hamid-al-shatri", "country:IQ", true},
      {"nobody", "nobody", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(g.counts_as(c.entity, c.reference), c.counts) << c.entity << " " << c.reference;
  }
  EXPECT_TRUE(g.knows("kind:crossing"));
  EXPECT_FALSE(g.knows("kind:planet"));
  EXPECT_EQ(g.counting_as("al-bukamal"), (std::vector<std::string>{"al-bukamal", "al-qaim"}));
  EXPECT_EQ(g.definition("al-qaim")->kind, "crossing");
  EXPECT_EQ(g.definition("nobody"), nullptr);
}

TEST(Entities, WhatIsWrongIsReportedWithTheEntity) {
  EntityDef a = entity("a", "place", {"North Gate", "!!"});
  a.members = {"nort-gate"};
  a.part_of = {"@b"};
  a.near = {"@kind:plase", "gate"};
  const auto [gazetteer, found] = Gazetteer::compile(
      {a, entity("b", "place", {}), entity("b", "place", {"B"}), entity("", "x", {"X"}),
       entity("kind:x", "x", {"X"}), entity("north-gate", "place", {"Gate"})});
  std::string subjects;
  for (const Diagnostic& d : found) subjects += d.subject + ";";
  EXPECT_EQ(subjects, "b;;kind:x;a;a;a;");
  EXPECT_EQ(printed(found),
            "error 0+0 there are two entities 'b' | rename one, or put all names into one\n"
            "error 0+0 '' is no id for an entity | letters, digits, '-', '_' and ':', as in "
            "hamid-al-shatri or country:IQ; 'kind:' and 'role:' are kept for references\n"
            "error 0+0 'kind:x' is no id for an entity | letters, digits, '-', '_' and ':', as in "
            "hamid-al-shatri or country:IQ; 'kind:' and 'role:' are kept for references\n"
            "error 0+0 members names an entity 'nort-gate' that is not defined | did you mean "
            "'north-gate'?\n"
            "error 0+0 names: '!!' cannot be found in a text | a name has 1 to 16 words of letters "
            "or digits\n"
            "error 0+0 near names an entity 'kind:plase' that is not defined | did you mean "
            "'kind:place'?\n");
  EXPECT_TRUE(gazetteer.counts_as("a", "b"));
  EXPECT_EQ(mentions(gazetteer, "north gate"), "a=north gate");
  EXPECT_EQ(Gazetteer().find(document("a", "b")).size(), 0U);
  EXPECT_FALSE(Gazetteer().knows("a"));
}

TEST(Entities, WhatNoTextCanBeAboutIsAnError) {
  const auto told = [](const std::vector<EntityDef>& defs) {
    return printed(Gazetteer::compile(defs).second);
  };
  EntityDef shorts = entity("chief", "person", {});
  EXPECT_EQ(told({shorts}),
            "error 0+0 entity 'chief' has no names, so no text is about it | give it names: [one, "
            "another], or members: of a group\n");
  shorts.shorts = {"Shatri"};
  EXPECT_EQ(told({shorts}),
            "error 0+0 entity 'chief' has short names only, which never count | give it names: [a "
            "full name], or near: [words that license the short ones]\n");
  shorts.near = {"intelligence"};
  EXPECT_EQ(told({shorts}), "");
  EntityDef part = entity("part", "place", {"Part"});
  part.part_of = {"whole"};
  EntityDef group = entity("group", "group", {});
  group.members = {"part"};
  EXPECT_EQ(told({part, group, entity("whole", "region", {})}), "");
}

TEST(Entities, AKindOneLetterFromACommonOneIsAskedAbout) {
  const auto told = [](const std::string& kind, int times) {
    std::vector<EntityDef> defs;
    for (int i = 0; i < times; ++i) {
      const std::string id(1, static_cast<char>('a' + i));
      defs.push_back(entity(id, kind, {"Name " + id}));
    }
    return printed(Gazetteer::compile(defs).second);
  };
  EXPECT_EQ(told("persn", 1),
            "warning 0+0 hardly any entity is of the kind 'persn' | did you mean person?\n");
  EXPECT_EQ(told("weapon", 1), "");
  EXPECT_EQ(told("", 1), "");
  EXPECT_EQ(told("palace", 3), "");
}

TEST(Entities, PartsThatContainEachOtherDoNoHarm) {
  EntityDef a = entity("a", "place", {"A1"});
  a.part_of = {"b"};
  EntityDef b = entity("b", "place", {"B1"});
  b.part_of = {"a"};
  b.members = {"b", "a"};
  b.twins = {"b"};
  const Gazetteer gazetteer = Gazetteer::compile({a, b}).first;
  EXPECT_TRUE(gazetteer.counts_as("a", "b"));
  EXPECT_TRUE(gazetteer.counts_as("b", "a"));
}

TEST(Entities, ThePackHasNoFaultAndKnowsTheBorder) {
  EXPECT_EQ(printed(Gazetteer::compile(pack_entities()).second), "");
  EXPECT_EQ(mentions(pack(),
                     "وصل رئيس جهاز المخابرات الوطني العراقي حميد الشطري إلى دمشق عبر معبر "
                     "القائم، بحسب وكالة الأنباء العراقية"),
            "iraqi-intelligence-service=جهاز المخابرات الوطني العراقي, hamid-al-shatri=حميد "
            "الشطري, damascus=دمشق, al-qaim=معبر القائم, iraqi-news-agency=وكالة الأنباء "
            "العراقية");
  EXPECT_EQ(mentions(pack(), "الوضع القائم"), "");
  EXPECT_EQ(mentions(pack(), "Guards at Qaim crossing and at Yarubiyah told SANA of a sana."),
            "al-qaim=Qaim crossing, al-yarubiyah=Yarubiyah, syrian-arab-news-agency=SANA");
}

}  // namespace
}  // namespace wirewatch::rules
