#include "daemon/receivers/text.h"

#include <gmock/gmock.h>

#include "daemon/receivers/limits.h"
#include "daemon/receivers/zone_clock.h"
#include "tests/daemon/receivers/sample_view.h"

namespace wirewatch::daemon {
namespace {

TEST(ReceiverText, ControlBidiAndAnsiCharactersAreStripped) {
  const std::pair<std::string, std::string> cases[] = {
      {"plain", "plain"},
      {"two\r\n\tlines  here ", "two lines here"},
      {"\x1b[31mred\x1b[0m", "red"},
      {"\xc2\x9b"
       "31mred",
       "red"},
      {"\x1b]0;title\x07shell", "shell"},
      {"\x1b]8;;http://evil\x1b\\text", "\\text"},
      {"a\u202egnp.exe", "agnp.exe"},
      {"\u2066x\u2069\u200e\u200f\ufeff\u061c", "x"},
      {"nul\0byte", "nul"},
      {std::string("nul\0byte", 8), "nulbyte"},
      {"bad \xff\xfe utf", "bad \ufffd\ufffd utf"},
      {"tag\U000e0041\U000e007f", "tag"},
      {"soft\u00adhyphen", "softhyphen"},
      {"family \U0001f468\u200d\U0001f469\u200d\U0001f467",
       "family \U0001f468\u200d\U0001f469\u200d\U0001f467"},
      {"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
       "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"},
      {"\u0627\u0644\u0622\u064a\u0629 \u06dd\u0661",
       "\u0627\u0644\u0622\u064a\u0629 \u06dd\u0661"},
      {"\x1b", ""},
      {"\x1b[", ""},
      {"\x1b[9999", "9999"},
  };
  for (const auto& [raw, clean] : cases) EXPECT_EQ(clean_line(raw), clean) << raw;
}

TEST(ReceiverText, AMegabyteOfEscapesIsCleanedInLinearTime) {
  std::string hostile;
  while (hostile.size() < (1U << 20U)) hostile += "\x1b]\x1b[;;;;;\u202e";
  EXPECT_LT(clean_line(hostile).size(), hostile.size());
}

TEST(ReceiverText, GapsAtAMarkStandOutsideIt) {
  const auto pieces = clean_pieces({{"the ", false}, {" border\n", true}, {"guard", false}});
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0].text, "the ");
  EXPECT_EQ(pieces[1].text, "border");
  EXPECT_TRUE(pieces[1].marked);
  EXPECT_EQ(pieces[2].text, " guard");
}

TEST(ReceiverText, CutsBetweenGraphemeClusters) {
  const std::string family = "\U0001f468\u200d\U0001f469\u200d\U0001f467";  // 8 UTF-16 units
  const std::string accent = "e\u0301";
  EXPECT_EQ(cut_text("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_text("abcdef", 5), "abcd\u2026");
  EXPECT_EQ(cut_text("ab" + family, 9), "ab\u2026");
  EXPECT_EQ(cut_text("ab" + family + "c", 10), "ab\u2026");
  EXPECT_EQ(cut_text("ab" + family + "cd", 11), "ab" + family + "\u2026");
  EXPECT_EQ(cut_text("a" + accent + accent + "b", 4), "a" + accent + "\u2026");
  EXPECT_EQ(cut_text("word here", 6), "word\u2026");
  EXPECT_EQ(cut_text("abc", 0), "");
  EXPECT_EQ(utf16_length("a\u00e9\U0001f468"), 4U);
}

TEST(ReceiverText, CutsByTheEscapedLength) {
  const auto escape = [](std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '&' ? "&amp;" : std::string(1, c);
    return out;
  };
  EXPECT_EQ(cut_text("&&&&", 20, escape), "&&&&");
  EXPECT_EQ(cut_text("&&&&", 19, escape), "&&&\u2026");
}

TEST(ReceiverText, OnlyWebLinksWithoutUserInformationAreLinks) {
  const std::pair<std::string, std::string> good[] = {
      {"https://a.example/x?y=1&z=2#f", "https://a.example/x?y=1&z=2#f"},
      {" HTTP://a.example ", "http://a.example"},
      {"https://a.example/a|b>c<d\"e(f)", "https://a.example/a%7Cb%3Ec%3Cd%22e%28f%29"},
      {"https://a.example/two words\n", "https://a.example/two%20words"},
      {"https://a.example/\xc3\xa9", "https://a.example/%C3%A9"},
      {"https://[2001:db8::1]/", "https://[2001:db8::1]/"},
      {"https://a.example/@user", "https://a.example/@user"},
  };
  for (const auto& [url, link] : good) EXPECT_EQ(safe_link(url).value_or("none"), link) << url;
  const std::string bad[] = {
      "",
      "javascript:alert(1)",
      "java\nscript:alert(1)",
      "data:text/html,x",
      "//a.example/x",
      "ftp://a.example/",
      "https://",
      "https:///path",
      "https://:80/",
      "https://bbc.example@evil.example/",
      "https://bbc.example\\@evil.example",
      "https://a.example/" + std::string(limits::link, 'x'),
  };
  for (const std::string& url : bad) EXPECT_EQ(safe_link(url), std::nullopt) << url;
}

TEST(ZoneClock, SaysTheDayAndTheYearWhereTheyAreOthers) {
  const ZoneClock clock("Europe/Berlin");
  const Instant now = at("2026-03-03T13:02:00Z");
  EXPECT_EQ(clock.text(now, now), "14:02");
  EXPECT_EQ(clock.text(now - std::chrono::hours(24), now), "2 Mar 14:02");
  EXPECT_EQ(clock.text(now - std::chrono::hours(24 * 365), now), "3 Mar 2025 14:02");
}

TEST(ReceiverText, RightToLeftTextStandsInIsolatesOfOurs) {
  EXPECT_EQ(isolated("left"), "left");
  EXPECT_EQ(isolated("\u0627\u0644"), "\u2068\u0627\u0644\u2069");
  EXPECT_TRUE(has_rtl("a \u05d0"));
}

}  // namespace
}  // namespace wirewatch::daemon
