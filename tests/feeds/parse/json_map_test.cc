#include "feeds/parse/json_map.h"

namespace wirewatch::feeds {
namespace {

JsonMap news_map() {
  JsonMap map;
  map.items = "/data/articles";
  map.title = {"/headline"};
  map.link = {"/url"};
  map.id = {"/id"};
  map.published = {"/date"};
  return map;
}

Result<ParsedFeed> read(std::string_view json, const JsonMap& map) {
  ParseContext context;
  context.url = "https://api.example.org/v1/news?page=1";
  context.json_map = std::make_shared<const JsonMap>(map);
  return parse_feed(json, context);
}

ParsedFeed feed_of(std::string_view json, const JsonMap& map) {
  auto parsed = read(json, map);
  if (parsed.has_value()) return std::move(*parsed);
  ADD_FAILURE() << parsed.error().text;
  return {};
}

std::string error_of(std::string_view json, const JsonMap& map) {
  const auto parsed = read(json, map);
  return parsed.has_error() ? parsed.error().text : "no error";
}

TEST(JsonMap, FieldsAreFoundWhereTheMapSays) {
  JsonMap map = news_map();
  map.summary = {"/lead"};
  map.content = {"/body/parts"};
  map.author = {"/writers"};
  map.category = {"/tags/name"};
  map.language = {"/lang"};
  map.image = {"/picture"};
  const ParsedFeed feed = feed_of(R"({"data":{"articles":[{
      "headline":"Border <b>reopens</b> &amp; trade resumes", "url":"/news/7", "id":7,
      "date":"2024-06-04T09:30:00Z", "lead":"Lorries & vans < 3 t", "lang":"en",
      "body":{"parts":["<p>One.</p>","Two & three"]},
      "writers":[{"name":"Ann Li","email":"ann@example.org","url":"/people/ann"},"Bo Ek"],
      "tags":[{"name":"trade"},{"name":"border"},{"name":"trade"}],
      "picture":{"src":"//img.example.org/7.jpg"}}]}})",
                                  map);
  ASSERT_EQ(feed.items.size(), 1U);
  const Item& item = feed.items[0];
  EXPECT_EQ(feed.format, Format::json_map);
  EXPECT_EQ(item.title, "Border reopens & trade resumes");
  EXPECT_EQ(item.link, "https://api.example.org/news/7");
  EXPECT_EQ(item.guid, "7");
  EXPECT_EQ(to_iso8601(item.published.value()), "2024-06-04T09:30:00Z");
  EXPECT_EQ(item.summary, "Lorries &amp; vans &lt; 3 t");
  EXPECT_EQ(item.content, "<p>One.</p>\n\nTwo &amp; three");
  EXPECT_EQ(item.language, "en");
  ASSERT_EQ(item.authors.size(), 2U);
  EXPECT_EQ(item.authors[0].name, "Ann Li");
  EXPECT_EQ(item.authors[0].email, "ann@example.org");
  EXPECT_EQ(item.authors[0].uri, "https://api.example.org/people/ann");
  EXPECT_EQ(item.authors[1].name, "Bo Ek");
  EXPECT_EQ(item.categories, (std::vector<std::string>{"trade", "border"}));
  ASSERT_EQ(item.enclosures.size(), 1U);
  EXPECT_EQ(item.enclosures[0].url, "https://img.example.org/7.jpg");
  EXPECT_TRUE(feed.warnings.empty()) << feed.warnings[0];
}

TEST(JsonMap, ItemsStandInListsObjectsAndNestedLists) {
  const struct {
    std::string_view json;
    std::string items;
    std::vector<std::string> titles;
  } cases[] = {
      {R"([{"headline":"a"},{"headline":"b"}])", "", {"a", "b"}},
      {R"({"x":{"9":{"headline":"a"},"2":{"headline":"b"}}})", "/x", {"a", "b"}},
      {R"({"x":[{"y":[{"headline":"a"}]},{"y":[{"headline":"b"}]},{}]})", "/x/y", {"a", "b"}},
      {R"({"x":[[{"headline":"no"}],[{"headline":"a"}]]})", "/x/1", {"a"}},
      {R"({"a/b":{"m~n":[{"headline":"a"}]}})", "/a~1b/m~0n", {"a"}},
      {R"({"x":[1,"two",null,{"headline":"a"}]})", "/x", {"a"}},
      {R"({"x":{"headline":"a"}})", "/x", {"a"}},
      {R"({"x":[]})", "/x", {}},
  };
  for (const auto& c : cases) {
    JsonMap map;
    map.items = c.items;
    map.title = {"/headline"};
    std::vector<std::string> titles;
    for (const Item& item : feed_of(c.json, map).items) titles.push_back(item.title);
    EXPECT_EQ(titles, c.titles) << c.json;
  }
}

