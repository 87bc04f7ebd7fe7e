// Names of firms, ships and units: legal forms, numbers, "and", brackets.
#include <gtest/gtest.h>

#include "rules/entities/legal_forms.h"
#include "rules/entities/name_variants.h"
#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

std::string found(const std::string& name, const std::string& text,
                  const char* kind = "organisation") {
  const auto [gazetteer, problems] = Gazetteer::compile({entity("it", kind, {name})});
  EXPECT_TRUE(problems.empty());
  const feeds::Document doc = document("", text);
  std::string all;
  for (const feeds::Mention& mention : gazetteer.find(doc)) {
    if (!all.empty()) all += ", ";
    all += doc.text.substr(mention.start, mention.end - mention.start);
  }
  return all;
}

struct Case {
  const char* name;
  const char* text;
  const char* found;  // "": nothing
};

template <std::size_t size>
void expect_all(const Case (&cases)[size]) {
  for (const Case& one : cases) {
    EXPECT_EQ(found(one.name, one.text), one.found) << one.name << " in: " << one.text;
  }
}

TEST(Organisations, LegalFormsMayDifferBeShortenedMissOrStandInFront) {
  const Case cases[] = {
      {"Tavria Lumber LLC", "He owned Tavria Lumber L.L.C. in May.", "Tavria Lumber L.L.C"},
      {"Tavria Lumber LLC", "Tavria Lumber Limited Liability Company lost",
       "Tavria Lumber Limited Liability Company"},
      {"Tavria Lumber Limited Liability Company", "OOO Tavria Lumber lost", "OOO Tavria Lumber"},
      {"Tavria Lumber LLC", "it sued Tavria Lumber over debts", "Tavria Lumber"},
      {"Tavria Lumber", "it sued Tavria Lumber GmbH", "Tavria Lumber"},
      {"OJSC Tavria Lumber", "Tavriya Lumber PJSC lost", "Tavriya Lumber PJSC"},
      {"Tavria Lumber Co., Ltd.", "Tavria Lumber Company lost", "Tavria Lumber Company"},
      {"Rosmoloko, S.A.", "a plant of Rosmoloko near Minsk", "Rosmoloko"},
      {"Rosmoloko JSC", "OAO Rosmoloko lost", "OAO Rosmoloko"},
      {"VRD, AO", "the bank and ZAO VRD agreed", "ZAO VRD"},
  };
  expect_all(cases);
}

TEST(Organisations, WithoutItsFormAFirmIsFoundOnlyByANameThatTellsIt) {
  const Case cases[] = {
      {"Tavria Lumber LLC", "Tavria Lumber Workers met", ""},  // more of a name
      {"Trading Company Ltd", "a Trading firm", ""},           // plain words
      {"Security Company LLC", "Security Ltd", ""},            //
      {"VRD, AO", "VRD said", ""},                             // too short by itself
      {"Rosmoloko JSC", "Viktor Rosmoloko said", ""},          // another name's end
      {"Rosmoloko JSC", "Rosmoloko Arena opened", ""},         // another name's beginning
      {"Rosmoloko JSC", "Rasmaliki said", ""},                 // no form, another spelling
      {"Tavria Lumber LLC", "tavria lumber is cheap", ""},     // no capitals
      {"Company of Heroes", "Heroes came", ""},                // the form is a part
      {"=Tavria Lumber LLC", "Tavria Lumber Ltd", ""},         // pinned
  };
  expect_all(cases);
  EXPECT_EQ(found("Rabia Lumber LLC", "Rabia Lumber lost", "person"), "");
}

TEST(Organisations, OfTwoFirmsOfOneNameTheOneWithTheFormIsMeant) {
  const Gazetteer gazetteer =
      Gazetteer::compile({entity("llc", "organisation", {"Tavria Lumber LLC"}),
                          entity("gmbh", "organisation", {"Tavria Lumber GmbH"})})
          .first;
  const feeds::Document doc = document("", "Tavria Lumber GmbH lost.");
  const auto mentions = gazetteer.find(doc);
  ASSERT_EQ(mentions.size(), 1U);
  EXPECT_EQ(mentions[0].entity, "gmbh");
}

