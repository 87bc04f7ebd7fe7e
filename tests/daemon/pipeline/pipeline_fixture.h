// A store in a folder, an engine and rules, in virtual time, with the words that the tests use.
#pragma once

#include <gmock/gmock.h>

#include <algorithm>

#include "daemon/pipeline/engine.h"
#include "daemon/store/reader.h"
#include "tests/daemon/loop/loop_test.h"
#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {

inline rules::RuleDef rule_of(const std::string& name, const std::string& query,
                              std::vector<std::string> receivers = {"desk"}) {
  rules::RuleDef rule;
  rule.name = name;
  rule.query = query;
  rule.receivers = std::move(receivers);
  return rule;
}

inline feeds::Item item_of(const std::string& guid, const std::string& title,
                           const std::string& text = {}) {
  feeds::Item item;
  item.guid = guid;
  item.title = title;
  item.content = text;
  return item;
}

inline FeedConfig feed_of(const std::string& name) {
  FeedConfig feed;
  feed.name = name;
  feed.key = feed.url = "https://" + name + ".example/feed";
  return feed;
}

inline std::shared_ptr<Snapshot> generation(const std::vector<rules::RuleDef>& rules,
                                            const std::vector<rules::EntityDef>& entities = {}) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->gazetteer = rules::Gazetteer::compile(entities).first;
  auto compiled = rules::RuleSet::compile(rules, snapshot->gazetteer);
  for (const auto& found : compiled.diagnostics) ADD_FAILURE() << found.text;
  snapshot->rules = std::move(compiled.set);
  return snapshot;
}

template <class T>
asio::awaitable<void> keep_result(asio::awaitable<T> task, std::optional<T>& out) {
  T result = co_await std::move(task);
  out.emplace(std::move(result));
}

class PipelineTest : public LoopTest {
 protected:
  PipelineTest() { open(); }
  ~PipelineTest() override { close(); }

  // A daemon that starts on the folder, and its end.
  void open() {
    StoreOptions options;
    options.folder = folder_.path();
    options.low_water = low_water_;
    options.ballast = 64U << 10U;
    options.queue = queue_;
    auto opened = Store::open(options, activity_, loop_.get_executor());
    ASSERT_TRUE(opened) << opened.error().text;
    store_ = std::move(*opened);
    engine_ = std::make_unique<Engine>(loop_.get_executor(), clock_, pool_, *store_, times_,
                                       [this](const std::string& name) { woken_.push_back(name); });
    ASSERT_TRUE(wait_for(engine_->rebuild(feeds::StoryLimits{})));
  }
  void close() {
    settle();
    engine_.reset();
    store_.reset();
    settle();
  }
  void restart() {
    close();
    open();
  }

  // Until nothing is in flight: the threads' work is waited for, time stands still.
  void settle() {
    for (bool busy = true; busy;) {
      loop_.restart();
      busy = loop_.poll() > 0;
      if (activity_.count() == 0) continue;
      busy = true;
      loop_.restart();
      loop_.run_one();
    }
  }

  template <class T>
  T wait_for(asio::awaitable<T> task) {
    std::optional<T> result;
    const auto outcome = start(keep_result(std::move(task), result));
    settle();
    EXPECT_TRUE(outcome->ended);
    EXPECT_EQ(outcome->error, "");
    return std::move(*result);
  }

  Arrival arrival(const std::string& feed, std::vector<feeds::Item> items, bool baseline = false) {
    Arrival arrival;
    arrival.snapshot = rules_;
    arrival.feed = feed_of(feed);
    arrival.parsed.items = std::move(items);
    arrival.baseline = baseline;
    arrival.feed_row = [key = arrival.feed.key](std::size_t, bool) {
      FeedRow row;
      row.key = key;
      row.state.baseline_done = true;
      return row;
    };
    return arrival;
  }
  Result<Taken> take(const std::string& feed, std::vector<feeds::Item> items) {
    return wait_for(engine_->take(arrival(feed, std::move(items))));
  }
  Result<Taken> take_baseline(const std::string& feed, std::vector<feeds::Item> items) {
    return wait_for(engine_->take(arrival(feed, std::move(items), true)));
  }

  std::unique_ptr<Reader> reader() {
    auto opened = Reader::open(folder_.path());
    EXPECT_TRUE(opened);
    return std::move(*opened);
  }
  std::vector<DeliveryRow> deliveries() { return reader()->deliveries({}); }
  std::vector<AlertRow> alerts() { return reader()->alerts({}); }
  // "rule kind → receiver" of each, oldest first.
  std::vector<std::string> told() {
    std::vector<std::string> all;
    for (const DeliveryRow& row : deliveries()) {
      const auto view = alert_view_from_json(row.payload);
      all.push_back(view->rule + " " + view->kind + " → " + row.receiver);
    }
    return all;
  }
  // The decision that the trace of an item's last revision names for its first rule.
  std::string trace_of(const std::string& title) {
    const auto found = reader()->find_items(title, 1);
    return found.empty() ? "not stored" : found.front().trace;
  }

  std::uint64_t low_water_ = 0;
  std::size_t queue_ = 100;
  TemporaryFolder folder_;
  Activity activity_{loop_.get_executor()};
  Pool pool_{activity_, 2};
  StageTimes times_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Engine> engine_;
  std::vector<std::string> woken_;
  std::shared_ptr<const Snapshot> rules_ = generation({rule_of("border", "border")});
};

inline const char* const long_report =
    "Iraqi and Syrian officials met in Damascus on Thursday to discuss how the two countries can "
    "secure their long frontier against smugglers and remaining armed groups in the desert. The "
    "delegation was led by the head of the Iraqi intelligence service, a government spokesman "
    "said, and stayed for several hours before it returned to Baghdad in the evening.";

// Of the same event, in words of its own.
inline const char* const own_report =
    "The head of Iraqi intelligence arrived in Damascus on Thursday for talks with Syrian "
    "officials "
    "about smugglers and armed groups along the desert frontier, sources in Baghdad told "
    "reporters. "
    "It is the first such visit of an Iraqi delegation since the change of government.";

}  // namespace wirewatch::daemon
