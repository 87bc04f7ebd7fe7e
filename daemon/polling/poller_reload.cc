// A new config goes live: which feeds are new, gone or edited.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "daemon/polling/poller_impl.h"

namespace wirewatch::daemon {
namespace {

void ask_soon(feeds::PollState& state, Instant now) {
  state.next_due = std::min(state.next_due, now);
  state.paused = false;
}

struct Remembered {
  StoredRows rows;
  std::vector<FeedKeyChange> changed;
};

// `gone`: feeds that the next generation lacks, as they are now. The store has the last of what
// their polls learned a little later.
Remembered remembered_of(Reader& reader, const Snapshot* before, const Snapshot& next,
                         const std::vector<FeedRow>& gone) {
  Remembered found;
  for (FeedRow& row : reader.feeds()) {
    std::string key = row.key;
    found.rows.emplace(std::move(key), std::move(row));
  }
  for (const FeedRow& row : gone) found.rows.insert_or_assign(row.key, row);
  found.changed = feed_keys_changed(before, next, found.rows);
  return found;
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

// An interval that was changed counts from the last poll; another URL is asked at once, and so is
// a feed that fails and gets another login or proxy.
void Poller::Impl::apply_edit(FeedSlot& slot, const FeedConfig& before) const {
  feeds::PollState& state = slot.state;
  const FeedConfig& config = *slot.config;
  if (config.every && config.every != before.every) {
    state.next_due = std::min(state.next_due, state.last_poll + *config.every);
  }
  if (config.every_most && config.every_most != before.every_most) {
    state.next_due = std::min(state.next_due, state.last_poll + *config.every_most);
  }
  const bool in_trouble = state.failures > 0 || state.paused;
  const bool mended = in_trouble && config.request() != before.request();
  if (mended || config.url != before.url) ask_soon(state, clock.now());
}

// What differs is found in the pool: there may be 100,000 feeds, and the loop has others to serve.
// Nothing else changes `slots` meanwhile.
asio::awaitable<Result<void>> Poller::Impl::set_snapshot(std::shared_ptr<const Snapshot> next) {
  auto work = [before = snapshot, next] { return changes_between(before.get(), *next); };
  FeedChanges changes = co_await offload(tools.pool, std::move(work));
  Remembered stored;
  if (changes.fresh > 0) {
    std::vector<FeedRow> gone;
    for (const std::uint32_t place : changes.gone) gone.push_back(row_of(*slots[place]));
    std::function<Remembered(Reader&)> query = [before = snapshot, next,
                                                gone = std::move(gone)](Reader& reader) {
      return remembered_of(reader, before.get(), *next, gone);
    };
    reading_rows = true;
    Result<void> kept;
    try {
      stored = co_await store.read_aside(query);
    } catch (const std::exception& error) {
      kept = Error{ErrorKind::temporary, error.what()};
    }
    // One that was taken out in the middle of its poll and is back goes on with what it learns.
    std::erase_if(stored.changed,
                  [this](const FeedKeyChange& change) { return leaving.contains(change.to); });
    if (kept && !stored.changed.empty()) kept = co_await change_keys(stored.changed);
    reading_rows = false;
    if (!kept) {
      let_go_of_ended();
      co_return kept.error();
    }
    keep_states(stored.changed, changes, stored.rows);
  }
  take_over(next, std::move(changes), stored.rows);
  let_go_of_ended();
  co_return Result<void>();
}

bool Poller::Impl::is_polling(const std::string& key) const {
  const std::shared_ptr<FeedSlot> slot = slot_of(key);
  const auto left = leaving.find(key);
  return (slot && slot->polling) || (left != leaving.end() && left->second->polling);
}

// As if they were taken out: none of them begins a poll.
void Poller::Impl::rest(const std::vector<FeedKeyChange>& changed) {
  for (const FeedKeyChange& change : changed) {
    const std::shared_ptr<FeedSlot> slot = slot_of(change.from);
    if (!slot) continue;
    slot->removed = true;
    if (!slot->polling) queue_of(*slot).remove(slot->turn);
  }
}

void Poller::Impl::go_on(const std::vector<FeedKeyChange>& changed) {
  for (const FeedKeyChange& change : changed) {
    const std::shared_ptr<FeedSlot> slot = slot_of(change.from);
    if (!slot) continue;
    slot->removed = false;
    if (!slot->polling) enqueue(*slot);
    if (!slot->pushes.empty()) pushed.insert(change.from);
  }
  bell.ring();
}

// What a poll under way brings is committed under the old key, so it is waited for.
asio::awaitable<Result<void>> Poller::Impl::change_keys(std::vector<FeedKeyChange> changed) {
  constexpr Span look_again = std::chrono::milliseconds(5);
  rest(changed);
  std::vector<std::string> busy;
  for (const FeedKeyChange& change : changed)
    if (is_polling(change.from)) busy.push_back(change.from);
  Result<void> kept;
  try {
    while (!busy.empty()) {
      co_await sleep_for(*real_clock, look_again);
      std::erase_if(busy, [this](const std::string& key) { return !is_polling(key); });
    }
    Commit commit;
    commit.feed_keys = changed;
    kept = co_await store.commit(std::move(commit));
  } catch (const std::exception& error) {
    kept = Error{ErrorKind::temporary, error.what()};
  }
  if (kept) {
    tools.engine.feed_keys_changed(changed);
    if (tools.hubs != nullptr) tools.hubs->keys_changed(changed);
  } else {
    go_on(changed);
  }
  co_return kept;
}

// Their slots and rows, as if they had had the new keys all along.
void Poller::Impl::keep_states(const std::vector<FeedKeyChange>& changed, FeedChanges& changes,
                               StoredRows& stored) {
  std::unordered_set<std::uint32_t> stay;
  for (const FeedKeyChange& change : changed) {
    const auto place = by_key.find(change.from);
    if (place != by_key.end()) {
      const std::shared_ptr<FeedSlot>& slot = slots[place->second];
      slot->removed = false;
      if (!slot->pushes.empty()) pushed.insert(change.to);
      stay.insert(place->second);
      changes.feeds[changes.places.at(change.to)].was = place->second;
      continue;
    }
    if (auto left = leaving.extract(change.from)) {
      left.key() = change.to;
      leaving.insert(std::move(left));
    }
    auto row = stored.extract(change.from);
    row.key() = row.mapped().key = change.to;
    stored.insert(std::move(row));
  }
  std::erase_if(changes.gone, [&](std::uint32_t place) { return stay.contains(place); });
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