TEST(Organisations, OneWordThatSeveralEntitiesHaveNeedsAFormBesideIt) {
  const Gazetteer gazetteer = Gazetteer::compile({entity("firm", "organisation", {"Ivanenko LLC"}),
                                                  entity("man", "person", {"Petro Ivanenko"})})
                                  .first;
  EXPECT_TRUE(gazetteer.find(document("", "They met Ivanenko in May.")).empty());
  EXPECT_EQ(gazetteer.find(document("", "They met Ivanenko Ltd in May.")).size(), 1U);
}

TEST(Organisations, NumbersAreExactWhereverTheyStand) {
  const Case cases[] = {
      {"Karrada Brigade 47", "the 47th Karada Brigade left", "47th Karada Brigade"},
      {"47th Karrada Brigade", "Karada Brigade No. 47 left", "Karada Brigade No. 47"},
      {"Karrada Brigade 47", "Karada Brigade 48 left", ""},
      {"Karrada Brigade 47", "Karada Brigade left", ""},
      {"Second Karrada Brigade", "the 2nd Karada Brigade", "2nd Karada Brigade"},
      {"Gulf Hormoz II", "the Gulf Hormuz 2 sank", "Gulf Hormuz 2"},
      {"Gulf Hormoz I", "the Gulf Hormuz 1 sank", "Gulf Hormuz 1"},
      {"Gulf Hormoz 1", "the Gulf Hormuz 2 sank", ""},
      {"Gulf Hormoz M75", "the Gulf Hormuz M75 sank", "Gulf Hormuz M75"},
      {"Gulf Hormoz M75", "the Gulf Hormuz M76 sank", ""},
  };
  expect_all(cases);
}

TEST(Organisations, AndStrokeTheBracketsAndPossessivesDoNotMatter) {
  const Case cases[] = {
      {"Katrangi & Sons", "Katrangi and Sons traded", "Katrangi and Sons"},
      {"Katrangi and Sons", "Katrangi & Sons traded", "Katrangi & Sons"},
      {"Katrangi Sons", "both Katrangi and Sons of Iraq", ""},
      {"Sahel-Tavria Front", "the Sahel/Tavria Front", "Sahel/Tavria Front"},
      {"The Katrangi Syndicate", "a Katrangi Syndicate man", "Katrangi Syndicate"},
      {"Katrangi Shipping Lines (KSL)", "a Katrangi Shipping Lines ship",
       "Katrangi Shipping Lines"},
      {"Tavria People's Guard", "Tavriya People\xE2\x80\x99s Guard",
       "Tavriya People\xE2\x80\x99s Guard"},
  };
  expect_all(cases);
  EXPECT_EQ(found("Hassan Shibani", "he saw Hassan & Shibany", "person"), "");
  EXPECT_EQ(found("Hassan Shibani", "he saw Hassan and Shibany", "person"), "");
  EXPECT_EQ(found("Hassan Shibani", "he saw Hassan's Shibany", "person"), "");
}

TEST(NameVariants, SayWhatIsLookedForBesideTheListedName) {
  const std::pair<const char*, std::vector<std::string>> cases[] = {
      {"Tavria Lumber Co., Ltd.", {"Tavria Lumber"}},
      {"OOO \"Tavria Lumber\"", {"Tavria Lumber"}},
      {"The Katrangi Syndicate (KS)", {"Katrangi Syndicate"}},
      {"47th Karrada Brigade", {"Karrada Brigade 47th"}},
      {"AS Roma", {}},
      {"Company of Heroes", {}},
      {"Limited", {}},
      {"", {}},
  };
  for (const auto& [name, expected] : cases) {
    std::vector<std::string> names;
    for (const NameVariant& variant : name_variants(name)) names.push_back(variant.name);
    EXPECT_EQ(names, expected) << name;
  }
}

TEST(LegalForms, AreWordsInShortOrInFull) {
  using Words = std::vector<std::string_view>;
  const std::pair<Words, std::size_t> cases[] = {{{"llc"}, 1},
                                                 {{"limited", "liability", "company"}, 3},
                                                 {{"co", "ltd", "said"}, 2},
                                                 {{"sdn", "bhd"}, 2},
                                                 {{"limitless"}, 0},
                                                 {{}, 0}};
  for (const auto& [words, count] : cases) EXPECT_EQ(legal_form_at(words, 0), count);
  EXPECT_EQ(legal_form_before({"tavria", "joint", "stock", "company"}, 4), 3U);
  EXPECT_EQ(legal_form_before({"tavria", "lumber"}, 2), 0U);
}

}  // namespace
}  // namespace wirewatch::rules
