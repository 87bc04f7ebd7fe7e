// The ways to read a text in bulk, against each other and against single characters.
#include <gmock/gmock.h>

#include <random>

#include "feeds/text/tidy_scan.h"
#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"
#include "feeds/text/word_hash.h"

namespace wirewatch::feeds {
namespace {

const std::vector<std::string> pieces = {"the ",
                                         "Iraq",
                                         "'s ",
                                         "U.S. ",
                                         "’",
                                         "“",
                                         "”",
                                         ". ",
                                         ".",
                                         "! ",
                                         "?",
                                         "\n",
                                         "1,905",
                                         "3.5",
                                         " ",
                                         "—",
                                         "-",
                                         "‐",
                                         "é",
                                         "Straße ",
                                         "أحمد",
                                         "ؤ",
                                         "ئ",
                                         "ة",
                                         "ى",
                                         "ـ",
                                         "َ",
                                         "،",
                                         "؟",
                                         "كتاب ",
                                         "9",
                                         "`",
                                         "Mr. ",
                                         "z.b",
                                         "…",
                                         "北京",
                                         "서울",
                                         "Ёлка ",
                                         "\xE2\x80\x8C",
                                         "\xC2\xAD",
                                         "١",
                                         "٬",
                                         "٫",
                                         "abcdefghijklmnopq",
                                         "\"",
                                         ",",
                                         ",000",
                                         "p.m. on ",
                                         "ﷺ",
                                         "\t"};
const std::vector<std::string> broken = {"\xFF", "\x80", "\xD8", "\xD9", "\xE2", "\xE2\x80"};

// Pieces in any order; some texts longer than is looked at in one go.
std::string random_text(std::mt19937& random, bool valid) {
  const std::size_t length = random() % 50 == 0 ? 3000 : random() % 60;
  const std::size_t from = random() % pieces.size();
  const std::size_t kinds = 1 + random() % pieces.size();
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    text += pieces[(from + random() % kinds) % pieces.size()];
    if (!valid && random() % 8 == 0) text += broken[random() % broken.size()];
  }
  return text;
}

Words read(const std::string& text, TextReader way) {
  Words words;
  tokenise(text, Field::text, words, way);
  return words;
}

void expect_equal(const Words& a, const Words& b) {
  ASSERT_EQ(a.words.size(), b.words.size());
  EXPECT_EQ(a.hashes, b.hashes);
  EXPECT_EQ(a.hyphens, b.hyphens);
  EXPECT_EQ(a.paragraph_starts, b.paragraph_starts);
  for (std::size_t i = 0; i < a.words.size(); ++i) {
    EXPECT_EQ(a.words[i].start, b.words[i].start);
    EXPECT_EQ(a.words[i].end, b.words[i].end);
    EXPECT_EQ(a.words[i].sentence, b.words[i].sentence);
    EXPECT_EQ(a.words[i].paragraph, b.words[i].paragraph);
    EXPECT_EQ(a.folded_form(i), b.folded_form(i));
  }
}

TEST(TokeniseInBulk, GivesTheSameWordsOnAnyProcessor) {
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    const std::string text = random_text(random, i % 2 == 0);
    for (const TextReader& way : text_readers()) {
      expect_equal(read(text, way), read(text, text_readers()[0]));
    }
    ASSERT_FALSE(testing::Test::HasFailure()) << text;
  }
}

// Marks everything as strange, so that each character is looked at by itself.
void read_nothing(const char*, char*, ByteMasks& masks) {
  masks = {};
  masks.beyond_ascii = true;
  masks.set(ByteClass::lead, ~std::uint64_t{0});
}

TEST(TokeniseInBulk, GivesTheWordsThatCharacterByCharacterGives) {
  std::mt19937 random(6);
  for (int i = 0; i < 3000; ++i) {
    const std::string text = random_text(random, true);
    expect_equal(read(text, text_reader()), read(text, {read_nothing, text_reader().places}));
    ASSERT_FALSE(testing::Test::HasFailure()) << text;
  }
}

TEST(TokeniseInBulk, HashesTheFoldedForms) {
  std::mt19937 random(7);
  for (int i = 0; i < 500; ++i) {
    const Words words = tokenise(random_text(random, true));
    ASSERT_EQ(words.words.size(), words.hashes.size());
    for (std::size_t k = 0; k < words.words.size(); ++k) {
      ASSERT_EQ(words.hashes[k], word_hash(words.folded_form(k))) << words.folded_form(k);
    }
  }
}

TEST(TokeniseInBulk, TakesAWordLongerThanItLooksAtInOneGo) {
  const std::string long_word(100'000, 'a');
  const Words words = tokenise("b " + long_word + " c");
  ASSERT_EQ(words.words.size(), 3u);
  EXPECT_EQ(words.folded_form(1), long_word);
  EXPECT_EQ(words.folded_form(2), "c");
}

std::size_t blocks_read = 0;
void read_and_count(const char* bytes, char* folded, ByteMasks& masks) {
  ++blocks_read;
  text_reader().masks(bytes, folded, masks);
}

TEST(TokeniseInBulk, LooksAtLettersOfTwoScriptsInTurnOnce) {
  std::string text = "b. ";
  for (int i = 0; i < 20'000; ++i) text += "a\xD8\xB5";
  text += " c";
  blocks_read = 0;
  const Words words = read(text, {read_and_count, text_reader().places});
  EXPECT_LT(blocks_read, 4 * text.size() / mask_bytes);
  ASSERT_EQ(words.words.size(), 40'002u);
  expect_equal(words, read(text, {read_nothing, text_reader().places}));
}

TEST(TokeniseInBulk, KnowsTheWordsBeforeHyphens) {
  EXPECT_THAT(tokenise("counter-terrorism in Deir ez‐Zor - and x--y -z a-é").hyphens,
              testing::ElementsAre(Hyphen{0, word_hash("counterterrorism")},
                                   Hyphen{4, word_hash("ezzor")}, Hyphen{10, word_hash("ae")}));
}

TEST(TokeniseInBulk, KnowsTheWordsThatBeginParagraphs) {
  EXPECT_THAT(tokenise("One two.\n\n-\nThree’s\nfour, 1,905 five\n").paragraph_starts,
              testing::ElementsAre(0u, 2u, 3u));
}

TEST(WordHash, TellsWordsApartThatDifferInOneByteOrInLength) {
  std::vector<std::uint64_t> hashes;
  for (std::size_t length = 0; length < 70; ++length) {
    std::string word(length, 'a');
    hashes.push_back(word_hash(word));
    for (std::size_t at = 0; at < length; ++at) {
      word[at] = 'b';
      hashes.push_back(word_hash(word));
      word[at] = 'a';
    }
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

TEST(TidyScan, FindsTheSameOnAnyProcessor) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (const std::size_t before : {0U, 1U, 31U, 32U, 40U, 70U}) {
      const std::string text =
          std::string(before, 'x') + static_cast<char>(byte) + std::string(50, 'y');
      EXPECT_EQ(unicode::tidy_scan()(text, 0), unicode::tidy_scan_plain()(text, 0)) << byte;
    }
  }
}

TEST(TidyScan, KeepsTypographicSignsAndStillFindsWhatGoes) {
  EXPECT_EQ(unicode::tidy("a “b” — c…\xE2\x80\x8B"
                          "d\xC2\xA0"
                          "e ؜f",
                          1000),
            "a “b” — c…d e f");
}

}  // namespace
}  // namespace wirewatch::feeds
