// What each format says, in the neutral model.
#include "feeds/parse/parse.h"

namespace wirewatch::feeds {
namespace {

ParsedFeed parse(std::string_view bytes, std::string url = "https://example.org/feed") {
  ParseContext context;
  context.url = std::move(url);
  auto parsed = parse_feed(bytes, context);
  if (parsed.has_error()) {
    ADD_FAILURE() << parsed.error().text;
    return {};
  }
  return std::move(*parsed);
}

constexpr std::string_view kRss = R"(<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
 <channel>
  <title>Harbour news</title><link>https://example.org/</link>
  <atom:link rel="self" href="https://example.org/feed"/>
  <atom:link rel="hub" href="https://hub.example.org/"/>
  <description>Ships</description><language>en-gb</language><ttl>30</ttl>
  <image><title>Logo</title><link>https://example.org/logo</link></image>
  <item>
   <title>Ferry is back</title><link>/ferry?a=1&amp;b=2</link>
   <guid isPermaLink="false">f-1</guid><pubDate>Tue, 04 Jun 2024 09:30:00 +0200</pubDate>
   <dc:creator>Ann Lee</dc:creator><author>desk@example.org (Desk)</author>
   <category>Sea</category><category>Sea</category><category>Islands</category>
   <description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>
   <enclosure url="ferry.mp3" type="audio/mpeg" length="99"/>
   <media:content url="https://example.org/f.jpg" type="image/jpeg"/>
  </item>
 </channel>
</rss>)";

TEST(ParseFormats, RssWithItsModules) {
  const ParsedFeed parsed = parse(kRss);
  EXPECT_EQ(parsed.format, Format::rss);
  EXPECT_EQ(parsed.feed.title, "Harbour news");
  EXPECT_EQ(parsed.feed.link, "https://example.org/");
  EXPECT_EQ(parsed.feed.self, "https://example.org/feed");
  EXPECT_EQ(parsed.feed.hub, "https://hub.example.org/");
  EXPECT_EQ(parsed.feed.ttl, std::chrono::minutes(30));
  ASSERT_EQ(parsed.items.size(), 1U);
  const Item& item = parsed.items[0];
  EXPECT_EQ(item.title, "Ferry is back");
  EXPECT_EQ(item.link, "https://example.org/ferry?a=1&b=2");
  EXPECT_EQ(item.guid, "f-1");
  EXPECT_EQ(item.published, from_iso8601("2024-06-04T07:30:00Z"));
  EXPECT_EQ(item.language, "en-gb");
  EXPECT_EQ(item.summary, "Short");
  EXPECT_EQ(item.content, "<p>Long</p>");
  EXPECT_EQ(item.categories, (std::vector<std::string>{"Sea", "Islands"}));
  ASSERT_EQ(item.authors.size(), 1U);
  EXPECT_EQ(item.authors[0].name, "Ann Lee");
  ASSERT_EQ(item.enclosures.size(), 2U);
  EXPECT_EQ(item.enclosures[0].url, "https://example.org/ferry.mp3");
  EXPECT_TRUE(parsed.warnings.empty());
}

TEST(ParseFormats, AtomWithBasesTypesAndInheritance) {
  const ParsedFeed parsed = parse(R"(<feed xmlns="http://www.w3.org/2005/Atom"
      xml:base="https://example.org/a/" xml:lang="ar">
    <title type="html">Wire &amp;amp; more</title><id>urn:feed</id>
    <link href="."/><author><name>Sam</name><uri>/sam</uri></author>
    <entry xml:base="b/"><id>urn:1</id><title type="text">x &lt;b> y</title>
      <link rel="alternate" href="one"/><link rel="enclosure" href="one.ogg" length="7"/>
      <updated>2024-06-04T10:00:00+03:00</updated>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>5 &lt; 6</p></div>
      </content></entry>
    <entry><id>urn:2</id><title>t</title><summary type="text">a &lt; b</summary>
      <author><name>Kim</name><email>kim@example.org</email></author></entry>
  </feed>)");
  EXPECT_EQ(parsed.format, Format::atom);
  EXPECT_EQ(parsed.feed.title, "Wire & more");
  EXPECT_EQ(parsed.feed.link, "https://example.org/a/");
  ASSERT_EQ(parsed.items.size(), 2U);
  EXPECT_EQ(parsed.items[0].title, "x <b> y");
  EXPECT_EQ(parsed.items[0].link, "https://example.org/a/b/one");
  EXPECT_EQ(parsed.items[0].enclosures[0].url, "https://example.org/a/b/one.ogg");
  EXPECT_EQ(parsed.items[0].content, "<p>5 &lt; 6</p>");
  EXPECT_EQ(parsed.items[0].language, "ar");
  EXPECT_EQ(parsed.items[0].authors[0].uri, "https://example.org/sam");
  EXPECT_EQ(parsed.items[0].published, from_iso8601("2024-06-04T07:00:00Z"));
  EXPECT_EQ(parsed.items[1].summary, "a &lt; b");
  EXPECT_EQ(parsed.items[1].authors[0].email, "kim@example.org");
}

TEST(ParseFormats, OlderAtomRdfAndCdf) {
  const ParsedFeed atom03 = parse(
      "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><tagline>s</tagline><entry>"
      "<title mode='base64' type='text/html'>PGI+SGk8L2I+</title>"
      "<issued>2004-01-01T19:48:21Z</issued></entry></feed>");
  EXPECT_EQ(atom03.feed.summary, "s");
  EXPECT_EQ(atom03.items.at(0).title, "Hi");
  EXPECT_EQ(atom03.items.at(0).published, from_iso8601("2004-01-01T19:48:21Z"));

  const ParsedFeed rdf = parse(
      "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
      "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
      "<channel rdf:about='http://e.example/'><title>R</title></channel>"
      "<item rdf:about='http://e.example/1'><title>One</title><dc:date>2003-12-31</dc:date>"
      "</item></rdf:RDF>");
  EXPECT_EQ(rdf.format, Format::rdf);
  EXPECT_EQ(rdf.feed.title, "R");
  EXPECT_EQ(rdf.items.at(0).link, "http://e.example/1");
  EXPECT_EQ(rdf.items.at(0).published, from_iso8601("2003-12-31"));

  const ParsedFeed cdf = parse(
      "<CHANNEL HREF='http://e.example/'><TITLE>C</TITLE><ITEM HREF='/1' "
      "LASTMOD='2002-11-06T23:05Z'><ABSTRACT>x</ABSTRACT></ITEM></CHANNEL>");
  EXPECT_EQ(cdf.format, Format::cdf);
  EXPECT_EQ(cdf.items.at(0).link, "https://example.org/1");
  EXPECT_EQ(cdf.items.at(0).summary, "x");
}

TEST(ParseFormats, JsonFeed) {
  const ParsedFeed parsed = parse(R"({"version":"https://jsonfeed.org/version/1.1","title":"J",
    "home_page_url":"https://example.org/","feed_url":"https://example.org/j",
    "hubs":[{"type":"WebSub","url":"https://hub.example.org/"}],"language":"en",
    "items":[{"id":7,"url":"/a","title":" T  1 ","content_text":"a < b","tags":["x",3],
      "date_published":"2024-06-04T10:00:00Z","authors":[{"name":"Zoe"}],
      "attachments":[{"url":"a.mp3","mime_type":"audio/mpeg","size_in_bytes":5}]},
      "not an item", {"id":"b"}]})");
  EXPECT_EQ(parsed.format, Format::json_feed);
  EXPECT_EQ(parsed.feed.hub, "https://hub.example.org/");
  ASSERT_EQ(parsed.items.size(), 2U);
  const Item& item = parsed.items[0];
  EXPECT_EQ(item.guid, "7");
  EXPECT_EQ(item.link, "https://example.org/a");
  EXPECT_EQ(item.title, "T 1");
  EXPECT_EQ(item.content, "a &lt; b");
  EXPECT_EQ(item.categories, std::vector<std::string>{"x"});
  EXPECT_EQ(item.authors.at(0).name, "Zoe");
  EXPECT_EQ(item.enclosures.at(0).length, "5");
}

