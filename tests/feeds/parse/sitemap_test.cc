// Sitemaps and CDF: the formats whose items are no <item> or whose fields are attributes.
#include <fmt/format.h>

#include "feeds/parse/parse.h"

namespace wirewatch::feeds {
namespace {

ParsedFeed feed_of(std::string_view bytes, std::size_t items = 5000) {
  ParseContext context;
  context.url = "https://example.org/maps/news.xml";
  context.limits.items = items;
  auto parsed = parse_feed(bytes, context);
  if (parsed.has_value()) return std::move(*parsed);
  ADD_FAILURE() << parsed.error().text;
  return {};
}

TEST(Sitemap, NewsHasItsTitleDateLanguageAndPublication) {
  const ParsedFeed feed = feed_of(R"(<?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
            xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
            xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
      <url><loc>https://example.org/a?x=1&amp;y=2</loc><lastmod>2024-06-04T10:00:00+03:00</lastmod>
        <n:news><n:publication><n:name>The Example</n:name><n:language>en</n:language>
          </n:publication><n:publication_date>2024-06-04</n:publication_date>
          <n:title>Talks &amp; trade</n:title><n:keywords>border, trade</n:keywords></n:news>
        <image:image><image:loc>/a.jpg</image:loc></image:image></url>
      <url><loc>https://example.org/b</loc><lastmod>2024-06-03</lastmod></url>
    </urlset>)");
  EXPECT_EQ(feed.format, Format::sitemap);
  ASSERT_EQ(feed.items.size(), 2U);
  const Item& news = feed.items[0];
  EXPECT_EQ(news.title, "Talks & trade");
  EXPECT_EQ(news.link, "https://example.org/a?x=1&y=2");
  EXPECT_EQ(to_iso8601(news.published.value()), "2024-06-04T00:00:00Z");
  EXPECT_EQ(to_iso8601(news.updated.value()), "2024-06-04T07:00:00Z");
  EXPECT_EQ(news.language, "en");
  EXPECT_EQ(news.authors.at(0).name, "The Example");
  EXPECT_EQ(news.categories, (std::vector<std::string>{"border", "trade"}));
  EXPECT_EQ(news.enclosures.at(0).url, "https://example.org/a.jpg");
  const Item& page = feed.items[1];
  EXPECT_EQ(page.title, "https://example.org/b");
  EXPECT_EQ(to_iso8601(page.published.value()), "2024-06-03T00:00:00Z");
}

TEST(Sitemap, PrefixesAndMissingNamespacesAreFine) {
  EXPECT_EQ(feed_of("<sm:urlset xmlns:sm='http://www.sitemaps.org/schemas/sitemap/0.9'>"
                    "<sm:url><sm:loc>https://example.org/a</sm:loc></sm:url></sm:urlset>")
                .items.at(0)
                .link,
            "https://example.org/a");
  EXPECT_EQ(feed_of("<urlset><url><loc>/a</loc><news:news><news:title>T</news:title></news:news>"
                    "</url></urlset>")
                .items.at(0)
                .title,
            "T");
}

TEST(Sitemap, OfTooManyPagesTheNewestAreKeptInTheirOrder) {
  std::string map = "<urlset>";
  for (int day = 1; day <= 28; ++day) {
    map += fmt::format(
        "<url><loc>https://example.org/{}</loc><lastmod>2024-06-{:02}</lastmod></url>", day, day);
  }
  const ParsedFeed feed =
      feed_of(map + "<url><loc>https://example.org/none</loc></url></urlset>", 3);
  ASSERT_EQ(feed.items.size(), 3U);
  EXPECT_EQ(feed.items[0].link, "https://example.org/26");
  EXPECT_EQ(feed.items[2].link, "https://example.org/28");
  EXPECT_EQ(feed.warnings.at(0), "only the 3 items that changed last were kept");
  const ParsedFeed undated = feed_of(
      "<urlset><url><loc>/1</loc></url><url><loc>/2</loc></url>"
      "<url><loc>/3</loc></url></urlset>",
      2);
  ASSERT_EQ(undated.items.size(), 2U);
  EXPECT_EQ(undated.items[1].link, "https://example.org/2");
}

TEST(Sitemap, DocumentsThatListOthersAreNamed) {
  const auto error = [](std::string_view bytes) {
    const auto parsed = parse_feed(bytes, {});
    return parsed.has_error() ? parsed.error().text : "no error";
  };
  EXPECT_EQ(error("<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
                  "<loc>https://example.org/news.xml</loc></sitemap></sitemapindex>"),
            "not a feed: a sitemap index: name one of its sitemaps, such as "
            "\"https://example.org/news.xml\"");
  EXPECT_EQ(error("<sitemapindex/>"), "not a feed: a sitemap index: name one of its sitemaps");
  EXPECT_EQ(error("<opml version='2.0'><body/></opml>"),
            "not a feed: an OPML list of feeds: `wirewatch feeds import` takes it");
}

TEST(Cdf, FieldsStandInAttributesAndElements) {
  const ParsedFeed feed = feed_of(R"x(<?XML VERSION="1.0"?>
    <CHANNEL HREF="home.html" BASE="https://example.net/cdf/" LASTMOD="1998-11-05T22:12">
      <TITLE VALUE="The Channel"/><ABSTRACT>What it is</ABSTRACT>
      <SCHEDULE><INTERVALTIME DAY="1" HOUR="2"/></SCHEDULE>
      <ITEM HREF="a.html" LASTMOD="1998-11-05"><TITLE>First</TITLE><ABSTRACT>One.</ABSTRACT></ITEM>
      <CHANNEL><TITLE>Sub</TITLE>
        <ITEM><A HREF="https://example.net/b.html"/><TITLE VALUE="Second"/>
          <AUTHOR VALUE="Ann Li (ann@example.org)"/><CATEGORY VALUE="trade"/>
          <PUBLICATIONDATE VALUE="1998-11-04T10:00+01:00"/></ITEM>
      </CHANNEL></CHANNEL>)x");
  EXPECT_EQ(feed.format, Format::cdf);
  EXPECT_EQ(feed.feed.title, "The Channel");
  EXPECT_EQ(feed.feed.link, "https://example.net/cdf/home.html");
  EXPECT_EQ(feed.feed.summary, "What it is");
  EXPECT_EQ(feed.feed.ttl, Span(std::chrono::hours(26)));
  ASSERT_EQ(feed.items.size(), 2U);
  EXPECT_EQ(feed.items[0].title, "First");
  EXPECT_EQ(feed.items[0].link, "https://example.net/cdf/a.html");
  EXPECT_EQ(to_iso8601(feed.items[0].updated.value()), "1998-11-05T00:00:00Z");
  EXPECT_EQ(feed.items[1].title, "Second");
  EXPECT_EQ(feed.items[1].link, "https://example.net/b.html");
  EXPECT_EQ(feed.items[1].authors.at(0).email, "ann@example.org");
  EXPECT_EQ(feed.items[1].categories.at(0), "trade");
  EXPECT_EQ(to_iso8601(feed.items[1].published.value()), "1998-11-04T09:00:00Z");
}

}  // namespace
}  // namespace wirewatch::feeds
