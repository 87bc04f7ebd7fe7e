// Which text an item is matched by: the page's or the feed's own.
#include "feeds/article/choose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wirewatch::feeds {
namespace {

using testing::HasSubstr;

constexpr const char* kTitle = "Border guards stop smugglers near the crossing";
const std::string kArticle =
    "<p>Border guards stopped a group of smugglers near the northern crossing on Thursday.</p>"
    "<p>They had come through the desert at night with three lorries, an officer said, and were "
    "taken to the next town, where a judge will hear them in the coming week.</p>";

std::string words(std::size_t count, const std::string& word = "word ") {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += word;
  return text;
}

DocumentInput item(std::string text = "Read more on our site.") {
  DocumentInput made;
  made.title = kTitle;
  made.text = std::move(text);
  made.url = "https://example.org/a/1";
  return made;
}

Reply page(std::string body, std::string type = "text/html; charset=utf-8", int status = 200) {
  Reply reply;
  reply.status = status;
  reply.headers = {{"Content-Type", std::move(type)}};
  reply.body = std::move(body);
  return reply;
}

ArticleChoice choose(const Reply& reply, const DocumentInput& of = item()) {
  return choose_article(of, reply, 1U << 20U, Instant{});
}

struct WishCase {
  const char* what;
  FetchArticle mode;
  std::string url;
  std::string text;
  bool wanted;
};

TEST(Choose, ThePageIsAskedForAsTheModeAndTheFeedsOwnTextSay) {
  const std::string url = "https://example.org/a";
  const WishCase cases[] = {
      {"never", FetchArticle::never, url, "short", false},
      {"always, also of long texts", FetchArticle::always, url, words(500), true},
      {"no link", FetchArticle::always, "", "short", false},
      {"a link to something else", FetchArticle::always, "mailto:desk@example.org", "short", false},
      {"capital letters in the scheme", FetchArticle::always, "HTTPS://example.org", "", true},
      {"short", FetchArticle::when_short, url, words(119), true},
      {"long enough", FetchArticle::when_short, url, words(120), false},
      {"none", FetchArticle::when_short, url, "", true},
      {"cut with an ellipsis", FetchArticle::when_short, url, words(500) + "and …", true},
      {"cut with dots in brackets", FetchArticle::when_short, url, words(500) + "[...]\n", true},
      {"two characters of Chinese are a word", FetchArticle::when_short, url, words(130, "新闻"),
       false},
      {"Arabic", FetchArticle::when_short, url, words(60, "خبر "), true},
  };
  for (const WishCase& one : cases) {
    DocumentInput given = item(one.text);
    given.url = one.url;
    EXPECT_EQ(wants_article(one.mode, given, 120), one.wanted) << one.what;
  }
}

TEST(Choose, AnArticleThatSaysMoreThanTheFeedCounts) {
  const ArticleChoice choice = choose(page("<html><body>" + kArticle + "</body></html>"));
  ASSERT_TRUE(choice.used) << choice.note;
  EXPECT_THAT(choice.text, HasSubstr("three lorries"));
  EXPECT_THAT(choice.note,
              testing::MatchesRegex("article: [0-9]+ words of the page, where the feed has 5"));
}

struct RefusedCase {
  const char* what;
  Reply reply;
  std::string own;
  const char* note;
};

TEST(Choose, APageOfTheWrongKindDoesNotCountAndTheReasonIsNamed) {
  Reply failed;
  failed.failure = TransportFailure::timeout;
  Reply named = failed;
  named.failure_text = "example.org did not answer within 30s";
  const std::string html = "<html><body>" + kArticle + "</body></html>";
  const RefusedCase cases[] = {
      {"no answer", failed, "", "the answer did not come in time"},
      {"a reason of the network's", named, "", "example.org did not answer within 30s"},
      {"404", page(html, "text/html", 404), "", "the server answered 404 Not Found"},
      {"a PDF", page("%PDF-1.4", "Application/PDF"), "", "the page is application/pdf, not HTML"},
      {"a PDF that says HTML", page("%PDF-1.4"), "", "the page is application/pdf, not HTML"},
      {"a picture", page("GIF89a", "image/gif"), "", "the page is image/gif, not HTML"},
      {"a hostile label", page("x", "a/b\x1b[31m c"), "", "the page is a/b[31mc, not HTML"},
      {"a login page",
       page("<html><body><p>" + words(200, "Please sign in. ") +
            "</p><form><input TYPE='password'></form></body></html>"),
       "", "the page asks for a login"},
      {"a consent wall", page("<html><body><p>" + words(200, "We value your privacy. ")), "",
       "the page speaks of something else than the item's title"},
      {"shorter than the feed's own", page(html), words(200),
       "the page has 44 words, the feed's own text 200"},
  };
  for (const RefusedCase& one : cases) {
    const ArticleChoice choice = choose(one.reply, item(one.own));
    EXPECT_FALSE(choice.used) << one.what;
    EXPECT_EQ(choice.text, "") << one.what;
    EXPECT_EQ(choice.note, std::string("article not used: ") + one.note) << one.what;
  }
}

TEST(Choose, AnArticleWithACommentFormThatAsksForAPasswordIsNoLoginPage) {
  const ArticleChoice choice =
      choose(page("<html><body>" + kArticle + "<form><input type=password></form></body></html>"));
  EXPECT_TRUE(choice.used) << choice.note;
}

TEST(Choose, ABombIsNoPage) {
  const ArticleChoice choice =
      choose_article(item(), page("<p>" + words(5000) + "</p>"), 1000, Instant{});
  EXPECT_FALSE(choice.used);
  EXPECT_THAT(choice.note, HasSubstr("article not used: "));
}

}  // namespace
}  // namespace wirewatch::feeds
