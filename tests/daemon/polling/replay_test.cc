#include "daemon/polling/replay.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

class ReplayTest : public testing::Test {
 protected:
  Result<Replay> read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_replay(path_, std::chrono::seconds(3));
  }
  TemporaryFolder folder_;
  std::string path_ = folder_.file("replay.jsonl");
};

TEST_F(ReplayTest, ALineIsAnItemWithItsPauseAndSource) {
  const auto read_back = read(
      "{\"id\":\"a\",\"title\":\"One\",\"text\":\"1 < 2 & 3\\nmore\",\"url\":\"https://e.org/1\","
      "\"source\":\"INA\",\"lang\":\"ar\",\"published\":\"2024-12-26T16:00:00Z\",\"after\":1.5}\n"
      "\n  \r\n"
      "{\"text\":\"only text\"}");
  ASSERT_TRUE(read_back) << read_back.error().text;
  EXPECT_EQ(read_back->bad_lines, 0U);
  ASSERT_EQ(read_back->entries.size(), 2U);
  const ReplayEntry& first = read_back->entries.front();
  EXPECT_EQ(first.after, std::chrono::milliseconds(1500));
  EXPECT_EQ(first.source, "INA");
  EXPECT_EQ(first.item.guid, "a");
  EXPECT_EQ(first.item.title, "One");
  EXPECT_EQ(first.item.content, "1 &lt; 2 &amp; 3<br>more");
  EXPECT_EQ(first.item.link, "https://e.org/1");
  EXPECT_EQ(first.item.language, "ar");
  EXPECT_EQ(first.item.published, from_iso8601("2024-12-26T16:00:00Z"));
  EXPECT_EQ(read_back->entries.back().after, std::chrono::seconds(3));
  EXPECT_FALSE(read_back->entries.back().item.published);
}

TEST_F(ReplayTest, WhatIsWrongIsLeftOutAndNamedWithItsLine) {
  struct Case {
    const char* line;
    const char* reason;
  };
  const Case cases[] = {
      {"nonsense", "not a JSON object"},
      {"[1]", "not a JSON object"},
      {"{\"url\":\"https://e.org\"}", "has neither \"title\" nor \"text\""},
      {"{\"title\":\"a\",\"after\":-1}", "\"after\" is a number of seconds from 0 to 86400"},
      {"{\"title\":\"a\",\"after\":86401}", "\"after\" is a number of seconds from 0 to 86400"},
      {"{\"title\":\"a\",\"after\":\"5\"}", "\"after\" is a number of seconds from 0 to 86400"},
      {"{\"title\":\"a\",\"published\":\"yesterday\"}",
       "\"published\": \"yesterday\" is no ISO 8601 instant such as 2024-12-26T16:00:00Z"},
  };
  for (const Case& c : cases) {
    const auto result =
        read(std::string("{\"title\":\"first\"}\n\n") + c.line + "\n{\"title\":\"last\"}\n");
    ASSERT_TRUE(result) << c.line;
    ASSERT_EQ(result->entries.size(), 2U) << c.line;
    EXPECT_EQ(result->entries.back().item.title, "last");
    ASSERT_EQ(result->bad.size(), 1U) << c.line;
    EXPECT_EQ(result->bad.front().line, 3U);
    EXPECT_EQ(result->bad.front().reason, c.reason);
    EXPECT_THAT(
        describe_bad_lines("r.jsonl", *result),
        testing::ElementsAre(std::string("r.jsonl:3: ") + c.reason + "; the line is left out"));
  }
}

TEST_F(ReplayTest, OfManyBadLinesAFewAreNamedAndTheRestCounted) {
  std::string text;
  for (int i = 0; i < 150; ++i) text += "x\n";
  const auto result = read(text);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->bad_lines, 150U);
  EXPECT_EQ(result->bad.size(), 100U);
  const auto texts = describe_bad_lines("r", *result);
  ASSERT_EQ(texts.size(), 5U);
  EXPECT_EQ(texts.back(), "and 146 more lines: `wirewatch check` names them");
}

TEST_F(ReplayTest, ALineThatWasMendedIsReleasedWhereItStands) {
  const auto before = read("{\"title\":\"a\"}\nb\n{\"title\":\"c\"}\n");
  const auto mended = read("{\"title\":\"a\"}\n{\"title\":\"b\"}\n{\"title\":\"c\"}\n");
  const auto longer = read("{\"title\":\"a\"}\nb\n{\"title\":\"c\"}\n{\"title\":\"d\"}\n");
  const auto shorter = read("{\"title\":\"a\"}\n");
  ASSERT_TRUE(before && mended && longer && shorter);
  EXPECT_EQ(go_on_at(*before, *mended, 2), 1U);
  EXPECT_EQ(go_on_at(*before, *longer, 2), 2U);
  EXPECT_EQ(go_on_at(*before, *longer, 1), 1U);
  EXPECT_EQ(go_on_at(*before, *shorter, 2), 1U);
}

TEST_F(ReplayTest, AFileIsReadAnewOnlyWhenItWasWritten) {
  ASSERT_TRUE(read("{\"title\":\"a\"}"));
  const auto first = refresh_replay({}, path_, std::chrono::seconds(3));
  ASSERT_TRUE(first);
  const auto again = refresh_replay(*first, path_, std::chrono::seconds(3));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->replay, first->replay);
  ASSERT_TRUE(read("{\"title\":\"a\"}\n{\"title\":\"b\"}"));
  std::filesystem::last_write_time(path_, first->written + std::chrono::seconds(1));
  const auto written = refresh_replay(*again, path_, std::chrono::seconds(3));
  ASSERT_TRUE(written);
  EXPECT_EQ(written->replay->entries.size(), 2U);
  const auto faster = refresh_replay(*written, path_, std::chrono::seconds(1));
  ASSERT_TRUE(faster);
  EXPECT_EQ(faster->replay->entries.front().after, std::chrono::seconds(1));
  std::filesystem::remove(path_);
  EXPECT_FALSE(refresh_replay(*faster, path_, std::chrono::seconds(1)));
}

TEST_F(ReplayTest, AFileThatIsNotThereIsNamed) {
  const auto result = read_replay("/nowhere/x.jsonl", std::chrono::seconds(3));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text, "cannot read \"/nowhere/x.jsonl\"");
  const auto folder = read_replay("/", std::chrono::seconds(3));
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().text, "\"/\" is not a file");
}

}  // namespace
}  // namespace wirewatch::daemon
