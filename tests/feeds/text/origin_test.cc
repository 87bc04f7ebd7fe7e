#include "feeds/text/origin.h"

#include <gtest/gtest.h>

#include <string>

#include "feeds/text/document.h"

namespace wirewatch::feeds {
namespace {

// What `word` of the cleaned text is in the text that was given.
std::string given_for(const std::string& given, const std::string& word) {
  DocumentInput input;
  input.text = given;
  const Document document = make_document(input);
  const std::size_t at = document.text.find(word);
  if (at == std::string::npos) return "(not in the cleaned text)";
  const auto start = static_cast<std::uint32_t>(at);
  const auto end = static_cast<std::uint32_t>(at + word.size());
  const auto range = Origin(given, document.text).range(start, end);
  return given.substr(range.first, range.second - range.first);
}

TEST(Origin, IsTheSamePlaceWhereNothingWasCleaned) {
  EXPECT_EQ(Origin("one two", "one two").range(4, 7), std::make_pair(4U, 7U));
}

TEST(Origin, SurvivesClutterAndRepeatedParagraphs) {
  const std::string talks =
      "Talks on the border were held in Damascus on Thursday, both sides said.";
  const std::string more = "A second round is planned for Baghdad, where the ministers meet again.";
  const std::string given =
      "Click to share on Facebook\n\n" + talks + "\n\n" + talks + "\n\n" + more + "\n";
  EXPECT_EQ(given_for(given, "Damascus"), "Damascus");
  EXPECT_EQ(given_for(given, "Baghdad"), "Baghdad");
}

TEST(Origin, CountsTheBytesOfWhatWasGiven) {
  EXPECT_EQ(given_for("\u202bأمن\u202c  الحدود\u00a0المشتركة", "الحدود"), "الحدود");
  EXPECT_EQ(given_for("bad \xff bytes,\ttabs and\r\nthe border", "border"), "border");
  EXPECT_EQ(given_for("the border  guard", "border guard"), "border  guard");
}

TEST(Origin, LeavesWhatItCannotFindAsItIs) {
  const Origin origin("one", "two");
  EXPECT_EQ(origin.range(0, 3), std::make_pair(0U, 3U));
  EXPECT_EQ(origin.range(2, 9), std::make_pair(2U, 9U));
  EXPECT_EQ(origin.range(1, 1), std::make_pair(1U, 1U));
}

}  // namespace
}  // namespace wirewatch::feeds
