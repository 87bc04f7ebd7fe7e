#include <sys/resource.h>

#include <chrono>

#include "feeds/article/discover.h"
#include "feeds/article/extract.h"

namespace wirewatch::feeds {
namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string page;
  page.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) page += piece;
  return page;
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_utime.tv_sec) + double(usage.ru_utime.tv_usec) / 1e6;
}

long peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// Generous for a sanitizer's build; a quadratic step takes minutes.
constexpr double seconds_a_page = 30;

TEST(HostilePage, CostsBoundedTimeAndMemory) {
  const struct {
    const char* what;
    std::string page;
  } cases[] = {
      {"100k nested tags", repeated("<div>", 100'000) + "text"},
      {"nested tables", repeated("<table><tr><td>", 10'000) + "text"},
      {"nested lists", repeated("<ul><li>", 10'000) + "text"},
      {"one tag of 15 MB", "<div class=\"" + repeated("a ", 7'500'000) + "\">text"},
      {"a tag that never ends", "<div class=\"" + repeated("a ", 500'000)},
      {"50k attributes", "<div " + repeated("ab=1 ", 50'000) + ">text"},
      {"unclosed paragraphs", repeated("<p>text, more", 20'000)},
      {"unclosed links around blocks", repeated("<a href=x><div>t", 10'000)},
      {"misnested links", repeated("<a href=x><p>t</a>", 10'000)},
      {"unclosed formatting", repeated("<b><i><font color=1>", 10'000) + repeated("<p>x", 1000)},
      {"text that tables push out", "<table>" + repeated("x<tr><div>y", 10'000)},
      {"end tags alone", repeated("</div></p></br>", 20'000)},
      {"unclosed scripts", repeated("<script>", 100'000)},
      {"unclosed comments", repeated("<!--", 500'000)},
      {"declarations without an end", repeated("<!DOCTYPE [>", 500'000)},
      {"brackets alone", repeated("<", 500'000)},
      {"headings like the title",
       "<title>a b</title>" + repeated("<h1>a b<div class=byline>", 10'000)},
      {"nested JSON-LD",
       "<script type=application/ld+json>" + repeated("[", 500'000) + "</script>text"},
  };
  for (const auto& c : cases) {
    const double before = processor_seconds();
    (void)extract_article(c.page, {"https://example.org/", "text/html"});
    (void)discover_feeds(c.page, {"https://example.org/", "text/html"});
    EXPECT_LT(processor_seconds() - before, seconds_a_page) << c.what;
  }
  // Of the whole test program, a page of 15 MB and its copies among it.
  EXPECT_LT(peak_mib(), 2048);
}

TEST(HostilePage, KeepsTheTextThatStandsTooDeep) {
  const std::string page =
      repeated("<div>", 5000) + "<p>Deep text, that is read.</p>" + repeated("</div>", 5000);
  EXPECT_EQ(extract_article(page, {}).value().text, "Deep text, that is read.");
}

TEST(HostilePage, WithoutAnArticleIsAnError) {
  const struct {
    std::string_view page, type, text;
  } cases[] = {
      {"<html></html>", "", "the page holds no text"},
      {"<script>x()</script>", "", "the page holds no text"},
      {"", "", "it is no web page: it has no HTML tags"},
      {"plain words, 3 < 4", "text/plain", "it is no web page: it has no HTML tags"},
      {"%PDF-1.7 <p>", "application/pdf", "it is no web page but \"application/pdf\""},
      {"<?xml version='1.0'?><rss><channel>", "text/xml",
       "it is a feed, no web page; `wirewatch parse` reads it"},
  };
  for (const auto& c : cases) {
    const auto article = extract_article(c.page, {"", std::string(c.type)});
    ASSERT_FALSE(article) << c.page;
    EXPECT_EQ(article.error().kind, ErrorKind::invalid);
    EXPECT_EQ(article.error().text, c.text);
  }
}

}  // namespace
}  // namespace wirewatch::feeds
