#include "feeds/parse/html_text.h"

namespace wirewatch::feeds {
namespace {

TEST(HtmlText, ReadsWell) {
  const struct {
    std::string_view html;
    std::string_view text;
  } cases[] = {
      {"", ""},
      {"just  words\n here ", "just words here"},
      {"one\n\ntwo\r\n\r\nthree", "one\n\ntwo\n\nthree"},
      {"<p>One</p><p>Two</p>", "One\n\nTwo"},
      {"<p>One<p>Two", "One\n\nTwo"},
      {"a<br>b<br/>c", "a\nb\nc"},
      {"a<br><br>b<br><br><br>c", "a\n\nb\n\nc"},
      {"<ul><li>a</li><li>b</li></ul>end", "• a\n• b\n\nend"},
      {"<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"},
      {"<ol start=7><li>a<li><p>b</p><li></li></ol>c", "7. a\n\n8. b\n\nc"},
      {"<ul><li>a<ol><li>x</ol><li>b</ul>", "• a\n\n1. x\n\n• b"},
      {"<li>stray", "stray"},
      {"<pre>if x:\n  y()\n\nz</pre>w", "if x:\ny()\n\nz\n\nw"},
      {"<blockquote>said</blockquote>he", "said\n\nhe"},
      {"a<noscript><img src=pixel>Turn scripts on</noscript>b", "ab"},
      {"<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"},
      {"caf&eacute; &amp; th&#233; &#x2014; &nbsp; 5 &lt; 6", "café & thé — 5 < 6"},
      {"&nbsp &copy 2024 &#39s &unknown; AT&T", "© 2024 's &unknown; AT&T"},
      {"a<script>if (a < b) { x() }</script>b<style>p{}</style>c", "abc"},
      {"a<!-- <p>hidden</p> -->b", "ab"},
      {"<a href=\"x>y\" title='<b>'>link</a>", "link"},
      {"<b>bo<i>ld</b> and</i> more", "bold and more"},
      {"5 < 6 and 7 > 3, <3", "5 < 6 and 7 > 3, <3"},
      {"a <b", "a <b"},
      {"x<sup>2</sup> H<sub>2</sub>O", "x 2 H2O"},
      {"<div>خبر <b>عاجل</b></div><div>ثانٍ</div>", "خبر عاجل\n\nثانٍ"},
      {"<h1>Title</h1>Text", "Title\n\nText"},
      {"<unknown-tag>in</unknown-tag>", "in"},
  };
  for (const auto& c : cases) EXPECT_EQ(html_to_text(c.html), c.text) << c.html;
}

TEST(HtmlText, ALineKeepsWhatOnlyLooksLikeATag) {
  EXPECT_EQ(html_to_line("Use <b>vector<T></b> <br> today"), "Use vector<T> today");
  EXPECT_EQ(html_to_line("Ann <ann@example.org>"), "Ann <ann@example.org>");
  EXPECT_EQ(html_to_line("A &amp;lt; B"), "A &lt; B");
}

// Row 41 of the fault list, for text.
TEST(HtmlText, TakesLinearTimeForRepeatedBeginnings) {
  for (const char* piece : {"<", "</", "<script>", "<a b=\"", "<!--", "&", "<p", "<pre>", "\n",
                            "<?", "</script", "<div>", "&#", "&aaaaa"}) {
    std::string html;
    for (int i = 0; i < 200'000; ++i) html += piece;
    EXPECT_LE(html_to_text(html).size(), 2 * html.size());
  }
}

}  // namespace
}  // namespace wirewatch::feeds
