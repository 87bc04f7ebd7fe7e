#include "feeds/article/title.h"

namespace wirewatch::feeds {
namespace {

TEST(Headline, LosesTheOutletsName) {
  const struct {
    std::string_view page_title, site;
    std::vector<std::string> headings;
    std::string_view headline;
  } cases[] = {
      {"Ministers resign over dam", "", {}, "Ministers resign over dam"},
      {"Ministers resign over dam | The Post", "", {}, "Ministers resign over dam"},
      {"Ministers resign over dam - World - The Post", "", {}, "Ministers resign over dam - World"},
      {"The Post: Ministers resign", "", {}, "The Post: Ministers resign"},
      {"Flood | Post", "", {}, "Flood | Post"},
      {"Flood | Post", "Post", {}, "Flood"},
      {"Post | Flood", "Post", {}, "Flood"},
      {"The Post » Ministers resign over dam",
       "",
       {"Ministers resign over dam"},
       "Ministers resign over dam"},
      {"War and peace - a short history",
       "",
       {"War and Peace – A Short History"},
       "War and peace - a short history"},
      {"Twenty-one dead", "", {}, "Twenty-one dead"},
      {"استقالة وزراء بعد انهيار السد | الخبر", "", {}, "استقالة وزراء بعد انهيار السد"},
      {"  A   title\n over lines | X ", "X", {}, "A title over lines"},
      {"", "", {}, ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(headline_of(c.page_title, c.site, c.headings), c.headline) << c.page_title;
  }
}

TEST(Headline, AHeadingMayDifferInAWordOfTen) {
  EXPECT_TRUE(is_same_title("Ministers resign over dam", "Ministers Resign Over Dam!"));
  EXPECT_TRUE(is_same_title("Ministers of the country resign over the burst dam",
                            "Ministers of the country resign over burst dam"));
  EXPECT_FALSE(is_same_title("Background", "Ministers resign over dam"));
  EXPECT_FALSE(is_same_title("Dam", "Ministers of the country resign over burst dam"));
  EXPECT_FALSE(is_same_title("", ""));
}

}  // namespace
}  // namespace wirewatch::feeds
