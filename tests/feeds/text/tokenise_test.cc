#include "feeds/text/tokenise.h"

#include <gmock/gmock.h>

#include "feeds/text/document.h"

namespace wirewatch::feeds {
namespace {

using testing::ElementsAre;

struct FoldCase {
  const char* word;
  const char* folded;
};

class FoldWord : public testing::TestWithParam<FoldCase> {};

TEST_P(FoldWord, GivesTheFormThatAllSpellingsShare) {
  EXPECT_EQ(fold_word(GetParam().word), GetParam().folded) << GetParam().word;
}

INSTANTIATE_TEST_SUITE_P(
    Latin, FoldWord,
    testing::Values(
        FoldCase{"Border", "border"}, FoldCase{"Shar'a", "shara"}, FoldCase{"Shar’a", "shara"},
        FoldCase{"Sharʿa", "shara"}, FoldCase{"Sharʼa", "shara"}, FoldCase{"Shia’", "shia"},
        FoldCase{"Sharaa'", "sharaa"}, FoldCase{"Iraq's", "iraq"}, FoldCase{"IRAQ’S", "iraq"},
        FoldCase{"O'Neill", "oneill"}, FoldCase{"Şırnak", "sirnak"},
        FoldCase{"İstanbul", "istanbul"}, FoldCase{"Hakkâri", "hakkari"}, FoldCase{"café", "cafe"},
        FoldCase{"cafe\xCC\x81", "cafe"}, FoldCase{"Straße", "strasse"}, FoldCase{"Łódź", "lodz"},
        FoldCase{"ＢＢＣ", "bbc"}, FoldCase{"ﬁre", "fire"}, FoldCase{"1,905", "1905"},
        FoldCase{"U.S.", "us"}, FoldCase{"...", ""}, FoldCase{"", ""}, FoldCase{"\xFF\xFE", ""}));

INSTANTIATE_TEST_SUITE_P(OtherScripts, FoldWord,
                         testing::Values(FoldCase{"أحمد", "احمد"}, FoldCase{"إيران", "ايران"},
                                         FoldCase{"آمن", "امن"}, FoldCase{"مصطفى", "مصطفي"},
                                         FoldCase{"القاهرة", "القاهره"},
                                         FoldCase{"الشـــطري", "الشطري"},
                                         FoldCase{"الشَّرْع", "الشرع"}, FoldCase{"ﻻ", "لا"},
                                         FoldCase{"ﺍﻟﺸﺮﻉ", "الشرع"}, FoldCase{"کردی", "كردي"},
                                         FoldCase{"٢٠٢٤", "2024"}, FoldCase{"۱٬۹۰۵", "1905"},
                                         FoldCase{"ΑΘΉΝΑΣ", "αθηνασ"}, FoldCase{"Ёлка", "елка"},
                                         FoldCase{"서울", "서울"}));

struct SplitCase {
  const char* text;
  std::vector<std::string> words;
};

TEST(Tokenise, PartsWordsWhereReadersDo) {
  const SplitCase cases[] = {
      {"counter-terrorism", {"counter", "terrorism"}},
      {"Iraq–Syria border", {"iraq", "syria", "border"}},
      {"al-Shara' said", {"al", "shara", "said"}},
      {"the soldiers' return", {"the", "soldiers", "return"}},
      {"1,905 of 12,000,000 and 3.5", {"1905", "of", "12000000", "and", "3.5"}},
      {"5, 600 in 2024,25", {"5", "600", "in", "2024", "25"}},
      {"on Dec.8", {"on", "dec", "8"}},
      {"U.S. and the U.N", {"us", "and", "the", "un"}},
      {"J.Smith", {"j", "smith"}},
      {"964mediaصورة من", {"964media", "صوره", "من"}},
      {"伊拉克", {"伊", "拉", "克"}},
      {"a_b @user #tag", {"a", "b", "user", "tag"}},
      {"it's 'quoted' rock'n'roll", {"it", "quoted", "rocknroll"}},
      {"  \n ", {}},
  };
  for (const SplitCase& c : cases) EXPECT_EQ(fold_words(c.text), c.words) << c.text;
}

TEST(Tokenise, ByteRangesAreThoseOfTheWordsAsWritten) {
  const std::string text = "“Shar’a” met Iraq’s إيران 1,905.";
  std::vector<std::string> raw;
  for (const Word& word : tokenise(text).words)
    raw.push_back(text.substr(word.start, word.end - word.start));
  EXPECT_THAT(raw, ElementsAre("Shar’a", "met", "Iraq", "إيران", "1,905"));
}

std::vector<std::uint32_t> sentences_of(std::string_view text) {
  std::vector<std::uint32_t> sentences;
  for (const Word& word : tokenise(text).words) sentences.push_back(word.sentence);
  return sentences;
}

TEST(Tokenise, SentencesEndAtStopsBeforeSpaceAndAtLineBreaks) {
  EXPECT_THAT(sentences_of("One. Two! Three? Four"), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(sentences_of("ماذا؟ نعم"), ElementsAre(0, 1));
  EXPECT_THAT(sentences_of("He “left.” She stayed"), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(sentences_of("One\nTwo\n\nThree"), ElementsAre(0, 1, 2));
  EXPECT_THAT(sentences_of("Wait... What"), ElementsAre(0, 1));
  EXPECT_THAT(sentences_of("site.com open"), ElementsAre(0, 0, 0));
}

TEST(Tokenise, AbbreviationsAndInitialsDoNotEndSentences) {
  const char* one_sentence[] = {"on Dec. 8 they",     "Mr. Awadi said",       "Gen. Khalil spoke",
                                "George W. Bush ran", "in the U.S. Senate",   "at 5 p.m. on Friday",
                                "Acme Inc. fell",     "Prof. A. B. Yousif is"};
  for (const char* text : one_sentence) EXPECT_THAT(sentences_of(text), testing::Each(0)) << text;
  EXPECT_THAT(sentences_of("in the U.S. The vote"), ElementsAre(0, 0, 0, 1, 1));
  EXPECT_THAT(sentences_of("fell on Dec. 8. They"), ElementsAre(0, 0, 0, 0, 1));
}

TEST(Tokenise, ParagraphsEndAtLineBreaks) {
  std::vector<std::uint32_t> paragraphs;
  for (const Word& word : tokenise("\n\na. b\nc\n\n\nd").words)
    paragraphs.push_back(word.paragraph);
  EXPECT_THAT(paragraphs, ElementsAre(0, 0, 1, 2));
}

TEST(Tokenise, TakesMillionsOfDotsAndApostrophesInLinearTime) {
  EXPECT_TRUE(tokenise(std::string(2'000'000, '.')).words.empty());
  EXPECT_TRUE(tokenise(std::string(2'000'000, '\'')).words.empty());
  std::string digits;
  for (int i = 0; i < 300'000; ++i) digits += "1,";
  EXPECT_EQ(tokenise(digits).words.size(), 300'000u);
}

}  // namespace
}  // namespace wirewatch::feeds