TEST(ParseFormats, ForeignElementsWithFamiliarNamesAreNotTheItems) {
  const ParsedFeed parsed = parse(
      "<rss xmlns:x='http://example.com/other' xmlns:media='http://search.yahoo.com/mrss/'>"
      "<channel><item><x:title>wrong</x:title><media:title>second best</media:title>"
      "<title>right</title><x:link>http://wrong.example/</x:link></item></channel></rss>");
  EXPECT_EQ(parsed.items.at(0).title, "right");
  EXPECT_EQ(parsed.items.at(0).link, "");
}

TEST(ParseFormats, PrefixesThatNobodyDeclaredMeanWhatTheyUsuallyDo) {
  const ParsedFeed parsed = parse(
      "<rss><channel><item><title>t</title><dc:creator>Ann</dc:creator>"
      "<content:encoded>&lt;p>x&lt;/p></content:encoded></item></channel></rss>");
  EXPECT_EQ(parsed.items.at(0).authors.at(0).name, "Ann");
  EXPECT_EQ(parsed.items.at(0).content, "<p>x</p>");
}

TEST(ParseFormats, PeopleAreToldFromTheirAddresses) {
  const struct {
    const char* text;
    const char* name;
    const char* email;
  } cases[] = {
      {"me@example.com (Ann Lee)", "Ann Lee", "me@example.com"},
      {"Ann Lee &lt;me@example.com>", "Ann Lee", "me@example.com"},
      {"Ann Lee (mailto:me@example.com)", "Ann Lee", "me@example.com"},
      {"Ann Lee", "Ann Lee", ""},
      {"me+x@example.com", "me+x@example.com", "me+x@example.com"},
      {"@ann", "@ann", ""},
  };
  for (const auto& c : cases) {
    const ParsedFeed parsed = parse("<rss><channel><item><author>" + std::string(c.text) +
                                    "</author></item></channel></rss>");
    ASSERT_EQ(parsed.items.at(0).authors.size(), 1U) << c.text;
    EXPECT_EQ(parsed.items[0].authors[0].name, c.name);
    EXPECT_EQ(parsed.items[0].authors[0].email, c.email);
  }
}

