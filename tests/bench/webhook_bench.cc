// Messages a second to webhooks on keep-alive: `webhook_bench ours|bare RECEIVERS EACH FOLDER`.
// "ours" is the deliverer as the daemon runs it, from the pending row in the store to its durable
// mark; "bare" libcurl's multi interface with the same bodies and nothing else. One line: messages
// a second, and messages a second of this process's CPU time.
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "daemon/delivery/deliverer.h"
#include "daemon/delivery/outbox.h"
#include "daemon/loop/descriptors.h"
#include "daemon/loop/memory.h"
#include "tests/bench/loopback_server.h"

namespace wirewatch::daemon {
namespace {

using SteadyClock = std::chrono::steady_clock;

double process_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Watch {
  SteadyClock::time_point begin = SteadyClock::now();
  double cpu = process_seconds();
  void print(std::size_t messages) const {
    const std::chrono::duration<double> took = SteadyClock::now() - begin;
    const auto count = static_cast<double>(messages);
    fmt::print("{:.1f} {:.1f}\n", count / took.count(), count / (process_seconds() - cpu));
  }
};

AlertView view_of(std::size_t number) {
  AlertView view;
  view.alert = fmt::format("alert{:020}", number);
  view.story = fmt::format("story{:020}", number);
  view.rule = "border-security";
  view.kind = "new";
  view.severity = "high";
  view.headline = "Border posts reopen after a week of talks between the two governments";
  view.url = "https://news.example.org/world/middle-east/border-posts-reopen-after-talks";
  view.language = "en";
  view.passage =
      "Patrols against smuggling will start on Monday, the ministry said, and the crossing will be "
      "open to lorries from both sides again after a week in which nothing passed at all.";
  view.marks = {{16, 25}, {62, 70}};
  view.entities = {"Iraq", "Syria"};
  view.time = std::chrono::time_point_cast<Span>(std::chrono::system_clock::now());
  view.sources = {{"BBC", view.headline, view.url, view.time}};
  view.reason = "first report";
  return view;
}

// A host for each receiver: as many connections as receivers, as if they were services of their
// own.
std::string url_of(std::size_t receiver, std::uint16_t port) {
  return fmt::format("http://127.0.{}.{}:{}/in", receiver / 200, 1 + receiver % 200, port);
}

ReceiverConfig receiver_of(std::size_t number, std::uint16_t port) {
  ReceiverConfig config;
  config.name = fmt::format("r{}", number);
  config.kind = "webhook";
  config.url = {SecretRef::From::literal, url_of(number, port)};
  config.secrets = {{SecretRef::From::literal, "a secret that signs every message"}};
  return config;
}

class CountingOutbox : public Outbox {
 public:
  CountingOutbox(Store& store, std::size_t& done) : outbox_(make_outbox(store)), done_(done) {}

  asio::awaitable<Result<DueDeliveries>> due(std::string receiver, Instant now,
                                             std::size_t limit) override {
    return outbox_->due(std::move(receiver), now, limit);
  }
  asio::awaitable<Result<void>> mark(std::vector<DeliveryMark> marks) override {
    std::size_t delivered = 0;
    for (const DeliveryMark& mark : marks) {
      if (mark.state == DeliveryState::delivered) ++delivered;
      if (mark.state != DeliveryState::delivered) std::cerr << mark.answer << "\n";
    }
    const Result<void> marked = co_await outbox_->mark(std::move(marks));
    if (marked) done_ += delivered;
    co_return marked;
  }
  void mark_behind(DeliveryMark mark, Done done) override {
    outbox_->mark_behind(std::move(mark), [this, done = std::move(done)](const Result<void>& told) {
      if (told) ++done_;
      done(told);
    });
  }
  asio::awaitable<Result<void>> remember(ReceiverNote note) override {
    return outbox_->remember(std::move(note));
  }
  asio::awaitable<Result<FollowUp>> follow_up(std::string alert, std::string receiver,
                                              Instant now) override {
    return outbox_->follow_up(std::move(alert), std::move(receiver), now);
  }
  asio::awaitable<Result<Waiting>> waiting() override { return outbox_->waiting(); }

