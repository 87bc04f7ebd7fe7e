// Polls the feeds when they are due, and releases the items of replay sources.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/loop/http.h"
#include "daemon/pipeline/engine.h"
#include "daemon/pipeline/operator_notice.h"
#include "daemon/polling/feed_health.h"
#include "daemon/polling/feeds_told.h"
#include "daemon/polling/push.h"

namespace wirewatch::daemon {

struct PollerLimits {
  std::size_t at_once = 10000;  // polls under way together; http.connections where that is less
  Span spread = std::chrono::milliseconds(20);    // between overdue feeds at the start …
  Span spread_at_most = std::chrono::minutes(5);  // … and in all
};

class Poller {
 public:
  // `random` is uniform in [0, 1).
  Poller(asio::any_io_executor loop, Clock& clock, Fetcher& http, Pool& pool, Store& store,
         Engine& engine, StageTimes& times, std::function<double()> random,
         PollerLimits limits = {});
  ~Poller();

  // At start and after a reload: feeds that stay keep their state, due times included; states of
  // feeds that come are read from the store. On an error everything stays as it was. The engine
  // takes the snapshot over in the same step.
  asio::awaitable<Result<void>> set_snapshot(std::shared_ptr<const Snapshot> snapshot);

  // Until cancelled: total finishes the polls under way, terminal gives them up.
  asio::awaitable<void> run();

  // From now on polls and hubs know of each other. `hubs` outlives the poller's run.
  void set_hubs(Hubs* hubs);
  void on_notice(NoticeHook hook);  // called when a feed moved to where another is polled
  // A document that a hub brought; returns once it is committed, or will not be. It takes its turn
  // behind a poll of the same feed; at most 16 wait for that.
  asio::awaitable<PushOutcome> push(std::string feed_key, PushedDocument document);
  bool poll_now(const std::string& name);  // by name or key; false: no such feed
  // In config order. Of many feeds this is dear; who looks often asks for the troubled ones, or
  // takes a glance (feeds_told.h) at all of them.
  std::vector<FeedHealth> health(FeedsAsked asked = FeedsAsked::all) const;
  const FeedSlots& slots() const;
  std::shared_ptr<FeedSlot> slot(const std::string& key) const;  // null: there is none
  bool held_by_disk() const;       // not polling: the disk is at its low water mark
  std::uint64_t progress() const;  // moves while it lives; for the watchdog

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace wirewatch::daemon