TEST(ParseFormats, AnItemWithoutATitleIsNamedByItsTextOrItsLink) {
  const std::string words = "Many words make a long text of which only the beginning is of use";
  const ParsedFeed parsed = parse(
      "<rss><channel><item><description>&lt;p>Short&lt;/p> note"
      "</description></item><item><description>" +
      words + ", " + words +
      "</description></item><item><link>https://example.org/x</link>"
      "</item></channel></rss>");
  ASSERT_EQ(parsed.items.size(), 3U);
  EXPECT_EQ(parsed.items[0].title, "Short note");
  EXPECT_EQ(parsed.items[1].title, words + ", Many words make a long text of…");
  EXPECT_EQ(parsed.items[2].title, "https://example.org/x");
}

TEST(ParseFormats, UpdatePeriodsBecomeATimeToLive) {
  const ParsedFeed parsed = parse(
      "<rss><channel><sy:updatePeriod>daily</sy:updatePeriod>"
      "<sy:updateFrequency>4</sy:updateFrequency></channel></rss>");
  EXPECT_EQ(parsed.feed.ttl, std::chrono::hours(6));
}

TEST(ParseFormats, HoursAndDaysToSkipAreRead) {
  const ParsedFeed parsed = parse(
      "<rss><channel><skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour><hour>25</hour>"
      "<hour>-1</hour><hour>x</hour></skipHours><skipDays><day>Saturday</day><day>sunday</day>"
      "<day>Someday</day></skipDays></channel></rss>");
  EXPECT_EQ(parsed.feed.skip_hours, (1U << 23U) | 1U);
  EXPECT_EQ(parsed.feed.skip_days, (1U << 6U) | 1U);
  const ParsedFeed none = parse("<rss><channel><title>x</title></channel></rss>");
  EXPECT_EQ(none.feed.skip_hours, 0U);
  EXPECT_EQ(none.feed.skip_days, 0U);
}

TEST(ParseFormats, TheNeutralJsonLeavesOutWhatIsAbsent) {
  const ParsedFeed parsed = parse(
      "<rss><channel><title>T</title><link>https://example.org/</link><item><title>a</title>"
      "<guid isPermaLink='false'>1</guid><pubDate>Tue, 04 Jun 2024 09:30:00 GMT</pubDate>"
      "<enclosure url='https://example.org/a.mp3' length='3'/></item></channel></rss>");
  EXPECT_EQ(
      to_json(parsed),
      R"({"format":"rss","feed":{"title":"T","link":"https://example.org/"},"items":[)"
      R"({"title":"a","id":"1","published":"2024-06-04T09:30:00Z","enclosures":[)"
      R"({"url":"https://example.org/a.mp3","length":"3"}]}],"items_count":1,"warnings":[]})");
}

}  // namespace
}  // namespace wirewatch::feeds
