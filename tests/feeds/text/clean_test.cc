#include "feeds/text/clean.h"

#include <gtest/gtest.h>

namespace wirewatch::feeds {
namespace {

// Long enough to count as an article's paragraph.
constexpr const char* first =
    "Engineers from both ministries walked along the old canal on Monday and agreed that the "
    "lock gates should be replaced before the spring floods reach the lower valley.";
constexpr const char* second =
    "The work will cost about four million crowns, the mayor said, and most of it is to be paid "
    "from a fund that was set up after the flood of three years ago.";

std::string lines(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += '\n';
    text += part;
  }
  return text;
}

TEST(CleanText, LeavesAnArticleAsItIs) {
  const std::string text = std::string(first) + "\n\n" + second;
  EXPECT_EQ(clean_text(text, "Canal to get new gates"), text);
}

TEST(CleanText, DropsPlayersShareButtonsAndCaptions) {
  EXPECT_EQ(clean_text(lines({"Click to start listening", "Share on Facebook", first,
                              "Photo by A. Person / Agency", "اقرأ أيضا: خبر آخر من الموقع", second,
                              "964mediaصورة من منصة (شبكة):"}),
                       ""),
            lines({first, second}));
}

TEST(CleanText, DropsTheTitleRepeatedAsALine) {
  EXPECT_EQ(clean_text(lines({"Canal to get NEW gates!", first}), "Canal to get new gates"), first);
}

TEST(CleanText, DropsParagraphsThatStoodBefore) {
  EXPECT_EQ(clean_text(lines({"Intro line of the page.", first, second, first, second}), ""),
            lines({"Intro line of the page.", first, second}));
}

TEST(CleanText, KeepsShortRepeatedLines) {
  const std::string text = lines({"Did you know?", "No.", "Did they ask?", "No."});
  EXPECT_EQ(clean_text(text, ""), text);
}

TEST(CleanText, DropsALegalNoticeAndEverythingBehindIt) {
  EXPECT_EQ(clean_text(lines({first, "Legal Disclaimer:", "No warranty is given, of any kind.",
                              "Some Coin rises above all other coins", second}),
                       ""),
            first);
}

TEST(CleanText, ATailHeadingBeforeTheArticleDropsOnlyItself) {
  EXPECT_EQ(clean_text(lines({"Comments", first, second}), ""), lines({first, second}));
}

TEST(CleanText, DropsListsOfOtherHeadlinesButNotTheArticleBehindThem) {
  EXPECT_EQ(clean_text(lines({first, "Most popular stories", "- A pony wins a prize",
                              "Ten ways to cook a swede", second}),
                       ""),
            lines({first, second}));
}

TEST(CleanText, JoinsLinesThatWereWrappedAtAColumn) {
  EXPECT_EQ(clean_text("Engineers from both ministries walked along the old canal on\n"
                       "Monday and agreed that the lock gates should be replaced before\n"
                       "the spring floods reach the lower valley.",
                       ""),
            first);
}

TEST(CleanText, AWordThatAlsoHeadsClutterIsNoClutterInsideASentence) {
  const std::string text = "Comments by the minister upset the opposition.";
  EXPECT_EQ(clean_text(text, ""), text);
}

TEST(CleanText, KnowsAPhraseBehindASmallWordThatIsWrittenWithIt) {
  EXPECT_EQ(clean_text(lines({first, "© الصحيفة وجميع الحقوق محفوظة", second}), ""),
            lines({first, second}));
}

TEST(CleanText, MakesRunsOfBlanksOneAndKeepsParagraphsApart) {
  EXPECT_EQ(clean_text("  A  line of   text. \n \n\nAnd another,  \nand a third. ", ""),
            "A line of text.\n\nAnd another,\nand a third.");
}

// Whether something is dropped or not: the words are those that the cleaned text has by itself.
TEST(CleanText, GivesTheWordsOfItsResultBehindTheTitles) {
  const std::string title = "Canal to get new gates";
  for (const std::string& text :
       {lines({first, second}), lines({"Share on Facebook", first, title, second, first}),
        std::string("Re-opening  of\n\na well-known canal"), std::string()}) {
    Words words;
    tokenise(title, Field::title, words);
    const Words title_words = words;
    const std::string cleaned = clean_text(text, words);
    EXPECT_EQ(cleaned, clean_text(text, title));
    Words expected = title_words;
    tokenise(cleaned, Field::text, expected);
    EXPECT_EQ(words.hashes, expected.hashes);
    EXPECT_EQ(words.folded, expected.folded);
    EXPECT_EQ(words.hyphens, expected.hyphens);
    EXPECT_EQ(words.paragraph_starts, expected.paragraph_starts);
    EXPECT_EQ(words.words.size(), expected.words.size());
  }
}

}  // namespace
}  // namespace wirewatch::feeds
