// Feeds from OPML files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;

TEST(Opml, FeedsComeWithTheirNamesAndFoldersAsTags) {
  const ConfigFiles files;
  files.write("list.opml", R"(<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>x</title></head><body>
<outline text="Agencies">
  <outline type="rss" text="Wire &amp; Co" xmlUrl="https://wire.example.org/rss?a=1&amp;b=2"/>
  <outline title="Second" xmlUrl="http://second.example.org/feed"/>
</outline>
<outline xmlUrl="https://third.example.org/feed"/>
</body></opml>
)");
  const LoadOutcome outcome =
      files.load("feeds: [{opml: list.opml, tags: imported, every: 10m}]\n");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  const auto& feeds = outcome.snapshot->feeds;
  ASSERT_EQ(feeds.size(), 3U);
  EXPECT_EQ(feeds[0].name, "Wire & Co");
  EXPECT_EQ(feeds[0].url, "https://wire.example.org/rss?a=1&b=2");
  EXPECT_EQ(feeds[0].key, feeds[0].url);
  EXPECT_EQ(feeds[0].every, std::chrono::minutes(10));
  EXPECT_THAT(feeds[0].tags, ElementsAre("imported", "Agencies"));
  EXPECT_EQ(feeds[1].name, "Second");
  EXPECT_EQ(feeds[2].name, "third.example.org");
  EXPECT_THAT(feeds[2].tags, ElementsAre("imported"));
  EXPECT_THAT(outcome.snapshot->files,
              ElementsAre(files.path("config.yaml"), files.path("list.opml")));
}

TEST(Opml, CategoriesAreTagsEachOnce) {
  const ConfigFiles files;
  files.write("list.opml",
              "<opml><body><outline text='a'><outline text='x' xmlUrl='https://x.example.org/' "
              "category='/a/b,/c,,d'/></outline></body></opml>");
  const LoadOutcome outcome = files.load("feeds: [{opml: list.opml}]\n");
  ASSERT_TRUE(outcome.snapshot) << files.shown(outcome);
  EXPECT_THAT(outcome.snapshot->feeds.at(0).tags, ElementsAre("a", "b", "c", "d"));
}

TEST(Opml, WhatCannotBePolledIsLeftOutWithAWarning) {
  const ConfigFiles files;
  files.write("list.opml", R"(<opml><body>
<outline text="a" xmlUrl="ftp://a.b/c"/>
<outline text="b" xmlUrl="https://user:pw@example.org/rss"/>
<outline text="c" xmlUrl="https://example.org/rss"/>
<outline text="d" xmlUrl="https://example.org/rss"/>
</body></opml>
)");
  const LoadOutcome outcome = files.load("feeds: [{opml: list.opml}]\n");
  ASSERT_TRUE(outcome.snapshot);
  EXPECT_EQ(outcome.snapshot->feeds.size(), 1U);
  EXPECT_EQ(
      files.shown(outcome),
      R"(list.opml:2:2: warning: "ftp://a.b/c" is left out: only http:// and https:// can be used
  <outline text="a" xmlUrl="ftp://a.b/c"/>
   ^
list.opml:3:2: warning: a feed is left out: its URL holds a user or a password
  <outline text="b" xmlUrl="https://*******@example.org/rss"/>
   ^
list.opml:5:2: warning: feed "https://example.org/rss" is there twice
  <outline text="d" xmlUrl="https://example.org/rss"/>
   ^
  hint: the first is in line 4
)");
}

TEST(Opml, ABrokenFileIsAnErrorWithItsPlace) {
  const ConfigFiles files;
  files.write("list.opml", "<opml><body>\n<outline text=\"a\n</body></opml>\n");
  EXPECT_EQ(files.shown(files.load("feeds: [{opml: list.opml}]\n")),
            "list.opml:2:16: error: this OPML file is broken: Error parsing element attribute\n"
            "  <outline text=\"a\n"
            "                 ^\n");
  files.write("list.opml", "<rss/>\n");
  EXPECT_EQ(files.shown(files.load("feeds: [{opml: list.opml}]\n")),
            "list.opml:1:1: error: this is no OPML file: it has no <opml> with a <body>\n"
            "  <rss/>\n"
            "  ^\n");
}

TEST(Opml, DeepNestingAndEntitiesAreBounded) {
  const ConfigFiles files;
  std::string deep = "<opml><body>";
  for (int i = 0; i < 20000; ++i) deep += "<outline text='x'>";
  deep += "<outline xmlUrl='https://example.org/rss'/>";
  for (int i = 0; i < 20000; ++i) deep += "</outline>";
  files.write("list.opml", deep + "</body></opml>");
  const LoadOutcome outcome = files.load("feeds: [{opml: list.opml}]\n");
  ASSERT_TRUE(outcome.snapshot);
  EXPECT_TRUE(outcome.snapshot->feeds.empty());
  EXPECT_EQ(outcome.messages[0].text, "this OPML file lists no feeds");

  files.write("secret.txt", "https://example.org/leaked");
  files.write("list.opml",
              "<!DOCTYPE opml [<!ENTITY e SYSTEM \"secret.txt\">]>\n"
              "<opml><body><outline text='x' xmlUrl='&e;'/></body></opml>\n");
  EXPECT_EQ(files.load("feeds: [{opml: list.opml}]\n").snapshot->feeds.size(), 0U);
}

}  // namespace
}  // namespace wirewatch::daemon
