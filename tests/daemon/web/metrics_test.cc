#include "daemon/web/metrics.h"

#include <gmock/gmock.h>
#include <regex>
#include <set>
#include <sstream>

#include "tests/daemon/web/fake_control.h"

namespace wirewatch::daemon {
namespace {

MetricFacts some_facts() {
  MetricFacts facts;
  facts.status.version = "1.2.3";
  facts.status.ready = true;
  std::vector<FeedHealth> feeds(3);
  feeds[0].state.failures = 2;
  feeds[1].state.paused = true;
  feeds[1].polls = 7;
  feeds[1].held = 12;
  facts.feeds = glance_of(feeds).totals;
  ReceiverHealth desk;
  desk.name = "desk";
  desk.delivered = 4;
  desk.down_since = Instant(Span(1));
  facts.receivers = {desk};
  facts.times.observe(Stage::parse, std::chrono::milliseconds(3));
  facts.times.observe(Stage::parse, std::chrono::seconds(100));
  facts.store.commits = 9;
  facts.counts.dead = 1;
  return facts;
}

TEST(Metrics, FiguresCarryWhatTheDaemonTells) {
  const std::string text = metrics_text(some_facts());
  for (const char* line :
       {"wirewatch_build_info{version=\"1.2.3\"} 1", "wirewatch_ready 1",
        "wirewatch_feeds{status=\"failing\"} 1", "wirewatch_feeds{status=\"paused\"} 1",
        "wirewatch_feeds{status=\"not polled yet\"} 1", "wirewatch_feeds{status=\"good\"} 0",
        "wirewatch_polls_total 7", "wirewatch_held_items 12",
        "wirewatch_deliveries{state=\"dead\"} 1",
        "wirewatch_receiver_delivered_total{receiver=\"desk\"} 4",
        "wirewatch_receiver_down{receiver=\"desk\"} 1", "wirewatch_store_commits_total 9",
        "wirewatch_stage_seconds_bucket{stage=\"parse\",le=\"0.0025\"} 0",
        "wirewatch_stage_seconds_bucket{stage=\"parse\",le=\"0.005\"} 1",
        "wirewatch_stage_seconds_bucket{stage=\"parse\",le=\"30\"} 1",
        "wirewatch_stage_seconds_bucket{stage=\"parse\",le=\"+Inf\"} 2",
        "wirewatch_stage_seconds_count{stage=\"parse\"} 2"}) {
    EXPECT_THAT(text, testing::HasSubstr(std::string("\n") + line + "\n"));
  }
}

TEST(Metrics, EveryLineIsInTheExpositionFormat) {
  MetricFacts facts = some_facts();
  facts.status.version = "a\"b\\c\nd";
  const std::regex comment("# (HELP|TYPE) (wirewatch_[a-z_]+) .+");
  const std::regex sample(
      R"re((wirewatch_[a-z_]+)(\{([a-z]+="([^"\\\n]|\\.)*",?)+\})? [0-9.e+-]+)re");
  const std::string text = metrics_text(facts);
  EXPECT_TRUE(text.ends_with("\n"));
  std::istringstream lines(text);
  std::set<std::string> announced;
  std::set<std::string> series;
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    if (line.starts_with("#")) {
      ASSERT_TRUE(std::regex_match(line, parts, comment)) << line;
      EXPECT_TRUE(announced.insert(parts[1].str() + parts[2].str()).second) << line;
      continue;
    }
    ASSERT_TRUE(std::regex_match(line, parts, sample)) << line;
    std::string name = parts[1];
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line;
    for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
      if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
    }
    EXPECT_TRUE(announced.contains("TYPE" + name)) << line;
  }
  EXPECT_GT(series.size(), 100U);
}

TEST(Metrics, MoreFeedsMakeNoMoreSeries) {
  MetricFacts facts = some_facts();
  const auto lines = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  };
  const auto before = lines(metrics_text(facts));
  facts.feeds = glance_of(std::vector<FeedHealth>(1000)).totals;
  EXPECT_EQ(lines(metrics_text(facts)), before);
}

}  // namespace
}  // namespace wirewatch::daemon
