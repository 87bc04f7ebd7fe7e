#include "feeds/stories/docs_jsonl.h"

#include <gtest/gtest.h>

namespace wirewatch::feeds {
namespace {

TEST(DocsJsonl, ReadsALine) {
  const auto input = read_document_line(
      R"({"id":"7","published":"2024-12-26T16:00:00+01:00","lang":"ar","source":"S",)"
      R"("url":"http://x/","title":"\u0634","text":"a\nb","more":[1]})");
  ASSERT_TRUE(input);
  EXPECT_EQ(input->id, "7");
  EXPECT_EQ(to_iso8601(input->time), "2024-12-26T15:00:00Z");
  EXPECT_EQ(input->language, "ar");
  EXPECT_EQ(input->source, "S");
  EXPECT_EQ(input->url, "http://x/");
  EXPECT_EQ(input->title, "ش");
  EXPECT_EQ(input->text, "a\nb");
}

TEST(DocsJsonl, AllButTheIdMayBeAbsentOrNull) {
  const auto input = read_document_line(R"({"id":"7","published":null,"title":null})");
  ASSERT_TRUE(input);
  EXPECT_EQ(input->time, Instant{});
  EXPECT_EQ(input->title, "");
}

TEST(DocsJsonl, ATimeWithoutAZoneIsUtc) {
  const auto input = read_document_line(R"({"id":"7","published":"1987-02-26T15:01:01"})");
  ASSERT_TRUE(input);
  EXPECT_EQ(to_iso8601(input->time), "1987-02-26T15:01:01Z");
}

TEST(DocsJsonl, ADateThatIsNoneMayLeaveTheTimeUnknown) {
  std::string doubt;
  const auto input = read_document_line(R"({"id":"7","published":"0101-20-17"})", {}, &doubt);
  ASSERT_TRUE(input);
  EXPECT_EQ(input->time, Instant{});
  EXPECT_EQ(doubt,
            "\"published\" of \"7\" is \"0101-20-17\"; a date looks like 2024-12-26T16:00:00Z");
}

TEST(DocsJsonl, MergesAndNearPairsAreLinesOfTheirOwn) {
  EXPECT_EQ(merge_line({"b", "a"}), R"({"merge":{"story":"b","into":"a"}})");
  EXPECT_EQ(near_line({"b", "a", 0.83333}), R"({"id":"b","of":"a","similarity":0.8333})");
}

TEST(DocsJsonl, ALineWithoutAnIdTakesTheOneThatIsGiven) {
  const auto input = read_document_line(R"({"title":"x","tags":["wire","a b"]})", "-:1");
  ASSERT_TRUE(input);
  EXPECT_EQ(input->id, "-:1");
  EXPECT_EQ(input->feed_tags, (std::vector<std::string>{"wire", "a b"}));
  EXPECT_EQ(read_document_line(R"({"id":"7","tags":"wire"})", "-:1")->id, "7");
}

TEST(DocsJsonl, SaysWhatIsWrongWithALine) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([1])", "a line must be a JSON object"},
      {R"({"title":"x"})", "a line must have an \"id\""},
      {R"({"id":7})", "\"id\" must be a text"},
      {R"({"id":"7","text":["x"]})", "\"text\" must be a text"},
      {R"({"id":"7","tags":[1]})", "\"tags\" must be a text or a list of texts"},
      {R"({"id":"7","published":"yesterday"})",
       "\"published\" of \"7\" is \"yesterday\"; a date looks like 2024-12-26T16:00:00Z"},
  };
  for (const auto& [line, error] : cases) {
    const auto input = read_document_line(line);
    ASSERT_FALSE(input) << line;
    EXPECT_EQ(input.error().text, error);
    EXPECT_EQ(input.error().kind, ErrorKind::invalid);
  }
  for (const char* line : {"", "{", "{\"id\":\"\xFF\"}"}) {
    const auto input = read_document_line(line);
    ASSERT_FALSE(input) << line;
    EXPECT_TRUE(input.error().text.starts_with("a line is not JSON: ")) << input.error().text;
  }
}

TEST(DocsJsonl, WritesAPlacementAsOneLine) {
  Placement placement;
  placement.story = placement.copy_group = "a";
  EXPECT_EQ(placement_line("a", placement),
            R"({"id":"a","story":"a","copy_group":"a","relation":"new","of":null,)"
            R"("similarity":0,"why":[]})");
  placement.relation = Relation::same_story;
  placement.of = "a";
  placement.copy_group = "b";
  placement.similarity = 0.123456;
  placement.why = {"Dorne", "\"x\""};
  EXPECT_EQ(placement_line("b", placement),
            R"({"id":"b","story":"a","copy_group":"b","relation":"same-story","of":"a",)"
            R"("similarity":0.1235,"why":["Dorne","\"x\""]})");
}

}  // namespace
}  // namespace wirewatch::feeds
