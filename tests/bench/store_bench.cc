// What a commit costs: `store_bench sync|lone|load COUNT FOLDER`.
// "sync": 4 KB and fdatasync, "lone": one item with its alert, one at a time, both as p50 and p99
// in milliseconds; "load": as many as the queue takes, as items a second and items a transaction.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "daemon/store/store.h"

namespace wirewatch::daemon {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::size_t at_once = 2000;
constexpr std::chrono::milliseconds pause(2);  // between lone ones: nobody is in a hurry

double milliseconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

void print_quantiles(std::vector<double> took) {
  std::sort(took.begin(), took.end());
  fmt::print("{:.4f} {:.4f}\n", took[took.size() / 2], took[took.size() * 99 / 100]);
}

// A new item of 700 bytes of text, its alert and its delivery, as a poll brings them.
Commit one_item(std::size_t number, Instant now) {
  Commit commit;
  FeedRow feed;
  feed.key = "https://news.example.org/feed";
  feed.name = "News";
  commit.feeds.push_back(feed);
  const std::string id = fmt::format("{:016x}item", number * 0x9e3779b97f4a7c15U);
  ItemRow item;
  item.id = id;
  item.feed = feed.key;
  item.keys.guid = (number * 0x9e3779b97f4a7c15U) | 1U;
  item.first_seen = item.last_seen = now;
  commit.items.push_back(item);
  DocumentRow document;
  document.input.id = id;
  document.input.title = fmt::format("Report number {} about the border", number);
  for (int i = 0; i < 10; ++i) {
    document.input.text += fmt::format("Sentence {} of it says what happened at the post. ", i);
  }
  document.input.feed = item.feed;
  document.input.time = now;
  document.first_seen = now;
  document.placement.story = id;
  commit.documents.push_back(std::move(document));
  AlertRow alert;
  alert.state.id = id + "alert";
  alert.state.rule = "border";
  alert.state.story = id;
  alert.state.revision = 1;
  alert.view = "{}";
  alert.created = alert.updated = now;
  commit.alerts.push_back(alert);
  DeliveryRow delivery;
  delivery.id = id + "delivery";
  delivery.alert = alert.state.id;
  delivery.receiver = "desk";
  delivery.payload = std::string(1000, 'x');
  delivery.created = delivery.next_attempt = now;
  commit.deliveries.push_back(std::move(delivery));
  return commit;
}

asio::awaitable<void> lone(Store& store, std::size_t count, Instant now,
                           std::vector<double>& took) {
  for (std::size_t i = 0; i < count; ++i) {
    std::this_thread::sleep_for(pause);
    Commit commit = one_item(i, now);
    const auto start = SteadyClock::now();
    const Result<void> done = co_await store.commit(std::move(commit));
    took.push_back(milliseconds_since(start));
    if (!done) std::cerr << done.error().text << "\n";
  }
}

asio::awaitable<void> under_load(Store& store, std::size_t& next, std::size_t count, Instant now) {
  while (next < count) {
    Commit commit = one_item(next++, now);
    const Result<void> done = co_await store.commit(std::move(commit));
    if (!done) std::cerr << done.error().text << "\n";
  }
}

int sync(std::size_t count, const std::string& folder) {
  const std::string path = folder + "/probe";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const std::string block(4096, 'x');
  std::vector<double> took;
  for (std::size_t i = 0; i < count; ++i) {
    std::this_thread::sleep_for(pause);
    const auto start = SteadyClock::now();
    const bool good = ::write(file, block.data(), block.size()) == 4096 && ::fdatasync(file) == 0;
    took.push_back(milliseconds_since(start));
    if (!good) return 1;
  }
  ::close(file);
  ::unlink(path.c_str());
  print_quantiles(std::move(took));
  return 0;
}

int bench(const std::string& what, std::size_t count, const std::string& folder) {
  asio::io_context io(1);
  Activity activity(io.get_executor());
  StoreOptions options;
  options.folder = folder;
  auto store = Store::open(options, activity, io.get_executor());
  if (!store) {
    std::cerr << store.error().text << "\n";
    return 1;
  }
  const Instant now = std::chrono::time_point_cast<Span>(std::chrono::system_clock::now());
  if (what == "lone") {
    std::vector<double> took;
    asio::co_spawn(io, lone(**store, count, now, took), asio::detached);
    io.run();
    print_quantiles(std::move(took));
    return 0;
  }
  std::size_t next = 0;
  const auto start = SteadyClock::now();
  for (std::size_t i = 0; i < at_once; ++i) {
    asio::co_spawn(io, under_load(**store, next, count, now), asio::detached);
  }
  io.run();
  const double seconds = milliseconds_since(start) / 1000;
  const StoreStats stats = (*store)->stats();
  fmt::print("{:.1f} {:.1f}\n", static_cast<double>(count) / seconds,
             static_cast<double>(stats.commits) / static_cast<double>(stats.transactions));
  return 0;
}

}  // namespace
}  // namespace wirewatch::daemon

int main(int count, char** words) {
  if (count != 4) return 2;
  const std::size_t number = std::strtoul(words[2], nullptr, 10);
  if (std::string(words[1]) == "sync") return wirewatch::daemon::sync(number, words[3]);
  return wirewatch::daemon::bench(words[1], number, words[3]);
}
