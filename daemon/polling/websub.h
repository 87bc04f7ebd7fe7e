// Subscriptions at WebSub hubs: asked for, verified, renewed, ended; and what hubs send.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "daemon/loop/task_group.h"
#include "daemon/polling/poller.h"
#include "daemon/web/server.h"

namespace wirewatch::daemon {

// Loop thread only; outlives the poller's run and the pages.
class WebSub final : public Hubs {
 public:
  // `random` is uniform in [0, 1).
  WebSub(asio::any_io_executor loop, Clock& clock, Fetcher& http, Store& store, Poller& poller,
         std::function<double()> random);

  // At the start: what the store knows. Errors: it cannot be read.
  asio::awaitable<Result<void>> restore();
  // After restore(), and after a reload. Subscriptions of feeds that went away, may not have one
  // any more, or whose callback moved are ended. The poller has the snapshot by then.
  void set_snapshot(std::shared_ptr<const Snapshot> snapshot);

  asio::awaitable<void> run();  // until cancelled

  // Bytes of a body that may be sent to `path` on the pages' address; nullopt: it is no callback
  // of ours, or of nobody.
  std::optional<std::size_t> body_limit(std::string_view path) const;
  static bool is_callback(std::string_view path);
  // GET: the hub's verification. POST: content; 200 once it is committed, or when it is ignored
  // for its signature (section 7.1.1 lets us say so or not; we don't), 503 when it should come
  // again, 410 for a subscription that nobody knows.
  asio::awaitable<WebResponse> answer(WebRequest request);

  bool deliver(const std::string& feed_key) const override;
  void polled(const FeedConfig& feed, const feeds::HubLinks& links, std::size_t fresh) override;
  void keys_changed(const std::vector<FeedKeyChange>& changes) override;

  std::string describe(const std::string& feed_key) const;  // for FeedHealth::websub

 private:
  struct Entry {
    SubscriptionRow row;
    bool busy = false;  // a request to its hub is under way
    Instant queued{};   // when, in `steps_`; meaningless while it is not there
  };
  using Entries = std::map<std::string, Entry, std::less<>>;  // by token

  Entry* live_entry(const std::string& feed_key);
  const Entry* live_entry(const std::string& feed_key) const;
  void subscribe(const FeedConfig& feed, const feeds::HubLinks& links);
  void leave(Entry& entry, const std::string& why);
  void put_in_line(Entry& entry);
  void start_due(TaskGroup& tasks);
  Span until_next() const;
  asio::awaitable<void> ask(std::string token);
  asio::awaitable<void> send(std::string token);
  asio::awaitable<void> keep_changed();
  asio::awaitable<bool> keep(std::string token);
  asio::awaitable<bool> forget(std::string token);
  asio::awaitable<WebResponse> verify(std::string token, std::map<std::string, std::string> query);
  asio::awaitable<WebResponse> take(std::string token, WebRequest request);
  std::string name_of(const std::string& feed_key) const;
  bool may_subscribe(const std::string& feed_key) const;

  asio::any_io_executor loop_;
  Clock& clock_;
  std::unique_ptr<Clock> real_clock_;
  Fetcher& http_;
  Store& store_;
  Poller& poller_;
  std::function<double()> random_;
  Bell bell_;
  std::shared_ptr<const Snapshot> snapshot_;
  Entries entries_;
  std::map<std::string, std::string> by_feed_;  // token of the one that is not leaving, by key
  // There may be very many of them, and hubs ring at will: nothing walks through all.
  std::set<std::pair<Instant, std::string>> steps_;  // next_step and token, of those not busy
  std::set<std::string> changed_;                    // tokens of what is not stored yet
  std::size_t asking_ = 0;
};

}  // namespace wirewatch::daemon
