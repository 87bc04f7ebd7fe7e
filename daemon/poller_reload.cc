// A new config goes live: which feeds are new, gone or edited.
#include <algorithm>
#include <utility>

#include "daemon/poller_impl.h"

namespace wirewatch::daemon {
namespace {

void ask_soon(feeds::PollState& state, Instant now) {
  state.next_due = std::min(state.next_due, now);
  state.paused = false;
}

StoredRows rows_of(Reader& reader) {
  StoredRows rows;
  for (FeedRow& row : reader.feeds()) {
    std::string key = row.key;
    rows.emplace(std::move(key), std::move(row));
  }
  return rows;
}

}  // namespace

// The slot of a feed that is new to us: with the state that the store has of it.
std::shared_ptr<FeedSlot> Poller::Impl::make_slot(const FeedConfig& config,
                                                  StoredRows& stored) const {
  auto slot = std::make_shared<FeedSlot>();
  const auto row = stored.find(config.key);
  if (row != stored.end()) keep_row(*slot, std::move(row->second));
  feeds::PollState& state = slot->state;
  const Instant now = clock.now();
  // Nothing is put off for longer than this: the clock was wrong when the state was stored.
  const Span longest = std::max<Span>(config.every.value_or(Span(0)), std::chrono::hours(24));
  if (state.next_due > now + longest + longest / 4) state.next_due = now;
  // Polled last in the future: it was set back, and a due time says nothing any more.
  if (state.last_poll > now) state.next_due = now;
  if (!state.url.empty() && state.url != config.url) ask_soon(state, now);
  // A replay source begins at its first entry when the daemon starts.
  if (!config.replay.empty()) state.next_due = now;
  return slot;
}

// An interval that was changed counts from the last poll; another URL is asked at once.
void Poller::Impl::apply_edit(FeedSlot& slot, const FeedConfig& before) const {
  feeds::PollState& state = slot.state;
  const FeedConfig& config = *slot.config;
  if (config.every && config.every != before.every) {
    state.next_due = std::min(state.next_due, state.last_poll + *config.every);
  }
  if (config.url != before.url) ask_soon(state, clock.now());
}

// What differs is found in the pool: there may be 100,000 feeds, and the loop has others to serve.
// Nothing else changes `slots` meanwhile.
asio::awaitable<Result<void>> Poller::Impl::set_snapshot(std::shared_ptr<const Snapshot> next) {
  auto work = [before = snapshot, next] { return changes_between(before.get(), *next); };
  FeedChanges changes = co_await offload(tools.pool, std::move(work));
  StoredRows stored;
  if (changes.fresh > 0) {
    std::function<StoredRows(Reader&)> query = rows_of;
    reading_rows = true;
    std::string failure;
    try {
      stored = co_await store.read_aside(query);
    } catch (const std::exception& error) {
      failure = error.what();
    }
    reading_rows = false;
    if (!failure.empty()) {
      let_go_of_ended();
      co_return Error{ErrorKind::temporary, std::move(failure)};
    }
  }
  take_over(next, std::move(changes), stored);
  let_go_of_ended();
  co_return Result<void>();
}

void Poller::Impl::let_go(const std::shared_ptr<FeedSlot>& slot) {
  free_orders.push_back(slot->turn.order);
  leaving.erase(slot->config->key);
}

void Poller::Impl::let_go_of_ended() {
  std::vector<std::shared_ptr<FeedSlot>> ended;
  for (const auto& [key, slot] : leaving) {
    if (!slot->polling) ended.push_back(slot);
  }
  for (const auto& slot : ended) let_go(slot);
}

// A feed that was taken out and comes back while its poll is under way has its slot again: two
// would poll it at once. So has one whose poll ended while the rows were read: they may be older
// than what it learned, and a second first poll would take what is new for what was always there.
std::shared_ptr<FeedSlot> Poller::Impl::new_slot(const FeedConfig& config, StoredRows& stored) {
  const auto left = leaving.find(config.key);
  if (left != leaving.end()) {
    std::shared_ptr<FeedSlot> slot = left->second;
    slot->removed = false;
    leaving.erase(left);
    return slot;
  }
  std::shared_ptr<FeedSlot> slot = make_slot(config, stored);
  if (free_orders.empty()) {
    slot->turn.order = static_cast<std::uint32_t>(by_order.size());
    by_order.push_back(slot.get());
  } else {
    slot->turn.order = free_orders.back();
    free_orders.pop_back();
    by_order[slot->turn.order] = slot.get();
  }
  return slot;
}

void Poller::Impl::take_out(const std::shared_ptr<FeedSlot>& slot) {
  queue_of(*slot).remove(slot->turn);
  slot->removed = true;
  count_demand(*slot);
  if (slot->polling) {
    leaving.emplace(slot->config->key, slot);
  } else {
    free_orders.push_back(slot->turn.order);
  }
}

void Poller::Impl::put_in_queue(FeedSlot& slot) {
  count_demand(slot);
  if (slot.polling) return;  // the end of its poll does the rest
  queue_of(slot).remove(slot.turn);
  slot.turn.host = turn_host(*slot.config);
  enqueue(slot);
}

void Poller::Impl::take_over(const std::shared_ptr<const Snapshot>& next, FeedChanges changes,
                             StoredRows& stored) {
  for (const std::uint32_t gone : changes.gone) take_out(slots[gone]);
  set_limits(next->settings);
  std::vector<std::shared_ptr<FeedSlot>> kept;
  kept.reserve(next->feeds.size());
  for (std::size_t i = 0; i < next->feeds.size(); ++i) {
    const FeedConfig& config = next->feeds[i];
    const FeedChange& change = changes.feeds[i];
    std::shared_ptr<FeedSlot> slot =
        change.was ? std::move(slots[*change.was]) : new_slot(config, stored);
    const std::shared_ptr<const FeedConfig> before = std::move(slot->config);
    slot->config = std::shared_ptr<const FeedConfig>(next, &config);
    if (!change.same) {
      apply_edit(*slot, before ? *before : config);
      put_in_queue(*slot);
    }
    kept.push_back(std::move(slot));
  }
  slots = std::move(kept);
  by_key = std::move(changes.places);
  snapshot = next;
  tools.engine.set_snapshot(snapshot);
  spread_overdue();
  bell.ring();
}

}  // namespace wirewatch::daemon
