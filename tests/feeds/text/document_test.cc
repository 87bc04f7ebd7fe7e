#include "feeds/text/document.h"

#include <gmock/gmock.h>

#include <random>

#include "feeds/text/word_hash.h"

namespace wirewatch::feeds {
namespace {

using testing::ElementsAre;

TEST(MakeDocument, TitleTokensComeFirstEachFieldCountingFromZero) {
  DocumentInput input;
  input.title = "Border talks";
  input.text = "Two chiefs met. They talked.\nThen they left.";
  const Document document = make_document(input);
  ASSERT_EQ(document.tokens.size(), 10u);
  EXPECT_EQ(document.title_tokens, 2u);
  EXPECT_EQ(document.lead_tokens, 8u);
  EXPECT_EQ(document.tokens[1].field, Field::title);
  EXPECT_EQ(document.tokens[1].position, 1u);
  const Token& last = document.tokens.back();
  EXPECT_EQ(last.field, Field::text);
  EXPECT_EQ(last.position, 7u);
  EXPECT_EQ(last.sentence, 2u);
  EXPECT_EQ(last.paragraph, 1u);
  EXPECT_EQ(document.folded_form(last), "left");
  EXPECT_EQ(document.raw_form(last), "left");
  EXPECT_EQ(document.hashes.back(), word_hash("left"));
  EXPECT_EQ(document.hashes.size(), document.tokens.size());
}

TEST(MakeDocument, OffsetsAreThoseOfTheCleanedFields) {
  DocumentInput input;
  input.title = "  \xE2\x80\xAE Shar’a\tin\x01 Baghdad \n";
  input.text = "Click to start listening\r\n\r\nAl-Shara’  met\xC2\xA0Iraq’s\xE2\x80\x8F chief.";
  const Document document = make_document(input);
  EXPECT_EQ(document.title, "Shar’a in Baghdad");
  EXPECT_EQ(document.text, "Al-Shara’ met Iraq’s chief.");
  std::vector<std::string> raw;
  for (const Token& token : document.tokens) raw.emplace_back(document.raw_form(token));
  EXPECT_THAT(raw, ElementsAre("Shar’a", "in", "Baghdad", "Al", "Shara", "met", "Iraq", "chief"));
}

TEST(MakeDocument, BadBytesAreReplaced) {
  DocumentInput input;
  input.title =
      "a\xFF"
      "b \xE2\x82 c \xED\xA0\x80";
  EXPECT_EQ(make_document(input).title, "a\uFFFDb \uFFFD c \uFFFD\uFFFD\uFFFD");
}

TEST(MakeDocument, TheLeadIsTheFirstSixtyWordsOfTheText) {
  DocumentInput input;
  input.title = "Title";
  for (int i = 0; i < 100; ++i) input.text += "w" + std::to_string(i) + " ";
  EXPECT_EQ(make_document(input).lead_tokens, 60u);
}

TEST(MakeDocument, CutsWhatIsTooLongAtACharacter) {
  DocumentInput input;
  for (int i = 0; i < 3000; ++i) input.title += "é";
  input.text = std::string(max_text_bytes + 1000, 'x');
  const Document document = make_document(input);
  EXPECT_EQ(document.title.size(), max_title_bytes);
  EXPECT_EQ(document.text.size(), max_text_bytes);
}

TEST(MakeDocument, TheDeclaredLanguageStandsOnlyWhereNoneIsDetected) {
  DocumentInput input;
  input.language = "ku-IQ";
  input.title = "Zxcv";
  EXPECT_EQ(make_document(input).language, "ku");
  input.text = "The talks were about the border and the people who live on it.";
  EXPECT_EQ(make_document(input).language, "en");
  input.text.clear();
  input.language = "!!";
  EXPECT_EQ(make_document(input).language, "");
}

TEST(MakeDocument, TheDeclaredLanguageStandsWhereItWouldBeTakenForTheDetectedOne) {
  const struct {
    const char* declared;
    const char* text;
    const char* language;
  } cases[] = {
      {"bg", "Министърът каза, че мостът ще бъде отворен за движение до края на седмицата.", "bg"},
      {"sr-RS", "Министар је рекао да ће мост бити отворен за саобраћај до краја недеље.", "sr"},
      {"", "Министърът каза, че мостът ще бъде отворен за движение до края на седмицата.", "ru"},
      {"da", "Ministeren sagde, at broen er åben for trafik i dag, og det var en god dag.", "da"},
      {"no", "Statsråden sa at broen er åpen for trafikk i dag, og det var en god dag.", "no"},
      {"", "Ministern sade att bron är öppen för trafik i dag, och det var en bra dag.", "sv"},
      {"mr-IN", "मंत्र्यांनी सांगितले की पूल आठवड्याच्या अखेरीस वाहतुकीसाठी खुला होईल.", "mr"},
      // Of those that are known, and of other scripts, the text decides.
      {"uk", "Министр сказал, что мост откроют для движения до конца недели.", "ru"},
      {"bg", "The minister said that the bridge would be open by the end of the week.", "en"},
      {"da", "The minister said that the bridge would be open by the end of the week.", "en"},
      {"bg", "Мы закрыли мост, сообщили пограничники: машины выстроились в очередь.", "ru"},
      {"da", "Министр сказал, что мост откроют для движения до конца недели.", "ru"},
  };
  for (const auto& c : cases) {
    DocumentInput input;
    input.language = c.declared;
    input.text = c.text;
    EXPECT_EQ(make_document(input).language, c.language) << c.declared << ": " << c.text;
  }
}

TEST(DocumentInput, TakesContentElseSummaryAsPlainText) {
  Item item;
  item.title = "T";
  item.link = "https://example.org/1";
  item.summary = "<p>Short</p>";
  item.authors = {{"A. Person", "a@example.org", ""}, {"", "b@example.org", ""}, {"", "", "u"}};
  EXPECT_EQ(document_input(item, Instant{}).text, "Short");
  item.content = "<p>One &amp; two</p><p>Three</p>";
  const DocumentInput input = document_input(item, Instant{});
  EXPECT_EQ(input.text, "One & two\n\nThree");
  EXPECT_EQ(input.url, "https://example.org/1");
  EXPECT_THAT(input.authors, ElementsAre("A. Person", "b@example.org"));
}

TEST(DocumentInput, ItsTimeIsThePublishedDateOnlyWhenThatIsSane) {
  const Instant now = *from_iso8601("2024-12-26T16:00:00Z");
  const std::pair<const char*, const char*> cases[] = {
      {"2024-12-25T10:00:00Z", "2024-12-25T10:00:00Z"},
      {"1990-01-01T00:00:00Z", "1990-01-01T00:00:00Z"},
      {"1989-12-31T23:59:59Z", "2024-12-26T16:00:00Z"},
      {"2024-12-26T16:15:00Z", "2024-12-26T16:15:00Z"},
      {"2024-12-26T16:15:01Z", "2024-12-26T16:00:00Z"},
      {"2041-01-01T00:00:00Z", "2024-12-26T16:00:00Z"},
  };
  for (const auto& [published, time] : cases) {
    Item item;
    item.published = from_iso8601(published);
    EXPECT_EQ(to_iso8601(document_input(item, now).time), time) << published;
  }
  EXPECT_EQ(document_input(Item{}, now).time, now);
}

TEST(MakeDocument, AnyBytesGiveADocumentWithTokensInsideItsFields) {
  std::mt19937 random(7);
  const std::string alphabet = "aZ9 .,'\n\x80\xD8\xA7\xE2\x80\x99\xF0\xFF-";
  for (int round = 0; round < 300; ++round) {
    DocumentInput input;
    for (int i = 0; i < 200; ++i) input.text += alphabet[random() % alphabet.size()];
    input.title = input.text.substr(0, 50);
    const Document document = make_document(input);
    for (const Token& token : document.tokens) {
      ASSERT_LT(token.start, token.end);
      ASSERT_FALSE(document.raw_form(token).empty());
      ASSERT_FALSE(document.folded_form(token).empty());
    }
  }
}

}  // namespace
}  // namespace wirewatch::feeds
