#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/daemon/receivers/sample_view.h"

namespace wirewatch::daemon {
namespace {

TEST(AlertViewJson, ComesBackAsItWent) {
  AlertView view = sample_view();
  view.kind = "updated";
  view.revision = 3;
  view.headline = "quotes \" and \\ and \u0627\u0644\u062d\u062f\u0648\u062f";
  view.marks = {{0, 7}, {16, 25}};
  view.sources.push_back({"INA", "", "", Instant(Span(1772373727123456))});
  view.story_url = "https://wirewatch.example/stories/s1";
  view.time = Instant(Span(1772373725000001));
  const std::string json = to_json(view);
  const auto back = alert_view_from_json(json);
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(to_json(*back), json);
  EXPECT_EQ(back->sources[1].time, view.sources[1].time);
  EXPECT_EQ(back->time, view.time);
  EXPECT_EQ(back->headline, view.headline);
  EXPECT_EQ(back->marks[1].end, 25U);
}

TEST(AlertViewJson, WhatIsNoAlertIsAnError) {
  EXPECT_FALSE(alert_view_from_json(""));
  EXPECT_FALSE(alert_view_from_json("[1]"));
  EXPECT_FALSE(alert_view_from_json("{\"alert\":\"a1\""));
  const auto nameless = alert_view_from_json("{}");
  ASSERT_FALSE(nameless);
  EXPECT_EQ(nameless.error().text, "a stored alert has no \"alert\", which names it");
}

class SecretFile : public testing::Test {
 protected:
  SecretFile() {
    path_ = testing::TempDir() + "wirewatch-secret-" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  ~SecretFile() override { std::filesystem::remove(path_); }
  void write(const std::string& text) { std::ofstream(path_, std::ios::trunc) << text; }
  Result<std::string> read() { return read_secret({SecretRef::From::file, path_}); }
  std::string path_;
};

TEST_F(SecretFile, AFileIsReadAtEachUse) {
  write("first\r\n");
  EXPECT_EQ(*read(), "first");
  write("second \n\n");
  EXPECT_EQ(*read(), "second ");
}

TEST_F(SecretFile, ErrorsNameTheFileAndNeverTheContent) {
  const auto missing = read();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().text, "secret file \"" + path_ +
                                      "\" cannot be read; it must exist and be readable by the "
                                      "user that wirewatch runs as");
  write("\n");
  EXPECT_EQ(read().error().text, "secret file \"" + path_ + "\" is empty");
  write(std::string(70000, 'k'));
  EXPECT_EQ(read().error().text, "secret file \"" + path_ + "\" has more than 64 KiB");
}

TEST_F(SecretFile, TheEnvironmentMayHoldOne) {
  const SecretRef secret{SecretRef::From::environment, "WIREWATCH_TEST_SECRET"};
  ::unsetenv("WIREWATCH_TEST_SECRET");
  EXPECT_EQ(read_secret(secret).error().text,
            "environment variable \"WIREWATCH_TEST_SECRET\", which holds a secret, is not set");
  ::setenv("WIREWATCH_TEST_SECRET", "value\n", 1);
  EXPECT_EQ(*read_secret(secret), "value");
  ::unsetenv("WIREWATCH_TEST_SECRET");
}

TEST(Console, ShowsAnAlertInAFewLines) {
  AlertView view = sample_view();
  EXPECT_EQ(render_console(view, sample_facts(), {false, "UTC"}),
            "High  Border posts reopen after talks\n"
            "  https://news.example/border\n"
            "  Patrols against *smuggling* will start on Monday.\n"
            "  BBC 14:02\n"
            "  rule border-security \u00b7 Iraq, Syria\n");
}

TEST(Console, AnUpdateSaysWhatIsNewAndALateOneHowLate) {
  AlertView view = sample_view();
  view.kind = "updated";
  view.revision = 2;
  view.entities.clear();
  for (const char* name : {"INA", "Reuters", "AFP"}) {
    view.sources.push_back({name, "Its own words", "", at("2026-02-28T23:05:00Z")});
  }
  DeliveryFacts facts = sample_facts();
  facts.late = true;
  facts.now = view.time + std::chrono::hours(3);
  EXPECT_EQ(render_console(view, facts, {false, "Asia/Baghdad"}),
            "High  Border posts reopen after talks\n"
            "  4th source: AFP \u2013 Its own words\n"
            "  https://news.example/border\n"
            "  Patrols against *smuggling* will start on Monday.\n"
            "  BBC 17:02, INA 02:05, +2\n"
            "  rule border-security \u00b7 late by 3 h\n");
}

TEST(Console, ColoursAreOursAndNeverTheFeeds) {
  AlertView view = sample_view();
  view.headline = "\x1b[31mred\x1b[0m\x07";
  view.passage.clear();
  view.url = "javascript:alert(1)";
  view.entities.clear();
  EXPECT_EQ(render_console(view, sample_facts(), {true, "UTC"}),
            "\x1b[1;33mHigh\x1b[0m  \x1b[1mred\x1b[0m\n"
            "  javascript:alert(1)\n"
            "  BBC 14:02\n"
            "  \x1b[2mrule border-security\x1b[0m\n");
}

TEST(Console, RightToLeftTextKeepsToItself) {
  AlertView view = sample_view();
  view.headline = "\u0627\u0644\u062d\u062f\u0648\u062f 5 km";
  EXPECT_THAT(render_console(view, true),
              testing::HasSubstr("\u2068\u0627\u0644\u062d\u062f\u0648\u062f 5 km\u2069"));
}

TEST(Receivers, EveryKindButTheConsoleIsSentOverHttp) {
  for (const std::string& kind : receiver_kinds()) {
    EXPECT_EQ(make_receiver(sample_receiver(kind)) == nullptr, kind == "console") << kind;
  }
}

TEST(Receivers, AnAddressThatIsNoUrlIsNamedByItsReceiverOnly) {
  ReceiverConfig config = sample_receiver("slack");
  config.url = literal("hooks.slack.com/T0/secret");
  const auto request = make_receiver(config)->render(sample_view(), sample_facts());
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().text,
            "the address of receiver \"desk\" is no URL that begins with https:// or http://");
}

}  // namespace
}  // namespace wirewatch::daemon
