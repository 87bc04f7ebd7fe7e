#include "daemon/loop/log.h"

#include <gmock/gmock.h>
#include <spdlog/spdlog.h>

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

TEST(Log, HiddenCharactersAndWrongBytesAreShown) {
  struct Case {
    std::string text;
    std::string shown;
  };
  const Case cases[] = {
      {"plain, ünïcode, العربية, 日本", "plain, ünïcode, العربية, 日本"},
      {"two\nlines\r\t", "two\\u{a}lines\\u{d}\\u{9}"},
      {"\x1b[31mred", "\\u{1b}[31mred"},
      {"\xc2\x9b"
       "31m",
       "\\u{9b}31m"},
      {"a\u202eb\u200bc\u061cd\ufeff", "a\\u{202e}b\\u{200b}c\\u{61c}d\\u{feff}"},
      {"\xc3\nfake line", "\\xc3\\u{a}fake line"},
      {"\xe2\x82\nfake", "\\xe2\\x82\\u{a}fake"},
      {"\xf0\x9f\x1b[0m", "\\xf0\\x9f\\u{1b}[0m"},
      {"\x80\xff", "\\x80\\xff"},
      {"cut \xe2\x82", "cut \\xe2\\x82"},
      {"\xef\xbf\xbd", "\xef\xbf\xbd"},
      {std::string("nul\0", 4), "nul\\u{0}"},
  };
  for (const Case& c : cases) EXPECT_EQ(escape_for_log(c.text), c.shown);
}

class LogTest : public testing::Test {
 protected:
  void log(spdlog::level::level_enum level, const std::string& text, int minute = 0) {
    const auto time = spdlog::log_clock::time_point(std::chrono::minutes(30000000 + minute));
    logger_->log(time, spdlog::source_loc{}, level, text);
  }
  std::vector<std::string> lines_;
  std::shared_ptr<spdlog::logger> logger_ =
      make_logger("info", true, [this](const std::string& line) { lines_.push_back(line); });
};

TEST_F(LogTest, TheJournalGetsOneLineAnEventWithItsPriority) {
  log(spdlog::level::err, "broken\nfor good");
  log(spdlog::level::warn, "odd");
  log(spdlog::level::info, "fine");
  log(spdlog::level::debug, "not asked for");
  EXPECT_THAT(lines_, ElementsAre("<3>broken\\u{a}for good\n", "<4>odd\n", "<6>fine\n"));
}

TEST_F(LogTest, OneCauseWritesSixtyLinesAMinuteAndThenSaysHowManyWereLeftOut) {
  for (int i = 0; i < 1000; ++i) log(spdlog::level::warn, "feed \"" + std::to_string(i) + "\": no");
  log(spdlog::level::warn, "something else");
  ASSERT_EQ(lines_.size(), 61U);
  EXPECT_EQ(lines_.back(), "<4>something else\n");
  log(spdlog::level::info, "next", 1);
  ASSERT_EQ(lines_.size(), 63U);
  EXPECT_EQ(lines_[61], "<4>940 more lines like \"feed : no\" were left out\n");
  log(spdlog::level::warn, "feed \"1\": no", 1);
  EXPECT_EQ(lines_.size(), 64U);
}

TEST_F(LogTest, ManyFailingFeedsDoNotHideWhatAnotherFeedDoes) {
  for (int i = 0; i < 300; ++i) {
    log(spdlog::level::warn, "feed \"" + std::to_string(i) + "\": the name x.example is not known");
  }
  log(spdlog::level::info, "feed \"ina\": first fetch, 20 items taken as known");
  EXPECT_EQ(lines_.size(), 61U);
  EXPECT_EQ(lines_.back(), "<6>feed \"ina\": first fetch, 20 items taken as known\n");
}

TEST_F(LogTest, CausesMadeUpByTheThousandAreLimitedTogether) {
  for (int i = 0; i < 3000; ++i) {
    std::string word;
    for (int left = i + 1; left > 0; left /= 26) word += static_cast<char>('a' + left % 26);
    log(spdlog::level::warn, "odd " + word + "!");
  }
  EXPECT_LE(lines_.size(), 1060U);
}

}  // namespace
}  // namespace wirewatch::daemon
