#include "daemon/replay.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

class ReplayTest : public testing::Test {
 protected:
  Result<std::vector<ReplayEntry>> read(const std::string& text) {
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
  ASSERT_EQ(read_back->size(), 2U);
  const ReplayEntry& first = read_back->front();
  EXPECT_EQ(first.after, std::chrono::milliseconds(1500));
  EXPECT_EQ(first.source, "INA");
  EXPECT_EQ(first.item.guid, "a");
  EXPECT_EQ(first.item.title, "One");
  EXPECT_EQ(first.item.content, "1 &lt; 2 &amp; 3<br>more");
  EXPECT_EQ(first.item.link, "https://e.org/1");
  EXPECT_EQ(first.item.language, "ar");
  EXPECT_EQ(first.item.published, from_iso8601("2024-12-26T16:00:00Z"));
  EXPECT_EQ(read_back->back().after, std::chrono::seconds(3));
  EXPECT_FALSE(read_back->back().item.published);
}

TEST_F(ReplayTest, WhatIsWrongIsNamedWithItsLine) {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {"{\"title\":\"a\"}\nnonsense\n", ":2: not a JSON object"},
      {"[1]\n", ":1: not a JSON object"},
      {"\n\n{\"url\":\"https://e.org\"}\n", ":3: has neither \"title\" nor \"text\""},
      {"{\"title\":\"a\",\"after\":-1}", ":1: \"after\" is a number of seconds from 0 to 86400"},
      {"{\"title\":\"a\",\"after\":86401}", ":1: \"after\" is a number of seconds from 0 to 86400"},
      {"{\"title\":\"a\",\"after\":\"5\"}", ":1: \"after\" is a number of seconds from 0 to 86400"},
      {"{\"title\":\"a\",\"published\":\"yesterday\"}",
       ":1: \"published\": \"yesterday\" is no ISO 8601 instant such as 2024-12-26T16:00:00Z"},
  };
  for (const Case& c : cases) {
    const auto result = read(c.text);
    ASSERT_FALSE(result) << c.text;
    EXPECT_EQ(result.error().text, path_ + c.error);
  }
}

TEST_F(ReplayTest, AFileIsReadAnewOnlyWhenItWasWritten) {
  ASSERT_TRUE(read("{\"title\":\"a\"}"));
  const auto first = refresh_replay({}, path_, std::chrono::seconds(3));
  ASSERT_TRUE(first);
  const auto again = refresh_replay(*first, path_, std::chrono::seconds(3));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->entries, first->entries);
  ASSERT_TRUE(read("{\"title\":\"a\"}\n{\"title\":\"b\"}"));
  std::filesystem::last_write_time(path_, first->written + std::chrono::seconds(1));
  const auto written = refresh_replay(*again, path_, std::chrono::seconds(3));
  ASSERT_TRUE(written);
  EXPECT_EQ(written->entries->size(), 2U);
  const auto faster = refresh_replay(*written, path_, std::chrono::seconds(1));
  ASSERT_TRUE(faster);
  EXPECT_EQ(faster->entries->front().after, std::chrono::seconds(1));
  std::filesystem::remove(path_);
  EXPECT_FALSE(refresh_replay(*faster, path_, std::chrono::seconds(1)));
}

TEST_F(ReplayTest, AFileThatIsNotThereIsNamed) {
  const auto result = read_replay("/nowhere/x.jsonl", std::chrono::seconds(3));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text, "cannot read \"/nowhere/x.jsonl\"");
}

}  // namespace
}  // namespace wirewatch::daemon
