#include "daemon/web/markup.h"

#include <gmock/gmock.h>

#include "daemon/web/pages.h"
#include "daemon/web/targets.h"

namespace wirewatch::daemon {
namespace {

struct Pair {
  std::string given;
  std::string expected;
};

TEST(Markup, EverythingThatCouldLeaveItsPlaceIsEscaped) {
  const std::vector<Pair> cases = {
      {"", ""},
      {"plain", "plain"},
      {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"a \"b\" 'c' & d", "a &quot;b&quot; &#39;c&#39; &amp; d"},
      {"&amp;", "&amp;amp;"},
      {"]]>", "]]&gt;"},
      {"two\r\nlines\tand more", "two lines and more"},
      {"\x1b[31mred\x1b[0m", "red"},
      {"nul\x01\x7f", "nul"},
      {"\xE2\x80\xAEtxt.exe", "txt.exe"},  // right-to-left override
      {"a\xE2\x81\xA6"
       "b\xE2\x81\xA9",
       "ab"},  // isolates
      {"\xff", "\xEF\xBF\xBD"},
      {"\xEF\xBF\xBE", ""},  // U+FFFE is in no XML
      {"معبر القائم", "معبر القائم"},
  };
  for (const Pair& one : cases) EXPECT_EQ(escaped(one.given), one.expected);
}

TEST(Markup, LinesOfAMessageKeepTheirPlace) {
  EXPECT_EQ(escaped_lines("x.yaml:3:5: error: \"<b>\"\n    a: <b>\n       ^"),
            "x.yaml:3:5: error: &quot;&lt;b&gt;&quot;\n    a: &lt;b&gt;\n       ^");
}

TEST(Markup, OnlyHttpLinksAreLinks) {
  EXPECT_EQ(outside_link("https://example.org/?a=1&b=2", "T<t>"),
            "<a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noreferrer noopener\" "
            "dir=\"auto\">T&lt;t&gt;</a>");
  EXPECT_EQ(safe_href("https://example.org/\"><script>'"),
            "https://example.org/%22%3E%3Cscript%3E&#39;");
  for (const std::string url :
       {"javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,<script>", "//example.org",
        "ftp://example.org/", "https://user@example.org/", "", "http://"}) {
    EXPECT_EQ(outside_link(url, "title"), "<span dir=\"auto\">title</span>") << url;
  }
}

TEST(Markup, AgesReadAsPeopleSayThem) {
  const Instant now = *from_iso8601("2026-01-31T12:00:00Z");
  const std::vector<std::pair<std::int64_t, std::string>> cases = {
      {0, "just now"},     {4, "just now"},       {40, "40 s ago"},    {89, "89 s ago"},
      {180, "3 min ago"},  {5 * 3600, "5 h ago"}, {86400, "24 h ago"}, {12 * 86400, "12 days ago"},
      {-600, "in 10 min"}, {-1, "just now"},
  };
  for (const auto& [seconds, expected] : cases) {
    EXPECT_EQ(age(now - std::chrono::seconds(seconds), now), expected);
  }
  EXPECT_EQ(age(Instant{}, now), "never");
  EXPECT_EQ(time_element(now - std::chrono::minutes(3), now),
            "<time datetime=\"2026-01-31T11:57:00Z\" title=\"2026-01-31 11:57:00 UTC\">3 min ago"
            "</time>");
}

TEST(Targets, APathAndItsQueryAreTakenApart) {
  WebRequest request;
  ASSERT_TRUE(split_target("/v1/why?item=a%20b+c&x=&flag", request));
  EXPECT_EQ(request.path, "/v1/why");
  EXPECT_EQ(request.query,
            (std::map<std::string, std::string>{{"item", "a b c"}, {"x", ""}, {"flag", ""}}));
  for (const std::string wrong : {"", "x", "/%", "/%4", "/%zz", "/a?b=%f", "http://a/", "*"}) {
    EXPECT_FALSE(split_target(wrong, request)) << wrong;
  }
}

TEST(Targets, HostsLoseTheirPort) {
  const std::vector<Pair> cases = {{"localhost:8420", "localhost"}, {"LocalHost", "localhost"},
                                   {"[::1]:80", "[::1]"},           {"[::1]", "[::1]"},
                                   {"127.0.0.1:1", "127.0.0.1"},    {"", ""}};
  for (const Pair& one : cases) EXPECT_EQ(host_without_port(one.given), one.expected);
}

TEST(Targets, AddressesAreAHostAndAPort) {
  const auto six = split_address("[::1]:0");
  ASSERT_TRUE(six);
  EXPECT_EQ(six->host, "::1");
  for (const std::string wrong :
       {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "a:65536", "a:-1"}) {
    EXPECT_FALSE(split_address(wrong)) << wrong;
  }
}

TEST(Pages, WhatSomebodyWroteReadsInItsOwnDirectionBesideWhatIsOurs) {
  const std::string arabic = "\u062a\u062c\u0631\u0628\u0629 (2)";
  const std::string apart = "<span dir=\"auto\">" + arabic + "</span>";
  StatusFacts facts;
  rules::Silence silence;
  silence.rule = "border";
  silence.comment = arabic;
  silence.who = "root";
  facts.silences = {silence};
  FeedHealth feed;
  feed.name = arabic;
  feed.held = 12;
  facts.feeds.held = {feed};
  EXPECT_THAT(status_page(facts), testing::HasSubstr(apart + " root"));
  EXPECT_THAT(status_page(facts), testing::HasSubstr("12 items of " + apart + " look"));
  VerdictRow verdict;
  verdict.note = arabic;
  EXPECT_THAT(alert_page({}, {}, {verdict}, {}), testing::HasSubstr(apart));
}

}  // namespace
}  // namespace wirewatch::daemon
