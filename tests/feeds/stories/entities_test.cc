// What entities, found by rules in any script, tell about events.
#include <gtest/gtest.h>

#include "feeds/stories/story_index.h"
#include "feeds/text/document.h"

namespace wirewatch::feeds {
namespace {

class EntityStories : public testing::Test {
 protected:
  Placement place(const std::string& id, const std::string& title, const std::string& text,
                  const std::vector<std::string>& entities) {
    DocumentInput input;
    input.id = id;
    input.title = title;
    input.text = text;
    input.time = Instant(std::chrono::hours(24 * 20000));
    const Document document = make_document(std::move(input));
    std::vector<Mention> mentions;
    for (const std::string& entity : entities) {
      Mention mention;
      mention.entity = entity;
      mention.field = Field::text;
      mention.first_token = mention.last_token = document.title_tokens;
      mentions.push_back(mention);
    }
    return index_.place(document, mentions);
  }

  Placement english_talks() {
    return place("en", "Minister Karim opens talks in Tarsa",
                 "Interior minister Karim met governor Sabri in Tarsa on Monday to discuss patrols "
                 "along the river. Both promised to exchange lists of wanted smugglers.",
                 {"karim", "sabri", "tarsa", "country:AA", "country:BB"});
  }

  StoryIndex index_;
};

TEST_F(EntityStories, AReportInAnotherLanguageJoinsByTheEntitiesItShares) {
  english_talks();
  const Placement arabic =
      place("ar", "الوزير كريم يبدأ محادثات في ترسا",
            "التقى وزير الداخلية كريم المحافظ صبري في ترسا يوم الاثنين لبحث الدوريات على النهر.",
            {"karim", "sabri", "tarsa", "country:AA"});
  EXPECT_EQ(arabic.story, "en");
  EXPECT_EQ(arabic.relation, Relation::same_story);
}

TEST_F(EntityStories, TwoSharedEntitiesAreTooFewBetweenLanguages) {
  english_talks();
  const Placement arabic = place("ar", "كريم يفتتح مدرسة في ترسا",
                                 "افتتح الوزير كريم مدرسة جديدة في ترسا وزار مستشفى المدينة.",
                                 {"karim", "tarsa", "country:AA"});
  EXPECT_EQ(arabic.story, "ar");
}

TEST_F(EntityStories, TheSameCountriesAloneJoinNothing) {
  english_talks();
  const Placement match = place("sport", "Late goal decides the match",
                                "A goal in the last minute gave the hosts three points before a "
                                "full stadium on Monday evening.",
                                {"country:AA", "country:BB"});
  EXPECT_EQ(match.story, "sport");
}

// Words would part them: two languages share none.
TEST_F(EntityStories, AStoryInTwoLanguagesIsNotTakenForTwoEvents) {
  const std::vector<std::string> all = {"al-qaim",  "shammari",   "baghdad",
                                        "damascus", "country:IQ", "country:SY"};
  const auto expect_one = [](const Placement& placement) {
    EXPECT_EQ(placement.story, "e1");
    EXPECT_FALSE(placement.split);
  };
  expect_one(place("e1", "Iraqi border guards seize weapons shipment at al-Qaim crossing",
                   "Iraqi border guards seized a shipment of weapons at the al-Qaim crossing with "
                   "Syria on Friday, the interior ministry in Baghdad said. Three smugglers were "
                   "arrested. Interior Minister Abdul Amir al-Shammari said the operation was "
                   "carried out with intelligence from Damascus.",
                   all));
  expect_one(
      place("a1", "حرس الحدود العراقي يضبط شحنة أسلحة في معبر القائم",
            "ضبط حرس الحدود العراقي شحنة أسلحة في معبر القائم مع سوريا يوم الجمعة، بحسب وزارة "
            "الداخلية في بغداد. وألقي القبض على ثلاثة مهربين. وقال وزير الداخلية عبد الأمير "
            "الشمري إن العملية نفذت بمعلومات استخبارية من دمشق.",
            all));
  expect_one(place("e2", "Weapons seized on Iraq-Syria border, three held",
                   "Security forces on the Iraqi side of the border with Syria intercepted weapons "
                   "at al-Qaim and detained three suspected smugglers, the interior ministry said "
                   "on Friday, crediting intelligence shared by Damascus.",
                   all));
  expect_one(place("a2", "العراق: ضبط أسلحة مهربة عند معبر القائم الحدودي",
                   "أعلنت وزارة الداخلية العراقية ضبط أسلحة مهربة عند معبر القائم الحدودي مع سوريا "
                   "واعتقال ثلاثة مهربين، وقال الوزير عبد الأمير الشمري إن العملية جرت بالتنسيق مع "
                   "دمشق.",
                   all));
}

}  // namespace
}  // namespace wirewatch::feeds