 private:
  std::unique_ptr<Outbox> outbox_;
  std::size_t& done_;
};

asio::awaitable<void> fill(Store& store, std::size_t receivers, std::size_t each, bool& good) {
  for (std::size_t i = 0; i < each; ++i) {
    Commit commit;
    for (std::size_t r = 0; r < receivers; ++r) {
      DeliveryRow row;
      const AlertView view = view_of(i * receivers + r);
      row.id = fmt::format("delivery{:024}", i * receivers + r);
      row.alert = view.alert;
      row.receiver = fmt::format("r{}", r);
      row.payload = to_json(view);
      row.created = view.time;
      row.next_attempt = view.time;
      commit.deliveries.push_back(std::move(row));
    }
    const Result<void> done = co_await store.commit(std::move(commit));
    if (!done) co_return;
  }
  good = true;
}

int ours(std::size_t receivers, std::size_t each, const std::string& folder, std::uint16_t port) {
  asio::io_context io(1);
  Activity activity(io.get_executor());
  StoreOptions options;
  options.folder = folder;
  auto store = Store::open(options, activity, io.get_executor());
  if (!store) {
    std::cerr << store.error().text << "\n";
    return 1;
  }
  bool good = false;
  asio::co_spawn(io, fill(**store, receivers, each, good), asio::detached);
  io.run();
  io.restart();
  if (!good) return 1;
  const auto clock = make_system_clock(io.get_executor());
  HttpLimits limits;
  // The daemon's own number; half of them are kept (CurlMulti::may_keep).
  limits.connections = std::max(limits.connections, 2 * receivers + 16);
  HttpClient http(io, activity, limits, {{"127.0.0.0/8"}});
  std::size_t done = 0;
  Deliverer deliverer(
      io.get_executor(), *clock, http, std::make_unique<CountingOutbox>(**store, done),
      [](const std::string&) {}, [] { return 0.5; });
  std::vector<ReceiverConfig> configs;
  for (std::size_t r = 0; r < receivers; ++r) configs.push_back(receiver_of(r, port));
  deliverer.set_receivers(configs);
  const Watch watch;
  asio::co_spawn(io, deliverer.run(), asio::detached);
  const std::size_t all = receivers * each;
  while (done < all && io.run_one_for(std::chrono::seconds(20)) > 0) {
  }
  watch.print(done);
  std::cout.flush();
  std::_Exit(done == all ? 0 : 1);  // the deliverer would wait for more
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

int bare(std::size_t receivers, std::size_t each, std::uint16_t port) {
  CURLM* const multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(receivers));
  const auto receiver = make_receiver(receiver_of(0, port));
  DeliveryFacts facts;
  facts.id = "delivery";
  const auto sample = receiver->render(view_of(0), facts);
  if (!sample) return 1;
  curl_slist* headers = nullptr;
  for (const auto& [name, value] : sample->headers) {
    headers = curl_slist_append(headers, (name + ": " + value).c_str());
  }
  headers = curl_slist_append(headers, "Expect:");
  std::vector<std::size_t> left(receivers, each);
  for (std::size_t r = 0; r < receivers; ++r) {
    CURL* const easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url_of(r, port).c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, sample->body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(sample->body.size()));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &left[r]);
    curl_multi_add_handle(multi, easy);
  }
  const Watch watch;
  std::size_t done = 0;
  for (int running = 1; running > 0;) {
    curl_multi_perform(multi, &running);
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &queued)) {
      CURL* const easy = message->easy_handle;
      if (message->data.result != CURLE_OK) return 1;
      std::size_t* mine = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &mine);
      ++done;
      curl_multi_remove_handle(multi, easy);
      if (--*mine == 0) continue;
      curl_multi_add_handle(multi, easy);
      running = 1;
    }
    if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  watch.print(done);
  return done == receivers * each ? 0 : 1;
}

}  // namespace
}  // namespace wirewatch::daemon

int main(int count, char** words) {
  if (count != 5) return 2;
  wirewatch::daemon::settle_allocator();  // as the daemon does
  const wirewatch::bench::LoopbackServer server;
  wirewatch::daemon::raise_descriptor_limit();
  const std::size_t receivers = std::strtoul(words[2], nullptr, 10);
  const std::size_t each = std::strtoul(words[3], nullptr, 10);
  if (std::string(words[1]) == "bare")
    return wirewatch::daemon::bare(receivers, each, server.port());
  return wirewatch::daemon::ours(receivers, each, words[4], server.port());
}
