// Hostile and broken documents, one test for each fault; rows are those of the fault list.
#include <fmt/format.h>

#include "feeds/parse/parse.h"

namespace wirewatch::feeds {
namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string rss(std::string_view items) {
  return fmt::format("<rss version=\"2.0\"><channel><title>T</title>{}</channel></rss>", items);
}

Error error_of(std::string_view bytes, const ParseContext& context = {}) {
  const auto parsed = parse_feed(bytes, context);
  return parsed.has_error() ? parsed.error() : Error{ErrorKind::internal, "no error"};
}

ParsedFeed feed_of(std::string_view bytes, const ParseContext& context = {}) {
  auto parsed = parse_feed(bytes, context);
  if (parsed.has_error()) {
    ADD_FAILURE() << parsed.error().text;
    return {};
  }
  return std::move(*parsed);
}

bool warns(const ParsedFeed& feed, std::string_view text) {
  for (const std::string& warning : feed.warnings) {
    if (warning.find(text) != std::string::npos) return true;
  }
  return false;
}

// Row 29.
TEST(ParseFaults, AnHtmlPageIsNamedByItsTitle) {
  const Error error = error_of(
      "<!DOCTYPE html><html><head><title>Log in &amp; go on</title></head><body></body></html>",
      {.url = "", .content_type = "application/rss+xml", .limits = {}});
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.text, "not a feed: an HTML page titled \"Log in & go on\"");
}

TEST(ParseFaults, WhatIsNoFeedIsNamed) {
  const struct {
    std::string_view bytes;
    std::string_view text;
  } cases[] = {
      {"", "not a feed: the document is empty"},
      {" \n\t ", "not a feed: the document is empty"},
      {"Service unavailable", "not a feed: text that begins with \"Service unavailable\""},
      {"<p>gone", "not a feed: XML without an RSS, RDF, Atom, CDF or sitemap element"},
      {"<html><body>x</body></html>", "not a feed: an HTML page without a title"},
      {"<html><body>x", "not a feed: an HTML page without a title"},
      {"[1, 2]", "not a feed: JSON, but not an object"},
      {"{\"a\": 1}", "not a feed: a JSON object without \"items\" and without a JSON Feed version"},
  };
  for (const auto& c : cases) {
    const Error error = error_of(c.bytes);
    EXPECT_EQ(error.kind, ErrorKind::invalid) << c.bytes;
    EXPECT_EQ(error.text, c.text);
  }
}

