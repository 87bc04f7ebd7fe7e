#include "daemon/web/metrics.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace wirewatch::daemon {
namespace {

// A label's value: backslash, quote and line break are escaped, nothing else is special.
std::string label(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

class Page {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    out_ += fmt::format("# HELP wirewatch_{} {}\n# TYPE wirewatch_{} {}\n", name, help, name, type);
  }
  template <class Number>
  void sample(Number value, std::string_view labels = "", std::string_view suffix = "") {
    out_ += fmt::format("wirewatch_{}{}{} {}\n", name_, suffix,
                        labels.empty() ? "" : fmt::format("{{{}}}", labels), value);
  }
  template <class Number>
  void single(std::string_view name, std::string_view type, std::string_view help, Number value) {
    family(name, type, help);
    sample(value);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string name_;
  std::string out_;
};

double seconds(Span span) {
  return std::chrono::duration<double>(span).count();
}

int flag(bool on) {
  return on ? 1 : 0;
}

void write_daemon(Page& page, const DaemonStatus& status) {
  page.family("build_info", "gauge", "Always 1; the version is in the label.");
  page.sample(1, fmt::format("version=\"{}\"", label(status.version)));
  page.single("start_time_seconds", "gauge", "When the daemon started, in Unix time.",
              seconds(status.started.time_since_epoch()));
  page.single("ready", "gauge", "1 while feeds are polled and alerts are sent.",
              flag(status.ready));
  page.single("config_generation", "gauge", "The generation of the config that runs.",
              status.generation);
  page.single("config_on_last_good", "gauge", "1 while it runs on the kept generation.",
              flag(status.on_last_good));
  page.single("config_problems", "gauge", "Errors and warnings of the last load or reload.",
              status.problems.size());
  page.single("rules", "gauge", "Rules that run.", status.rules);
  page.single("rules_held_back", "gauge", "Rules that run in their last good version.",
              status.held_back.size());
  page.single("held_by_disk", "gauge", "1 while nothing is polled, for want of disk space.",
              flag(status.held_by_disk));
  page.single("stories_in_memory", "gauge", "Documents that the story index remembers.",
              status.stories_in_memory);
}

void write_feeds(Page& page, const FeedTotals& feeds) {
  const std::pair<std::string_view, std::size_t> by_status[] = {
      {"failing", feeds.failing},
      {"good", feeds.good},
      {"not polled yet", feeds.not_polled_yet},
      {"paused", feeds.paused},
      {"stale", feeds.stale}};
  page.family("feeds", "gauge", "Feeds by their state.");
  for (const auto& [status, count] : by_status) {
    page.sample(count, fmt::format("status=\"{}\"", status));
  }
  page.single("held_items", "gauge", "Items that look republished and wait for the operator.",
              feeds.held);
  page.single("feeds_with_gaps", "gauge", "Feeds that probably lost items in the last day.",
              feeds.with_recent_gaps);
  page.single("feed_gaps_total", "counter",
              "Pairs of documents without a common item, of the feeds configured now.", feeds.gaps);
  page.single("polls_total", "counter", "Polls of the feeds that are configured now.", feeds.polls);
  page.single("items_total", "counter", "New or edited items of the feeds configured now.",
              feeds.items);
}

void write_stored(Page& page, const StoreCounts& counts) {
  page.family("stored", "gauge", "What the database holds.");
  page.sample(counts.items, "kind=\"items\"");
  page.sample(counts.documents, "kind=\"documents\"");
  page.sample(counts.stories, "kind=\"stories\"");
  page.sample(counts.alerts, "kind=\"alerts\"");
  page.family("deliveries", "gauge", "Deliveries in the database by state.");
  page.sample(counts.pending, "state=\"pending\"");
  page.sample(counts.delivered, "state=\"delivered\"");
  page.sample(counts.dead, "state=\"dead\"");
  page.sample(counts.held, "state=\"held\"");
}

template <class Value>
void write_each(Page& page, const std::vector<ReceiverHealth>& receivers, Value value) {
  for (const ReceiverHealth& receiver : receivers) {
    page.sample(value(receiver), fmt::format("receiver=\"{}\"", label(receiver.name)));
  }
}

void write_receivers(Page& page, const std::vector<ReceiverHealth>& receivers) {
  using Health = const ReceiverHealth&;
  page.family("receiver_delivered_total", "counter", "Messages that the receiver took.");
  write_each(page, receivers, [](Health one) { return one.delivered; });
  page.family("receiver_failed_total", "counter", "Attempts that failed.");
  write_each(page, receivers, [](Health one) { return one.failed; });
  page.family("receiver_dead_total", "counter", "Messages that were given up.");
  write_each(page, receivers, [](Health one) { return one.dead; });
  page.family("receiver_waiting", "gauge", "Messages in memory that wait for the receiver.");
  write_each(page, receivers, [](Health one) { return one.waiting; });
  page.family("receiver_down", "gauge", "1 while the receiver does not answer.");
  write_each(page, receivers, [](Health one) { return flag(one.down_since.has_value()); });
  page.family("receiver_refusing", "gauge", "1 while the receiver answers and takes nothing.");
  write_each(page, receivers, [](Health one) { return flag(one.refusing_since.has_value()); });
}

void write_store(Page& page, const StoreStats& store, std::uint64_t free_bytes) {
  page.single("store_commits_total", "counter", "Commits that were stored.", store.commits);
  page.single("store_transactions_total", "counter", "Transactions that they took.",
              store.transactions);
  page.single("store_failures_total", "counter", "Transactions that failed.", store.failures);
  page.single("store_queue", "gauge", "Commits that wait for the writer.", store.queue_depth);
  page.single("store_last_commit_seconds", "gauge", "The last transaction with its sync.",
              seconds(store.last_commit));
  page.single("store_failed", "gauge", "1 while commits are refused after a failure.",
              flag(store.failed));
  page.single("store_ballast_used_total", "counter", "Times a full disk took the ballast.",
              store.ballast_used);
  page.single("state_free_bytes", "gauge", "Free bytes on the state folder's disk.", free_bytes);
}

void write_stages(Page& page, const StageTimes& times) {
  page.family("stage_seconds", "histogram", "How long each stage of an item's way takes.");
  for (std::size_t i = 0; i < stage_count; ++i) {
    const auto stage = static_cast<Stage>(i);
    const Histogram& histogram = times.of(stage);
    const std::string labels = fmt::format("stage=\"{}\"", to_string(stage));
    for (std::size_t bound = 0; bound < Histogram::bounds.size(); ++bound) {
      page.sample(histogram.at_most(bound),
                  fmt::format("{},le=\"{}\"", labels, Histogram::bounds[bound]), "_bucket");
    }
    page.sample(histogram.count(), labels + ",le=\"+Inf\"", "_bucket");
    page.sample(histogram.sum(), labels, "_sum");
    page.sample(histogram.count(), labels, "_count");
  }
}

}  // namespace

std::string metrics_text(const MetricFacts& facts) {
  Page page;
  write_daemon(page, facts.status);
  write_feeds(page, facts.feeds);
  write_stored(page, facts.counts);
  write_receivers(page, facts.receivers);
  write_store(page, facts.store, facts.free_bytes);
  write_stages(page, facts.times);
  return page.take();
}

}  // namespace wirewatch::daemon
