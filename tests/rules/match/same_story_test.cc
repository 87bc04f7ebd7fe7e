#include <gtest/gtest.h>

#include "tests/rules/world.h"

namespace wirewatch::rules {
namespace {

struct Version {
  const char* language;
  const char* title;
  const char* text;
};

// One story, written for this test in four languages.
const Version versions[] = {
    {"en", "Iraqi and Syrian officials agree to secure their border",
     "Iraq's intelligence chief, Hamid al-Shatri, met Syrian President Ahmed "
     "al-Sharaa in Damascus on Thursday. They agreed to secure the border between "
     "the two countries and to fight smuggling through the al-Qaim crossing. "
     "Baghdad wants the crossing reopened this year."},
    {"ar", "العراق وسوريا يتفقان على تأمين الحدود",
     "التقى رئيس جهاز المخابرات الوطني العراقي حميد الشطري الرئيس السوري أحمد "
     "الشرع في دمشق يوم الخميس. واتفق الجانبان على تأمين الحدود بين العراق وسوريا "
     "ومنع التهريب عبر معبر القائم. وتريد بغداد إعادة فتح المعبر هذا العام."},
    {"ckb", "عێراق و سووریا لەسەر پاراستنی سنوور ڕێککەوتن",
     "حەمید شەتری، سەرۆکی دەزگای هەواڵگری عێراق، ڕۆژی پێنجشەممە لە دیمەشق چاوی بە "
     "ئەحمەد شەرع، سەرۆکی سووریا، کەوت. هەردوو لا لەسەر پاراستنی سنووری نێوان "
     "عێراق و سووریا و ڕێگریکردن لە قاچاخ لە دەروازەی قائیم ڕێککەوتن. بەغدا "
     "دەیەوێت دەروازەکە ئەمساڵ بکرێتەوە."},
    {"ku", "Iraq û Sûriye li ser parastina sînor li hev kirin",
     "Serokê îstixbaratê yê Iraqê Hemîd eş-Şetrî roja pêncşemê li Dimeşqê bi Serokê "
     "Sûriyê Ehmed eş-Şera re civiya. Her du aliyan li ser parastina sînorê Iraqê "
     "û Sûriyê û rêgirtina li qaçaxê li Deriyê Qaîmê li hev kirin. Bexda dixwaze "
     "ku derî îsal bê vekirin."},
};

TEST(SameStory, TheBorderRuleMatchesItInEveryLanguage) {
  const auto outcome =
      RuleSet::compile({rule("@country:IQ AND @country:SY AND @role:intelligence-chief "
                             "AND SAME(sentence: @border-crossings AND "
                             "(secur* OR تأمين~ OR پاراستنی OR parastina))")},
                       pack());
  ASSERT_EQ(printed(outcome.diagnostics), "");
  for (const Version& version : versions) {
    const feeds::Document doc = document(version.title, version.text);
    EXPECT_EQ(outcome.set.match(doc, pack().find(doc)).size(), 1U) << version.language;
  }
}

TEST(SameStory, ThePackKnowsTheSamePeopleAndPlacesInEveryLanguage) {
  for (const Version& version : versions) {
    const feeds::Document doc = document(version.title, version.text);
    std::set<std::string> found;
    for (const feeds::Mention& mention : pack().find(doc)) found.insert(mention.entity);
    for (const char* id : {"hamid-al-shatri", "ahmed-al-sharaa", "al-qaim", "baghdad", "damascus",
                           "country:IQ", "country:SY"}) {
      EXPECT_TRUE(found.contains(id)) << version.language << " " << id;
    }
  }
}

TEST(SameStory, SoraniIsToldApartFromArabic) {
  EXPECT_EQ(document("", versions[1].text).language, "ar");
  EXPECT_EQ(document("", versions[2].text).language, "ckb");
}

}  // namespace
}  // namespace wirewatch::rules
