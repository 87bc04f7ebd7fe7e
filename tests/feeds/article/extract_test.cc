#include "feeds/article/extract.h"

namespace wirewatch::feeds {
namespace {

constexpr const char* first =
    "A dam burst above the town of Halden on Monday, sending water through two villages, and "
    "forcing hundreds from their homes, officials said.";
constexpr const char* second =
    "No deaths were reported, but rescue crews were still searching three houses, the county "
    "governor said in a statement, and asked people to stay away.";
constexpr const char* third =
    "The dam was built in 1962, and had been due for repair this year, according to the water "
    "authority, which had warned of cracks in its western wall.";

std::string p(const std::string& text) {
  return "<p>" + text + "</p>";
}

std::string news() {
  return p(first) + p(second) + p(third);
}

std::string text_of(const std::string& body, const std::string& head = "") {
  const std::string page = "<!doctype html><head>" + head + "</head><body>" + body + "</body>";
  return extract_article(page, {"https://example.org/a", "text/html; charset=utf-8"}).value().text;
}

std::string joined(std::initializer_list<std::string> paragraphs) {
  std::string text;
  for (const std::string& one : paragraphs) text += (text.empty() ? "" : "\n\n") + one;
  return text;
}

const std::string whole = joined({first, second, third});

TEST(Extract, LeavesOutWhatStandsAroundAnArticle) {
  const std::string links = "<ul><li><a href=/a>River levels rise</a><li><a href=/b>Rain</a></ul>";
  const struct {
    const char* what;
    std::string body;
  } cases[] = {
      {"nothing around it", "<article>" + news() + "</article>"},
      {"navigation", "<nav>" + links + "</nav><div>" + news() + "</div>"},
      {"a menu by its name", "<div class=main-menu>" + links + "</div><div>" + news() + "</div>"},
      {"a player", "<main><div>Click to listen</div>" + news() + "</main>"},
      {"a ticker",
       "<div class=ticker>DAX 18,200 +0.3%, FTSE 8,100 -0.1%, Dow 39,000, +0.2%</div>"
       "<main>" +
           news() + "</main>"},
      {"legal notes", "<main>" + news() + "<p>Legal disclaimer<p>No advice, of any kind.</main>"},
      {"related stories inside", "<main>" + p(first) + p(second) + "<div><h3>Related stories</h3>" +
                                     links + "</div>" + p(third) + "</main>"},
      {"readers' comments",
       "<main>" + news() + "</main><div id=comments>" + p(second + std::string("!")) + "</div>"},
      {"a repeated paragraph", "<main>" + news() +
                                   p("More is expected on Tuesday, they said, when "
                                     "the minister visits, with an expert.") +
                                   "</main>"},
      {"hidden text",
       "<main>" + news() + "<p style='display: none'>Secret, and long enough.</p></main>"},
      {"a share bar", "<main><div class=share-tools><a href=x>Post</a><a href=y>Send</a></div>" +
                          news() + "</main>"},
      {"the title again", "<main><h1>Dam bursts near Halden</h1>" + news() + "</main>"},
      {"a footer", "<main>" + news() + "</main><footer>Fjord Post, Kai 1, Halden, Norway</footer>"},
      {"a form", "<main>" + p(first) + "<form>Your mail <input><input></form>" + p(second) +
                     p(third) + "</main>"},
  };
  for (const auto& c : cases) {
    const std::string text = text_of(c.body, "<title>Dam bursts near Halden</title>");
    EXPECT_TRUE(text.starts_with(whole)) << c.what << "\n" << text;
    if (std::string_view(c.what) != "a repeated paragraph") {
      EXPECT_EQ(text, whole) << c.what;
    }
  }
}

TEST(Extract, ReadsAParagraphThatStandsTwiceOnce) {
  const std::string last = "More is expected on Tuesday, they said, when the minister visits.";
  EXPECT_EQ(text_of("<main>" + news() + p(last) + p(last) + "</main>"), whole + "\n\n" + last);
}

TEST(Extract, KeepsTheRefrainOfASong) {
  const std::string refrain = "Oh the river, oh the river, how it carries all away, they sang.";
  EXPECT_EQ(text_of(p(refrain) + p("One two three, four five.") + p(refrain)),
            joined({refrain, "One two three, four five.", refrain}));
}

TEST(Extract, LaysOutListsTablesQuotesAndCode) {
  EXPECT_EQ(text_of("<main>" + news() +
                    "<ol><li>Check the valves<li>Leave</ol><ul><li>Water<li>Bread</ul>"
                    "<blockquote>We knew, he said.</blockquote>"
                    "<table><tr><th>Village<th>Homes<tr><td>Ed<td>40</table>"
                    "<pre>a = 1\nb = 2</pre>one<br>two"
                    "<figure><img src=x><figcaption>Halden on Monday</figcaption></figure></main>"),
            whole +
                "\n\n1. Check the valves\n2. Leave\n\n• Water\n• Bread\n\nWe knew, he said.\n\n"
                "Village Homes\nEd 40\n\na = 1\nb = 2\n\none\ntwo\n\nHalden on Monday");
}

TEST(Extract, FindsArticlesInEveryShapeOfMarkup) {
  const std::string breaks =
      std::string("<div>") + first + "<br><br>" + second + "<br><br>" + third + "</div>";
  const std::string cells = "<table><tr><td><a href=/>Home</a><td>" + news() + "</table>";
  const std::string sections = "<div><section>" + p(first) + "</section><section>" + p(second) +
                               "</section><section>" + p(third) + "</section></div>";
  const std::string misnamed = "<div class='footer-wrap sidebar'>" + news() + "</div>";
  const std::string unclosed = std::string("<div><p>") + first + "<p>" + second + "<p>" + third;
  const std::string hidden_body = "<div style=visibility:visible>" + news() + "</div>";
  for (const std::string& body : {breaks, cells, sections, misnamed, unclosed, hidden_body}) {
    EXPECT_EQ(text_of(body), whole) << body;
  }
}

TEST(Extract, BelievesTheStatedBodyWhenThePageShowsOnlyItsBeginning) {
  const std::string json =
      R"(<script type="application/ld+json">{"@type":"NewsArticle",)"
      R"("articleBody":"<p>)" +
      std::string(first) + "</p><p>" + second + "</p><p>" + third +
      "</p><p>Much more of it, that only subscribers see, goes on here, "
      "with numbers, names, places and all that belongs to it.</p>\"}</script>";
  EXPECT_TRUE(text_of(p(first), json).starts_with(whole));
  EXPECT_EQ(text_of(news(), R"(<script type="application/ld+json">{"@type":"NewsArticle",)"
                            R"("articleBody":"Short."}</script>)"),
            whole);
}

TEST(Extract, ReadsArabicPersianAndChinese) {
  const struct {
    std::string paragraph;
  } cases[] = {
      {"أعلنت السلطات العراقية، يوم الاثنين، إغلاق معبر القائم الحدودي مع سوريا، بعد اجتماع أمني "
       "عقد في بغداد، وفق ما ذكر مسؤول في وزارة الداخلية، مضيفا أن الحركة ستستأنف قريبا."},
      {"مقام‌های ایرانی روز دوشنبه گفتند که مرز برای یک هفته بسته می‌ماند، و "
       "رفت‌وآمد "
       "تنها "
       "با مجوز "
       "ویژه ممکن است، به گفته سخنگوی وزارت کشور، که خواست نامش فاش نشود."},
      {"伊拉克当局周一宣布，关闭与叙利亚接壤的边境口岸，此前在巴格达举行了安全会议，内政部一名官员"
       "说，"
       "通行将很快恢复。"},
  };
  for (const auto& c : cases) {
    const std::string body = "<div dir=rtl><div class=menu><a href=/>x</a></div><main>" +
                             p(c.paragraph) + p(c.paragraph + "٢") + "</main></div>";
    EXPECT_EQ(text_of(body), joined({c.paragraph, c.paragraph + "٢"}));
  }
}

TEST(Extract, BelievesAMetaElementsCharset) {
  // "خبر عاجل" in windows-1256.
  const std::string arabic = "\xCE\xC8\xD1 \xDA\xC7\xCC\xE1";
  for (const char* meta : {"<meta charset=windows-1256>",
                           "<meta http-equiv=Content-Type content='text/html; charset=cp1256'>"}) {
    const auto article =
        extract_article("<html><head>" + std::string(meta) + "</head><p>" + arabic, {});
    EXPECT_EQ(article.value().text, "خبر عاجل") << meta;
  }
}

}  // namespace
}  // namespace wirewatch::feeds
