// What the parts of Poller share: poller.cc polls, poller_reload.cc takes a new config over.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/loop/task_group.h"
#include "daemon/polling/feed_changes.h"
#include "daemon/polling/feed_keys.h"
#include "daemon/polling/poll_once.h"
#include "daemon/polling/poller.h"

namespace wirewatch::daemon {

inline std::string turn_host(const FeedConfig& config) {
  return config.replay.empty() ? host_of(config.url) : config.key;
}

struct Poller::Impl {
  Impl(asio::any_io_executor loop_in, Clock& clock_in, Fetcher& http, Pool& pool, Store& store_in,
       Engine& engine, StageTimes& times, std::function<double()> random_in, PollerLimits limits_in)
      : loop(std::move(loop_in)),
        clock(clock_in),
        store(store_in),
        random(std::move(random_in)),
        limits(limits_in),
        tools{clock, http, pool, engine, times, random, budget},
        bell(loop, clock) {
    activity = &pool.activity();
    real_clock = make_system_clock(loop);
  }

  asio::awaitable<Result<void>> set_snapshot(std::shared_ptr<const Snapshot> next);
  asio::awaitable<void> run();
  asio::awaitable<void> poll(std::shared_ptr<FeedSlot> slot);
  asio::awaitable<void> take(std::shared_ptr<FeedSlot> slot, std::shared_ptr<PushJob> job);
  void free(const std::shared_ptr<FeedSlot>& slot, const FeedConfig& before);
  void start_pushes(TaskGroup& polls);
  void start_due(TaskGroup& polls);
  void turn_pushes_away();
  bool low_on_space(Instant now);
  Span until_next_due() const;
  bool due_sooner() const;
  void enqueue(FeedSlot& slot, bool asked = false);
  void spread_overdue();
  void count_demand(FeedSlot& slot);
  PollTurn* next_paid(Instant now);
  PollQueue& queue_of(const FeedSlot& slot) { return slot.unpaid ? unpaid : queue; }
  void set_limits(const Settings& settings);
  void follow_the_clock();
  void tell_if_shared(const FeedSlot& moved, const std::string& before) const;
  std::shared_ptr<FeedSlot> make_slot(const FeedConfig& config, StoredRows& stored) const;
  std::shared_ptr<FeedSlot> new_slot(const FeedConfig& config, StoredRows& stored);
  std::shared_ptr<FeedSlot> slot_of(std::string_view key) const;
  void take_over(const std::shared_ptr<const Snapshot>& next, FeedChanges changes,
                 StoredRows& stored);
  void take_out(const std::shared_ptr<FeedSlot>& slot);
  asio::awaitable<Result<void>> change_keys(std::vector<FeedKeyChange> changed);
  bool is_polling(const std::string& key) const;
  void rest(const std::vector<FeedKeyChange>& changed);
  void go_on(const std::vector<FeedKeyChange>& changed);
  void keep_states(const std::vector<FeedKeyChange>& changed, FeedChanges& changes,
                   StoredRows& stored);
  void let_go(const std::shared_ptr<FeedSlot>& slot);
  void let_go_of_ended();
  void put_in_queue(FeedSlot& slot);
  void apply_edit(FeedSlot& slot, const FeedConfig& before) const;

  asio::any_io_executor loop;
  Clock& clock;
  Store& store;
  std::function<double()> random;
  PollerLimits limits;
  PollTools tools;
  Activity* activity = nullptr;
  NoticeHook notice;
  Bell bell;
  std::unique_ptr<Clock> real_clock;  // a stop has a deadline whatever the daemon's clock does
  std::shared_ptr<const Snapshot> snapshot;
  std::vector<std::shared_ptr<FeedSlot>> slots;  // as in the snapshot
  FeedPlaces by_key;                             // in `slots`; keys of the snapshot
  // By PollTurn::order, which a feed keeps while it is here: a reload moves nobody in the queue.
  std::vector<FeedSlot*> by_order;
  std::vector<std::uint32_t> free_orders;
  // Taken out, their poll under way, or ended while a reload reads what the store knows.
  std::map<std::string, std::shared_ptr<FeedSlot>> leaving;
  bool reading_rows = false;
  PollQueue queue;
  PollQueue unpaid;  // replay sources, and what someone asked for: neither waits for the budget
  std::set<std::string> pushed;  // keys of feeds whose hubs brought what is not begun yet
  feeds::Budget budget;
  std::size_t polling = 0;
  std::size_t at_once = 0;
  bool held_by_disk = false;
  Instant looked_at_disk{};
  Instant wakes_at = Instant::max();  // by itself
  bool stopping = false;
  Instant last_look{};  // at the clock
  std::uint64_t progress = 0;
};

}  // namespace wirewatch::daemon
