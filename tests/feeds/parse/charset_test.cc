// Row 38 of the fault list: text is right whatever the label says.
#include "feeds/parse/charset.h"

#include <unicode/ucnv.h>

#include "feeds/parse/parse.h"
#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

std::string encode(std::string_view utf8, const char* converter) {
  std::string out(8 * utf8.size() + 16, '\0');
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t length =
      ucnv_convert(converter, "UTF-8", out.data(), static_cast<std::int32_t>(out.size()),
                   utf8.data(), static_cast<std::int32_t>(utf8.size()), &status);
  EXPECT_TRUE(U_SUCCESS(status)) << converter;
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string document(std::string_view label, std::string_view title) {
  const std::string declaration =
      label.empty() ? "" : "<?xml version=\"1.0\" encoding=\"" + std::string(label) + "\"?>";
  return declaration + "<rss version=\"2.0\"><channel><item><title>" + std::string(title) +
         "</title></item></channel></rss>";
}

std::string title_of(std::string_view bytes, std::string content_type = "") {
  ParseContext context;
  context.content_type = std::move(content_type);
  const auto parsed = parse_feed(bytes, context);
  if (parsed.has_error()) return parsed.error().text;
  return parsed->items.empty() ? "no items" : parsed->items[0].title;
}

constexpr const char* kArabic =
    "افتتح الوزيران المعبر الحدودي بعد اجتماع طويل حول التجارة والأمن في المنطقة الشمالية";
constexpr const char* kRussian =
    "Министры открыли пограничный переход после долгой встречи о торговле и безопасности";
constexpr const char* kJapanese =
    "両国の大臣は貿易と安全についての長い会談の後で国境の検問所を開いた";
constexpr const char* kChinese =
    "两国部长在就贸易和安全举行长时间会谈后开放了边境口岸，居民表示欢迎";
constexpr const char* kFrench = "Les ministres ont rouvert la frontière après l’été, a-t-on décidé";

TEST(Charset, ALabelInTheDeclarationIsFollowed) {
  const struct {
    const char* label;
    const char* converter;
    const char* text;
  } cases[] = {
      {"windows-1256", "windows-1256", kArabic},
      {"iso-8859-6", "iso-8859-6", nullptr},
      {"windows-1251", "windows-1251", kRussian},
      {"koi8-r", "koi8-r", kRussian},
      {"shift_jis", "windows-31j", kJapanese},
      {"euc-jp", "euc-jp", kJapanese},
      {"gb2312", "gb18030", kChinese},
      {"gb18030", "gb18030", kChinese},
      {"windows-1252", "windows-1252", kFrench},
      {"iso-8859-1", "windows-1252", kFrench},
      {"utf-8", "utf-8", kArabic},
      {"iso-2022-jp", "iso-2022-jp", kJapanese},
  };
  for (const auto& c : cases) {
    const std::string text = c.text != nullptr ? c.text : "افتتح الوزيران المعبر";
    EXPECT_EQ(title_of(encode(document(c.label, text), c.converter)), text) << c.label;
  }
}

TEST(Charset, TheHeaderHelpsWhereTheDocumentIsSilent) {
  EXPECT_EQ(
      title_of(encode(document("", kArabic), "windows-1256"), "text/xml; charset=\"windows-1256\""),
      kArabic);
}

TEST(Charset, WithoutALabelTheBytesDecide) {
  EXPECT_EQ(title_of(document("", kArabic)), kArabic);
  for (const char* converter : {"windows-1256", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
    EXPECT_EQ(title_of(encode(document("", kArabic), converter)), kArabic) << converter;
  }
  EXPECT_EQ(title_of(encode(document("", kRussian), "windows-1251")), kRussian);
  EXPECT_EQ(title_of(encode(document("", kJapanese), "windows-31j")), kJapanese);
  EXPECT_EQ(title_of(encode(document("", kChinese), "gb18030")), kChinese);
}

TEST(Charset, EncodingsOfOneScriptAreToldApart) {
  const std::string arabic =
      std::string(kArabic) + " وقال الوزير إن العمل سيستمر طوال الأسبوع القادم";
  const struct {
    const char* converter;
    std::string text;
  } cases[] = {
      {"windows-1256", arabic},
      {"iso-8859-6", arabic},
      {"koi8-r", kRussian},
      {"ibm-866", kRussian},
      {"x-mac-cyrillic", kRussian},
      {"iso-8859-5", kRussian},
      {"windows-1253", "Οι υπουργοί άνοιξαν το συνοριακό πέρασμα μετά από μακρά συνάντηση"},
      {"windows-1255", "השרים פתחו את מעבר הגבול לאחר פגישה ארוכה בנושא סחר וביטחון באזור"},
      {"windows-1250", "Ministři otevřeli hraniční přechod po dlouhém jednání o obchodu, řekl šéf"},
      {"windows-1254", "Bakanlar uzun bir görüşmenin ardından sınır kapısını açtı, güvenlik için"},
      {"windows-949", "두 나라의 장관들은 무역과 안보에 관한 긴 회의 끝에 국경 검문소를 열었다"},
      {"windows-950", "兩國部長在就貿易和安全舉行長時間會談後開放了邊境口岸，居民表示歡迎"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(title_of(encode(document("", c.text), c.converter)), c.text) << c.converter;
    EXPECT_EQ(title_of(encode(document("utf-8", c.text), c.converter)), c.text) << c.converter;
    // A western label is believed where the letters are Latin ones.
    const std::string_view converter = c.converter;
    if (converter == "windows-1250" || converter == "windows-1254") continue;
    EXPECT_EQ(title_of(encode(document("iso-8859-1", c.text), c.converter)), c.text) << converter;
  }
}

TEST(Charset, AFewMarkedLettersAreWestern) {
  for (const char* text : {"Un café", "Señor, ¿qué?", "naïve", "50 € for you", "Sørensen’s"}) {
    EXPECT_EQ(title_of(encode(document("", text), "windows-1252")), text);
  }
}

TEST(Charset, ALabelThatLiesIsOverruled) {
  EXPECT_EQ(title_of(document("windows-1252", kArabic)), kArabic);  // UTF-8 in truth
  EXPECT_EQ(title_of(encode(document("utf-8", kArabic), "windows-1256")), kArabic);
  EXPECT_EQ(title_of(encode(document("utf-8", kRussian), "windows-1251")), kRussian);
  EXPECT_EQ(title_of(encode(document("iso-8859-1", kRussian), "windows-1251")), kRussian);
  EXPECT_EQ(title_of(encode(document("x-unheard-of", kFrench), "windows-1252")), kFrench);
  EXPECT_EQ(title_of(document("utf-16", kFrench)), kFrench);
}

TEST(Charset, AByteOrderMarkWinsAndGoes) {
  EXPECT_EQ(title_of("\xEF\xBB\xBF" + document("windows-1251", kFrench)), kFrench);
  const std::string marked = "\xFF\xFE" + encode(document("utf-8", kArabic), "UTF-16LE");
  EXPECT_EQ(title_of(marked), kArabic);
}

TEST(Charset, WhatWasDoneIsSaid) {
  const Utf8Text lied = to_utf8(encode(document("utf-8", kRussian), "windows-1251"), "");
  ASSERT_EQ(lied.warnings.size(), 1U);
  EXPECT_EQ(lied.warnings[0], "the bytes are not \"utf-8\" as stated: read as windows-1251");
  const Utf8Text broken = to_utf8(document("utf-8", std::string(kArabic) + "\xFF"), "");
  ASSERT_EQ(broken.warnings.size(), 1U);
  EXPECT_EQ(broken.warnings[0], "1 bytes are not UTF-8 and were replaced");
}

TEST(Charset, ControlSequencesOfTerminalsGoAsAWhole) {
  struct Case {
    const char* bytes;
    const char* text;
  };
  const Case cases[] = {
      {"a \x1B[31mred\x1B[0m é", "a red é"},
      {"\x1B[2Jé\x1B[1;31;40m", "é"},
      {"é \x1B[é", "é [é"},
      {"é \x1B]0;title\x07", "é ]0;title"},
      {"é \x1B[", "é ["},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(to_utf8(c.bytes, "text/xml; charset=utf-8").text, c.text);
    EXPECT_EQ(unicode::tidy(c.bytes, 1000), c.text);
  }
}

TEST(Charset, Latin1ControlsAreTheQuotesTheyWere) {
  EXPECT_EQ(title_of(document("utf-8", "don\xC2\x92t")), "don’t");
}

}  // namespace
}  // namespace wirewatch::feeds
