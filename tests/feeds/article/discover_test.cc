#include "feeds/article/discover.h"

namespace wirewatch::feeds {
namespace {

std::vector<std::string> urls(std::string_view page, FeedHint hint,
                              const std::string& at = "https://example.org/news/") {
  std::vector<std::string> list;
  for (const FeedCandidate& one : discover_feeds(page, {at, ""})) {
    if (one.hint == hint) list.push_back(one.url);
  }
  return list;
}

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Discover, ReadsWhatThePageStates) {
  const struct {
    std::string_view page;
    std::vector<std::string> stated;
  } cases[] = {
      {R"(<link rel="alternate" type="application/rss+xml" href="/feed">)",
       {"https://example.org/feed"}},
      {R"(<LINK REL='home Alternate' HREF=a.atom TYPE='Application/Atom+XML; charset=utf-8'>)",
       {"https://example.org/news/a.atom"}},
      {R"(<link rel=alternate type=application/feed+json href=//cdn.example/f.json>)",
       {"https://cdn.example/f.json"}},
      {R"(<link rel=feed href=f>)", {"https://example.org/news/f"}},
      {R"(<base href="/x/"><link rel=alternate type=application/rss+xml href=r>)",
       {"https://example.org/x/r"}},
      {R"(<link rel=alternate type=text/xml href=/rss.xml>)", {"https://example.org/rss.xml"}},
      {R"(<link rel=alternate type=text/xml href=/sitemap>)", {}},
      {R"(<link rel=alternate hreflang=de href=/de>)", {}},
      {R"(<link rel=stylesheet type=application/rss+xml href=/s>)", {}},
      {R"(<link rel=alternate type=application/rss+xml href="javascript:x">)", {}},
      {R"(<!-- <link rel=alternate type=application/rss+xml href=/old> -->)", {}},
      {R"(<link rel=alternate type=application/rss+xml href=/f?a=1&amp;b=2>)",
       {"https://example.org/f?a=1&b=2"}},
  };
  for (const auto& c : cases) EXPECT_EQ(urls(c.page, FeedHint::stated), c.stated) << c.page;
}

TEST(Discover, TakesLinksThatLookLikeFeeds) {
  EXPECT_THAT(urls(R"(<a href="/rss.xml">RSS</a> <a href="/about">About</a>
                      <a href="https://feeds.example.net/all">All</a> <a href="/?feed=rss2">x</a>
                      <a href="/feedback">Write to us</a>)",
                   FeedHint::linked),
              ElementsAre("https://example.org/rss.xml", "https://feeds.example.net/all",
                          "https://example.org/?feed=rss2"));
}

TEST(Discover, PutsFeedsOfCommentsLast) {
  const auto all = discover_feeds(
      R"(<link rel=alternate type=application/rss+xml title="Post &raquo; Comments" href=/c>
         <link rel=alternate type=application/rss+xml title="Post &amp; more" href=/f>)",
      {"https://example.org/", ""});
  ASSERT_GE(all.size(), 2U);
  EXPECT_EQ(all[0].title, "Post & more");
  EXPECT_FALSE(all[0].comments);
  EXPECT_EQ(all[1].title, "Post » Comments");
  EXPECT_TRUE(all[1].comments);
}

TEST(Discover, NamesAFeedOnce) {
  EXPECT_THAT(urls(R"(<link rel=alternate type=application/rss+xml href=/feed>
                      <link rel=alternate type=application/rss+xml href=/feed>
                      <a href=/feed>RSS</a>)",
                   FeedHint::stated),
              ElementsAre("https://example.org/feed"));
  EXPECT_THAT(urls("<a href=/feed>RSS</a>", FeedHint::guessed),
              testing::Not(Contains("https://example.org/feed")));
}

TEST(Discover, GuessesByTheSoftwareAndTheSection) {
  const auto wordpress = urls("<meta name=generator content='WordPress 6.5'>", FeedHint::guessed);
  EXPECT_EQ(wordpress.at(0), "https://example.org/feed/");
  EXPECT_THAT(wordpress, Contains("https://example.org/news/feed"));
  EXPECT_EQ(urls("", FeedHint::guessed, "https://www.youtube.com/channel/UC123/videos").at(0),
            "https://www.youtube.com/feeds/videos.xml?channel_id=UC123");
  EXPECT_EQ(urls("", FeedHint::guessed, "https://github.com/a/b/issues").at(0),
            "https://github.com/a/b/releases.atom");
  EXPECT_EQ(urls("", FeedHint::guessed, "https://social.example/@ann").at(0),
            "https://social.example/@ann.rss");
  EXPECT_THAT(
      urls("", FeedHint::guessed, "https://example.org"),
      testing::IsSupersetOf({"https://example.org/feed", "https://example.org/rss",
                             "https://example.org/rss.xml", "https://example.org/atom.xml",
                             "https://example.org/feed.json", "https://example.org/index.xml"}));
}

TEST(Discover, IsBounded) {
  std::string page;
  for (int i = 0; i < 10'000; ++i) {
    page += "<link rel=alternate type=application/rss+xml href=/" + std::to_string(i) + ">";
    page += "<a href=/" + std::to_string(i) + "/rss>";
  }
  EXPECT_LE(discover_feeds(page, {"https://example.org/", ""}).size(), 56U);
  EXPECT_THAT(discover_feeds(page, {"", ""}), IsEmpty());
}

}  // namespace
}  // namespace wirewatch::feeds