// Row 30.
TEST(ParseFaults, AFeedWithoutItemsIsAFeed) {
  EXPECT_TRUE(feed_of(rss("")).items.empty());
  EXPECT_TRUE(feed_of("<feed xmlns=\"http://www.w3.org/2005/Atom\"/>").items.empty());
  EXPECT_TRUE(feed_of(R"({"version":"https://jsonfeed.org/version/1","items":[]})").items.empty());
}

// Row 31.
TEST(ParseFaults, TheContentDecidesNotTheContentType) {
  ParseContext context;
  for (const char* type : {"text/html", "application/json", "image/png; charset=nonsense", ""}) {
    context.content_type = type;
    EXPECT_EQ(feed_of(rss("<item><title>a</title></item>"), context).items.size(), 1U) << type;
  }
}

// Row 7: the document behind a cut transfer.
TEST(ParseFaults, ACutDocumentIsTemporaryAtEveryByteBeforeItsEnd) {
  const std::string whole =
      "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>a</title></entry></feed>";
  for (std::size_t length = 50; length + 1 < whole.size(); ++length) {
    const Error error = error_of(std::string_view(whole).substr(0, length));
    EXPECT_EQ(error.kind, ErrorKind::temporary) << length;
    EXPECT_EQ(error.text.substr(0, 9), "cut off: ");
  }
  EXPECT_EQ(feed_of(whole).items.size(), 1U);
  const std::string json = R"({"version":"https://jsonfeed.org/version/1.1","items":[{"id":"a"}]})";
  for (std::size_t length = 1; length < json.size(); ++length) {
    EXPECT_EQ(error_of(std::string_view(json).substr(0, length)).kind, ErrorKind::temporary);
  }
}

// Row 32.
TEST(ParseFaults, EntitiesMadeOfEntitiesAreRefused) {
  std::string bomb = "<!DOCTYPE rss [<!ENTITY a0 \"lol\">";
  for (int i = 1; i < 10; ++i) {
    bomb += fmt::format("<!ENTITY a{} \"{}\">", i, repeat(fmt::format("&a{};", i - 1), 10));
  }
  bomb += "]>" + rss("<item><title>&a9;</title></item>");
  const Error error = error_of(bomb);
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.text,
            "entity \"a1\" is defined by other entities: a document may only name plain text");
}

TEST(ParseFaults, ABigEntityUsedOftenDoesNotGrow) {
  const std::string long_value(100'000, 'x');
  const std::string quadratic =
      fmt::format("<!DOCTYPE rss [<!ENTITY a \"{}\">]>{}", long_value,
                  rss("<item><title>" + repeat("&a;", 50'000) + "</title></item>"));
  const ParsedFeed feed = feed_of(quadratic);
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].title, repeat("&a;", 50'000));  // never defined, so never replaced

  const std::string short_ones =
      fmt::format("<!DOCTYPE rss [<!ENTITY a \"{}\">]>{}", std::string(200, 'y'),
                  rss("<item><title>" + repeat("&a;", 5000) + "</title></item>"));
  const ParsedFeed bounded = feed_of(short_ones);
  EXPECT_LT(bounded.items[0].title.size(), 100'000U);
  EXPECT_TRUE(warns(bounded, "entities of the document's own were no longer replaced"));
}

// Row 33.
TEST(ParseFaults, ExternalEntitiesStayUndefined) {
  const ParsedFeed feed = feed_of(
      "<!DOCTYPE rss SYSTEM \"http://127.0.0.1/x.dtd\" [<!ENTITY f SYSTEM \"file:///etc/passwd\">"
      "<!ENTITY % p SYSTEM \"http://127.0.0.1/p\"> %p;]>" +
      rss("<item><title>a &f; b</title></item>"));
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].title, "a &f; b");
}

// Row 34.
TEST(ParseFaults, FortyThousandAttributesAreRefusedAtTheBound) {
  std::string many = "<rss><channel><item ";
  for (int i = 0; i < 40'000; ++i) many += fmt::format("a{}='v' ", i);
  const Error error = error_of(many + "></item></channel></rss>");
  EXPECT_EQ(error.kind, ErrorKind::too_big);
  EXPECT_EQ(error.text, "element \"item\" has more than 1000 attributes");
}

// Row 35.
TEST(ParseFaults, AMillionLevelsAreRefusedAt256) {
  const Error error = error_of("<rss><channel><item>" + repeat("<a>", 1'000'000));
  EXPECT_EQ(error.kind, ErrorKind::too_big);
  EXPECT_EQ(error.text, "elements are nested deeper than 256");
}

TEST(ParseFaults, MillionsOfElementsInOneItemAreRefused) {
  const Error error = error_of(rss("<item>" + repeat("<a/>", 1'000'000) + "</item>"));
  EXPECT_EQ(error.kind, ErrorKind::too_big);
  EXPECT_EQ(error.text, "more than 200000 elements in one item or outside of items");
}

TEST(ParseFaults, MillionsOfAttributesInOneItemAreRefused) {
  const std::string element = "<a " + repeat("b ", 1'000) + "/>";
  const Error error = error_of(rss("<item>" + repeat(element, 7'000) + "</item>"));
  EXPECT_EQ(error.kind, ErrorKind::too_big);
  EXPECT_EQ(error.text, "more than 500000 attributes in one item or outside of items");
  EXPECT_EQ(feed_of(rss(repeat("<item>" + element + "</item>", 1'000))).items.size(), 1'000U)
      << "those of finished items count no more";
}

// Row 36.
TEST(ParseFaults, AHugeTextIsCutBetweenCharacters) {
  const ParsedFeed feed =
      feed_of(rss("<item><title>t</title><description>" + repeat("\xD8\xB9\xD8\xB1", 8U << 20U) +
                  "</description></item>"));
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].summary.size(), 2U << 20U);
  EXPECT_TRUE(warns(feed, "a text longer than 2097152 bytes was cut"));
}

// Row 37.
TEST(ParseFaults, ItemsBeyondTheLimitAreDroppedWithAWarning) {
  const std::string many = rss(repeat("<item><guid>1</guid></item>", 500'000));
  const ParsedFeed feed = feed_of(many);
  EXPECT_EQ(feed.items.size(), 5000U);
  EXPECT_EQ(feed.feed.title, "T");
  EXPECT_TRUE(warns(feed, "only the first 5000 items were read"));
}

// Row 39.
TEST(ParseFaults, LinksThatWouldGrowBeyondABoundStayAsWritten) {
  const std::string base = "https://example.org/" + std::string(8'000, 'x') + "/";
  const auto check = [](const ParsedFeed& parsed) {
    ASSERT_EQ(parsed.items.size(), 4'000U);
    EXPECT_EQ(parsed.items.front().link.size(), 8'022U);
    EXPECT_EQ(parsed.items.back().link, "a");
    ASSERT_EQ(parsed.warnings.size(), 1U);
    EXPECT_EQ(parsed.warnings[0],
              "relative links were no longer made whole: the addresses that they stand under are "
              "too long");
  };
  const std::string entries = repeat("<entry><link href='a'/><title>t</title></entry>", 4'000);
  check(feed_of("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='" + base + "'>" + entries +
                "</feed>"));
  ParseContext context;
  context.url = base;
  const auto json = parse_feed("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[" +
                                   repeat("{\"id\":\"1\",\"url\":\"a\"},", 3'999) +
                                   "{\"id\":\"1\",\"url\":\"a\"}]}",
                               context);
  ASSERT_TRUE(json.has_value());
  check(*json);
}

TEST(ParseFaults, ABaseLongerThanAnyAddressIsNone) {
  const ParsedFeed parsed =
      feed_of("<CHANNEL HREF='https://example.org/' BASE='https://a.example/" +
              std::string(9'000, 'x') + "/'><ITEM HREF='/a'><TITLE>t</TITLE></ITEM></CHANNEL>");
  ASSERT_EQ(parsed.items.size(), 1U);
  EXPECT_EQ(parsed.items[0].link, "/a");
}

TEST(ParseFaults, DamageIsRepairedAndTheItemsStand) {
  using namespace std::string_view_literals;
  const struct {
    std::string_view what;
    std::string bytes;
    std::string_view title;
  } cases[] = {
      {"bare &", rss("<item><title>Salt & sea</title></item>"), "Salt & sea"},
      {"HTML entities", rss("<item><title>caf&eacute;&nbsp;au lait</title></item>"),
       "café au lait"},
      {"escaped twice", rss("<item><title>A &amp;amp; B</title></item>"), "A & B"},
      {"blank first line",
       "\n\n " + std::string("<?xml version='1.0'?>") + rss("<item><title>x</title></item>"), "x"},
      {"NUL", rss("<item><title>a\0b</title></item>"sv), "ab"},
      {"bad UTF-8", rss("<item><title>caf\xC3\xA9 \xD8\xB9\xD8\xB1\xD8\xA7 \xFF!</title></item>"),
       "café عرا \xEF\xBF\xBD!"},
      {"unclosed title", rss("<item><title>one<link>http://a.example/</link></item>"), "one"},
      {"unclosed item", rss("<item><title>first</title><item><title>2</title></item>"), "first"},
      {"stray end tag", rss("<item><title>x</b></title></item>"), "x"},
      {"crossed tags",
       rss("<item><description><b><i>y</b></i></description><title>x</title>"
           "</item>"),
       "x"},
      {"unclosed br", rss("<item><description>a<br>b</description><title>x</title></item>"), "x"},
      {"attribute without quotes", rss("<item id=5 x><title>x</title></item>"), "x"},
      {"a less-than sign", rss("<item><title>2 < 3 and <3</title></item>"), "2 < 3 and <3"},
      {"no end of the root", "<rss><channel><item><title>x</title></item></channel>", "x"},
      {"CDATA with markup", rss("<item><title><![CDATA[<b>x</b> &amp; y]]></title></item>"),
       "x & y"},
  };
  for (const auto& c : cases) {
    const ParsedFeed feed = feed_of(c.bytes);
    ASSERT_FALSE(feed.items.empty()) << c.what;
    EXPECT_EQ(feed.items[0].title, c.title) << c.what;
  }
  EXPECT_TRUE(warns(feed_of(cases[6].bytes), "element \"title\" is never closed"));
  EXPECT_EQ(feed_of(cases[7].bytes).items.size(), 2U);
}

// Row 40.
TEST(ParseFaults, BadJsonIsABoundedError) {
  const std::string deep = "{\"items\":" + repeat("[", 100'000) + repeat("]", 100'000) + "}";
  EXPECT_EQ(error_of(deep).kind, ErrorKind::too_big);
  EXPECT_EQ(error_of(deep).text, "objects are nested deeper than 256");
  const std::string huge = "{\"items\":[{\"id\":" + std::string(100'000, '9') + "}]}";
  EXPECT_EQ(error_of(huge).kind, ErrorKind::invalid);
  const std::string lone = R"({"items":[{"id":"a","title":"\ud800 x"}]})";
  EXPECT_EQ(feed_of(lone).items.at(0).title, "\xEF\xBF\xBD x");
  EXPECT_EQ(error_of(R"({"items":[{"id":"\q"}]})").text,
            "not a feed: bad JSON (Problem while parsing a string)");
  const ParsedFeed twice = feed_of(R"({"items":[{"id":"a","id":"b","title":"t"}]})");
  ASSERT_EQ(twice.items.size(), 1U);
  EXPECT_EQ(twice.items[0].guid, "a");
}

TEST(ParseFaults, NamespacesBeyondABoundMeanNothing) {
  std::string text = "<rss ";
  for (int i = 0; i < 900; ++i) text += fmt::format("xmlns:p{}='urn:x' ", i);
  text += "><channel>" + repeat("<item><title>a</title></item>", 4000) + "</channel></rss>";
  EXPECT_EQ(feed_of(text).items.size(), 4000U);
}

TEST(ParseFaults, ScriptAddressesAreNoLinks) {
  const ParsedFeed feed =
      feed_of(rss("<item><title>a</title><link>javascript:alert(1)</link>"
                  "</item>"));
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].link, "");
}

}  // namespace
}  // namespace wirewatch::feeds