TEST(JsonMap, DatesAreTextsOrUnixTimeOfAnyUnit) {
  for (const char* date :
       {"1717493400", "1717493400.25", "1717493400000", "1717493400000000", "1717493400000000000",
        "\"1717493400\"", "\"2024-06-04T12:30:00+03:00\"", "\"/Date(1717493400000)/\"",
        "\"/Date(1717493400000+0300)/\"", "\"Tue, 04 Jun 2024 09:30:00 GMT\"",
        "{\"$date\":\"2024-06-04T09:30:00Z\"}"}) {
    const ParsedFeed feed = feed_of(
        std::string(R"({"data":{"articles":[{"headline":"a","date":)") + date + "}]}}", news_map());
    ASSERT_EQ(feed.items.size(), 1U);
    ASSERT_TRUE(feed.items[0].published.has_value()) << date;
    EXPECT_EQ(to_iso8601(*feed.items[0].published), "2024-06-04T09:30:00Z") << date;
  }
  for (const char* date : {"0", "-5", "1e300", "true", "null", "\"soon\"", "[]", "{}"}) {
    const ParsedFeed feed = feed_of(
        std::string(R"({"data":{"articles":[{"headline":"a","date":)") + date + "}]}}", news_map());
    EXPECT_EQ(feed.items.at(0).published, std::nullopt) << date;
  }
}

TEST(JsonMap, TheFirstPointerThatLeadsAnywhereIsTaken) {
  JsonMap map = news_map();
  map.title = {"/short", "/headline"};
  const ParsedFeed feed = feed_of(
      R"({"data":{"articles":[{"short":null,"headline":"a"},{"short":"b","headline":"c"}]}})", map);
  EXPECT_EQ(feed.items.at(0).title, "a");
  EXPECT_EQ(feed.items.at(1).title, "b");
}

TEST(JsonMap, IdsAreTextsOrNumbersOfAnySize) {
  const ParsedFeed feed = feed_of(
      R"({"data":{"articles":[{"id":18446744073709551615},{"id":"x-1"},{"id":{"$oid":"5f"}}]}})",
      news_map());
  EXPECT_EQ(feed.items.at(0).guid, "18446744073709551615");
  EXPECT_EQ(feed.items.at(1).guid, "x-1");
  EXPECT_EQ(feed.items.at(2).guid, "5f");
}

TEST(JsonMap, WhereNothingStandsTheWayIsShown) {
  EXPECT_EQ(error_of(R"({"data":{"items":[],"total":0}})", news_map()),
            "not the JSON that the feed's map describes: no items at \"/data/articles\"; at "
            "\"/data\" there are \"items\", \"total\"");
  EXPECT_EQ(error_of("[]", news_map()),
            "not the JSON that the feed's map describes: no items at \"/data/articles\"; at the "
            "top there is a list");
  EXPECT_EQ(error_of(R"({"data":{"articles":"none"}})", news_map()),
            "not the JSON that the feed's map describes: no items at \"/data/articles\"; at "
            "\"/data/articles\" there is a text");
  EXPECT_EQ(error_of("<html><title>Log in</title></html>", news_map()),
            "not a feed: an HTML page titled \"Log in\"");
  EXPECT_EQ(error_of(R"({"data":{"articles":[{"headline":"a")", news_map()),
            "cut off: the JSON is not closed at the end of 36 bytes");
  const ParsedFeed feed = feed_of(
      R"({"data":{"articles":[{"title":"a","url":"u","id":1,"date":1717493400}]}})", news_map());
  EXPECT_EQ(feed.warnings,
            (std::vector<std::string>{"no item has a title at \"/headline\"; at the top there are "
                                      "\"title\", \"url\", \"id\", \"date\""}));
}

TEST(JsonMap, HostileDocumentsAreBounded) {
  std::string many = R"({"data":{"articles":[)";
  for (int i = 0; i < 6000; ++i) many += R"({"headline":"a"},)";
  const ParsedFeed feed = feed_of(many + R"({"headline":"z"}]}})", news_map());
  EXPECT_EQ(feed.items.size(), 5000U);
  EXPECT_EQ(feed.warnings.at(0), "only the first 5000 items were read");
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  EXPECT_EQ(error_of(deep, news_map()), "objects are nested deeper than 256");
  const std::string long_title(3U << 20U, 'x');
  const ParsedFeed cut =
      feed_of(R"({"data":{"articles":[{"headline":")" + long_title + "\"}]}}", news_map());
  EXPECT_EQ(cut.items.at(0).title.size(), 2U << 20U);
  const ParsedFeed script =
      feed_of(R"x({"data":{"articles":[{"url":"javascript:alert(1)"}]}})x", news_map());
  EXPECT_EQ(script.items.at(0).link, "");
}

TEST(JsonMap, PointersAreChecked) {
  for (const char* good : {"", "/", "/a/b", "/a~1b", "/m~0n", "/0"}) {
    EXPECT_TRUE(check_json_pointer(good).has_value()) << good;
  }
  EXPECT_EQ(check_json_pointer("headline").error().text,
            "a JSON Pointer begins with '/': \"/headline\"");
  EXPECT_EQ(check_json_pointer("/a~b").error().text,
            "in a JSON Pointer '~' is written \"~0\", and '/' in a key \"~1\"");
  EXPECT_EQ(check_json_pointer("/a~").error().text,
            "in a JSON Pointer '~' is written \"~0\", and '/' in a key \"~1\"");
}

}  // namespace
}  // namespace wirewatch::feeds
