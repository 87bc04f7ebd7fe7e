// `json:` of a feed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feeds/parse/json_map.h"
#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;

std::string complaint(const std::string& json) {
  const ConfigFiles files;
  const LoadOutcome outcome =
      files.load("feeds:\n  - url: https://api.example.org/\n    json: " + json + "\n");
  return files.shown(outcome);
}

TEST(JsonSection, PointersOfEachFieldAreRead) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(
      "feeds:\n  - url: https://api.example.org/\n    json:\n      items: /data/articles\n"
      "      title: [/headline, /title]\n      link: /url\n      id: /id\n      published: /date\n"
      "      updated: /changed\n      summary: /lead\n      content: /body\n      author: /by\n"
      "      category: /tags/name\n      language: /lang\n      image: /picture/src\n"
      "  - https://example.org/feed\n");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  const auto& map = outcome.snapshot->feeds.at(0).json;
  ASSERT_TRUE(map);
  EXPECT_EQ(map->items, "/data/articles");
  EXPECT_THAT(map->title, ElementsAre("/headline", "/title"));
  EXPECT_THAT(map->category, ElementsAre("/tags/name"));
  EXPECT_THAT(map->image, ElementsAre("/picture/src"));
  EXPECT_EQ(outcome.snapshot->feeds.at(1).json, nullptr);
}

TEST(JsonSection, ItemsMayBeTheWholeDocument) {
  const ConfigFiles files;
  const LoadOutcome outcome =
      files.load("feeds: [{url: https://api.example.org/, json: {title: /t}}]\n");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_EQ(outcome.snapshot->feeds.at(0).json->items, "");
}

TEST(JsonSection, WhatIsWrongIsSaidWithItsPlace) {
  EXPECT_EQ(complaint("{items: data, title: /t}"),
            "config.yaml:3:19: error: \"data\" is no pointer\n"
            "      json: {items: data, title: /t}\n                    ^\n"
            "  hint: a JSON Pointer begins with '/': \"/data\"\n");
  EXPECT_EQ(complaint("{items: /d, titel: /t, title: /t}"),
            "config.yaml:3:23: error: unknown key \"titel\" in \"json\"\n"
            "      json: {items: /d, titel: /t, title: /t}\n                        ^\n"
            "  hint: did you mean \"title\"?\n");
  EXPECT_EQ(complaint("{items: /d, link: /l}"),
            "config.yaml:3:11: error: this \"json\" names no text of an item\n"
            "      json: {items: /d, link: /l}\n            ^\n"
            "  hint: write at least one of \"title\", \"summary\", \"content\"\n");
  EXPECT_THAT(complaint("{items: [/a, /b], title: /t}"),
              testing::HasSubstr("the items stand in one place, not several"));
  EXPECT_THAT(complaint("/data"), testing::HasSubstr("\"json\" must be a map"));
}

TEST(JsonSection, StandsOnlyBesideAUrl) {
  const ConfigFiles files;
  files.write("a.jsonl", "{\"title\":\"t\"}\n");
  const LoadOutcome outcome = files.load("feeds: [{replay: a.jsonl, json: {title: /t}}]\n");
  EXPECT_FALSE(outcome.snapshot);
  EXPECT_THAT(files.shown(outcome), testing::HasSubstr("unknown key \"json\""));
}

}  // namespace
}  // namespace wirewatch::daemon
