#include "feeds/text/language.h"

#include "feeds/text/tokenise.h"

#include <gtest/gtest.h>

namespace wirewatch::feeds {
namespace {

struct LanguageCase {
  const char* language;
  const char* text;
};

TEST(DetectLanguage, KnowsTheLanguagesOfTheNewsItReads) {
  const LanguageCase cases[] = {
      {"en", "The minister said that the bridge would be open to traffic by the end of the week."},
      {"fr", "Le ministre a dit que le pont serait ouvert à la circulation avant la fin du mois."},
      {"de",
       "Der Minister sagte, dass die Brücke bis zum Ende der Woche für den Verkehr frei ist."},
      {"es", "El ministro dijo que el puente estará abierto al tráfico antes del fin de semana."},
      {"tr",
       "Bakan, köprünün hafta sonuna kadar trafiğe açık olacağını ve bu yıl bir daha "
       "kapanmayacağını söyledi."},
      {"kmr",
       "Wezîr got ku pira nû heta dawiya hefteyê ji bo hatin û çûnê vedibe û ew ê di vê "
       "salê de neyê girtin."},
      {"ar", "قال الوزير إن الجسر سيفتح أمام حركة المرور قبل نهاية الأسبوع."},
      {"ckb", "وەزیر گوتی پردەکە پێش کۆتایی هەفتە بۆ هاتوچۆ دەکرێتەوە."},
      {"fa",
       "وزیر گفت که پل تا پایان هفته برای رفت و آمد باز "
       "می‌شود."},
      {"ur", "وزیر نے کہا کہ پل ہفتے کے آخر تک ٹریفک کے لیے کھول دیا جائے گا۔"},
      {"he", "השר אמר שהגשר ייפתח לתנועה עד סוף השבוע."},
      {"ru", "Министр сказал, что мост откроют для движения до конца недели."},
      {"uk", "Міністр сказав, що міст відкриють для руху до кінця тижня."},
      {"ja", "大臣は週末までに橋が開通すると述べた。"},
      {"zh", "部长说大桥将在周末前通车。"},
      {"ko", "장관은 다리가 주말까지 개통될 것이라고 말했다."},
      {"", "Zxcv qwrt plmk"},
      {"", "1234 – 5678"},
      {"", ""},
  };
  for (const LanguageCase& c : cases)
    EXPECT_EQ(detect_language(c.text, tokenise(c.text).hashes), c.language) << c.text;
}

TEST(DetectLanguage, AQuotedLineDoesNotTurnTheLanguage) {
  const std::string text =
      "The minister said that the bridge would be open by the end of the week. قال الوزير "
      "Officials were not sure of it, and the mayor was away.";
  EXPECT_EQ(detect_language(text, tokenise(text).hashes), "en");
}

}  // namespace
}  // namespace wirewatch::feeds
