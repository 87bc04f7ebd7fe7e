#include "feeds/article/extract.h"

namespace wirewatch::feeds {
namespace {

Article read(const std::string& head, const std::string& body = "") {
  const std::string page = "<html><head>" + head + "</head><body>" + body +
                           "<p>Some text, that stands for an article.</p></body></html>";
  return extract_article(page, {"https://www.example.org/a/b.html", "text/html"}).value();
}

TEST(PageMetadata, TakesTheTitleFromTheMostReliablePlace) {
  const std::string title = "<title>Dam bursts near Halden | The Post</title>";
  EXPECT_EQ(read(title).title, "Dam bursts near Halden");
  EXPECT_EQ(read(title + "<meta property=og:title content='Dam bursts &amp;amp; floods'>").title,
            "Dam bursts & floods");
  EXPECT_EQ(read(title + "<meta property=og:title content=Other>"
                         R"(<script type="application/ld+json">
                            {"@type":"NewsArticle","headline":"Dam bursts"}</script>)")
                .title,
            "Dam bursts");
  EXPECT_EQ(read("", "<h1>Only a heading</h1>").title, "Only a heading");
}

TEST(PageMetadata, ReadsJsonLdInItsShapes) {
  const struct {
    std::string_view json, byline;
  } cases[] = {
      {R"({"@type":"NewsArticle","author":{"name":"Ann Ek"}})", "Ann Ek"},
      {R"({"@type":["Thing","https://schema.org/BlogPosting"],"author":["Ann Ek",{"name":"Bo"}]})",
       "Ann Ek, Bo"},
      {R"([{"@type":"WebSite"},{"@graph":[{"@type":"Article","author":"Ann &amp; Bo"}]}])",
       "Ann & Bo"},
      {R"(<!-- // <![CDATA[ {"@type":"Article","author":"Ann"} // ]]> -->)", "Ann"},
      {"{\"@type\":\"Article\",\"description\":\"two\nlines\",\"author\":\"Ann\"}", "Ann"},
      {R"({"@type":"Article","author":"https://example.org/ann"})", ""},
      {R"({"@type":"Recipe","author":"Ann"})", ""},
      {R"({"@type":"Article","author":)", ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(
        read("<script type='application/ld+json'>" + std::string(c.json) + "</script>").byline,
        c.byline)
        << c.json;
  }
}

TEST(PageMetadata, ReadsDatesWhereverTheyStand) {
  const char* const expected = "2026-03-02T09:00:00Z";
  const std::string date = "2026-03-02T10:00:00+01:00";
  const struct {
    std::string head, body;
  } cases[] = {
      {"<meta property=article:published_time content=" + date + ">", ""},
      {"<meta name=DC.date.issued content=" + date + ">", ""},
      {"", "<span itemprop=datePublished content=" + date + ">2 March</span>"},
      {"", "<time datetime=" + date + ">yesterday</time>"},
      {R"(<script type=application/ld+json>{"@type":"Article","datePublished":")" + date +
           R"("}</script>)",
       ""},
  };
  for (const auto& c : cases) {
    const Article article = read(c.head, c.body);
    ASSERT_TRUE(article.published) << c.head << c.body;
    EXPECT_EQ(to_iso8601(*article.published), expected) << c.head << c.body;
  }
  EXPECT_FALSE(read("<meta name=date content=soon>").published);
}

TEST(PageMetadata, ReadsSiteLanguageAndCanonicalLink) {
  const Article article =
      extract_article(
          "<html lang=nb-NO><base href=/c/><link rel=Canonical href=d?x=1&amp;y=2>"
          "<meta property='og:site_name' content='The Fjord Post'><p>Tekst",
          {"https://example.org/a", ""})
          .value();
  EXPECT_EQ(article.language, "nb-NO");
  EXPECT_EQ(article.site, "The Fjord Post");
  EXPECT_EQ(article.canonical_url, "https://example.org/c/d?x=1&y=2");
  EXPECT_EQ(read("<meta property=og:locale content=ar_IQ>").language, "ar-IQ");
  EXPECT_EQ(read("<link rel=canonical href='javascript:alert(1)'>").canonical_url, "");
}

TEST(PageMetadata, TakesABylineFromThePageWhenItsHeadHasNone) {
  EXPECT_EQ(read("", "<p class=byline>By Ingrid Aas</p>").byline, "By Ingrid Aas");
  EXPECT_EQ(read("<meta name=author content='I. Aas'>", "<p class=byline>By Ingrid Aas</p>").byline,
            "I. Aas");
}

}  // namespace
}  // namespace wirewatch::feeds
