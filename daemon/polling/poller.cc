#include "daemon/polling/poller.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/loop/task_group.h"
#include "daemon/polling/poller_impl.h"
#include "daemon/polling/push_once.h"
#include "daemon/polling/replay_once.h"
#include "daemon/polling/shared_address.h"
#include "daemon/store/failure.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_pushes = 16;                        // of one feed
constexpr Span push_within = std::chrono::seconds(30);         // then its hub may come again
constexpr Span least_between_polls = std::chrono::minutes(1);  // whatever hubs send
constexpr Span longest_wait = std::chrono::seconds(10);        // also the beat of the watchdog
constexpr Span together = std::chrono::milliseconds(5);        // polls due within it begin at once
constexpr Span between_looks = std::chrono::seconds(1);        // at the disk

}  // namespace

void Poller::Impl::enqueue(FeedSlot& slot, bool asked) {
  slot.unpaid = asked || !slot.config->replay.empty();
  if (!slot.state.paused) queue_of(slot).add(slot.turn, slot.state.next_due);
}

// Replay sources ask nobody, so the budget is not theirs.
void Poller::Impl::count_demand(FeedSlot& slot) {
  const bool counts = slot.config->replay.empty() && !slot.removed;
  const feeds::Demand demand = counts ? feeds::demand_of(slot.state) : feeds::Demand{};
  budget.replace(slot.demand, demand, clock.now());
  slot.demand = demand;
}

// After a long absence everything is due at once: the polls are spread, the longest overdue first.
void Poller::Impl::spread_overdue() {
  constexpr std::size_t few = 64;  // that nobody minds
  queue.spread(clock.now(), std::min(few, limits.at_once), limits.spread, limits.spread_at_most);
}

// Delays are what counts, whatever becomes of the wall clock: set back, it must not silence a feed
// until it comes there again; after a leap (a suspended machine) not all polls go out at once.
void Poller::Impl::follow_the_clock() {
  constexpr Span leap = std::chrono::minutes(1);
  const Instant now = clock.now();
  const Instant before = std::exchange(last_look, now);
  if (before == Instant{}) return;
  if (now - before > longest_wait + leap) spread_overdue();
  if (now >= before) return;
  queue.clock_went_back(before - now);
  unpaid.clock_went_back(before - now);
  for (const std::shared_ptr<FeedSlot>& slot : slots) {
    if (slot->polling || slot->removed) continue;
    slot->state.next_due -= before - now;
    queue_of(*slot).remove(slot->turn);
    enqueue(*slot);
  }
}

void Poller::Impl::set_limits(const Settings& settings) {
  at_once = std::min(limits.at_once, settings.http.connections);
  queue.set_limits(settings.http.connections_per_host, settings.http.spacing);
  budget.set(static_cast<double>(settings.polling.polls), settings.polling.window, clock.now());
}

std::shared_ptr<FeedSlot> Poller::Impl::slot_of(std::string_view key) const {
  const auto found = by_key.find(key);
  return found == by_key.end() ? nullptr : slots[found->second];
}

asio::awaitable<void> Poller::Impl::poll(std::shared_ptr<FeedSlot> slot) {
  const Activity::Token token(*activity);
  const auto current = snapshot;
  const std::shared_ptr<const FeedConfig> polled = slot->config;
  const bool moved = !slot->state.moved_to.empty();
  const std::string asked = moved ? asked_at(polled->url, slot->state) : std::string();
  try {
    if (slot->config->replay.empty()) {
      co_await poll_feed(tools, current, slot);
    } else {
      co_await take_replay(tools, current, slot);
    }
  } catch (const StoreFailure& error) {  // ours and not the feed's
    slot->state.next_due = clock.now() + feeds::PollLimits::local_retry;
    if (!stopping) {
      spdlog::error("feed \"{}\": the poll ended early: {}", slot->config->name, error.what());
    }
  } catch (const std::exception& error) {
    slot->state.next_due = clock.now() + feeds::PollLimits::local_retry;
    if (!stopping) {
      spdlog::error("feed \"{}\": the poll ended early: {}", slot->config->name, error.what());
      feeds::Verdict verdict;
      verdict.reason = fmt::format("the poll ended early: {}", error.what());
      slot->state = feeds::after_failure(std::move(slot->state), rhythm_of(*slot->config), verdict,
                                         feeds::TransportFailure::other, clock.now(), random());
    }
  }
  queue_of(*slot).end(slot->turn, clock.now());
  ++slot->polls;
  tell_if_shared(*slot, asked);
  free(slot, *polled);
}

// `before`: where it was asked until now; empty: at its own URL.
void Poller::Impl::tell_if_shared(const FeedSlot& moved, const std::string& before) const {
  if (moved.state.moved_to.empty() || !notice) return;
  const std::string now = asked_at(moved.config->url, moved.state);
  if (now == before || now == moved.config->url) return;
  for (const std::shared_ptr<FeedSlot>& other : slots) {
    if (other.get() == &moved || asked_at(other->config->url, other->state) != now) continue;
    return notice(shared_address_notice(*moved.config, *other->config, now, clock.now()));
  }
}

// The slot's turn is over; `before`: its config when it began.
void Poller::Impl::free(const std::shared_ptr<FeedSlot>& slot, const FeedConfig& before) {
  const bool full = polling >= at_once;
  slot->polling = false;
  --polling;
  ++progress;
  if (slot->removed) {
    if (!reading_rows) let_go(slot);
  } else {
    apply_edit(*slot, before);  // of a reload meanwhile
    slot->turn.host = turn_host(*slot->config);
    count_demand(*slot);
    enqueue(*slot);
  }
  if (!slot->pushes.empty()) pushed.insert(slot->config->key);
  if (full || !pushed.empty() || due_sooner()) bell.ring();
}

// Than the poller wakes by itself.
bool Poller::Impl::due_sooner() const {
  const auto never = Instant::max();
  return std::min(queue.earliest().value_or(never), unpaid.earliest().value_or(never)) < wakes_at;
}

asio::awaitable<void> Poller::Impl::take(std::shared_ptr<FeedSlot> slot,
                                         std::shared_ptr<PushJob> job) {
  const Activity::Token token(*activity);
  const std::shared_ptr<const FeedConfig> taken = slot->config;
  try {
    co_await take_push(tools, snapshot, slot, job);
  } catch (const std::exception& error) {
    if (!stopping) spdlog::error("feed \"{}\": a push was lost: {}", taken->name, error.what());
  }
  // What brought no items says that there is news: the feed is asked for it, but not at will.
  if (job->outcome == PushOutcome::empty) {
    const Instant soonest = slot->state.last_poll + least_between_polls;
    slot->state.next_due = std::min(slot->state.next_due, std::max(soonest, clock.now()));
  }
  job->done.ring();
  free(slot, *taken);
}

void Poller::Impl::start_pushes(TaskGroup& polls) {
  const std::set<std::string> keys = std::exchange(pushed, {});
  for (const std::string& key : keys) {
    const std::shared_ptr<FeedSlot> slot = slot_of(key);
    if (!slot || slot->removed || slot->pushes.empty()) continue;
    if (slot->polling) continue;  // the end of its poll comes back to this
    if (polling >= at_once) {
      pushed.insert(key);
      continue;
    }
    std::shared_ptr<PushJob> job = std::move(slot->pushes.front());
    slot->pushes.erase(slot->pushes.begin());
    queue_of(*slot).remove(slot->turn);
    slot->polling = true;
    ++polling;
    polls.spawn("push for " + slot->config->name, take(slot, std::move(job)));
  }
}

void Poller::Impl::start_due(TaskGroup& polls) {
  tools.engine.check_store();
  follow_the_clock();
  const bool held = low_on_space(clock.now());
  if (held != held_by_disk) {
    held_by_disk = held;
    if (held) {
      spdlog::error(
          "the state folder's disk is nearly full, {} MiB are free: nothing is polled until "
          "there is space again",
          store.free_bytes() >> 20U);
    } else {
      spdlog::info("there is space on the disk again: polling goes on");
    }
  }
  if (held) return;
  start_pushes(polls);
  const Instant now = clock.now();
  while (polling < at_once) {
    PollTurn* turn = unpaid.begin(now);
    if (turn == nullptr) turn = next_paid(now);
    if (turn == nullptr) break;
    const std::shared_ptr<FeedSlot> slot = by_order[turn->order]->shared_from_this();
    if (slot->unpaid && slot->config->replay.empty()) budget.overdraw(now);
    slot->polling = true;
    ++polling;
    polls.spawn("poll of " + slot->config->name, poll(slot));
  }
}

// Those whose turn does not come any more: whoever waits for them says that the hub is to come
// again, at once and not when its patience ends.
void Poller::Impl::turn_pushes_away() {
  const auto ring = [](FeedSlot& slot) {
    for (const std::shared_ptr<PushJob>& job : slot.pushes) job->done.ring();
    slot.pushes.clear();
  };
  for (const std::shared_ptr<FeedSlot>& slot : slots) ring(*slot);
  for (const auto& [key, slot] : leaving) ring(*slot);
}

bool Poller::Impl::low_on_space(Instant now) {
  if (now >= looked_at_disk && now - looked_at_disk < between_looks) return held_by_disk;
  looked_at_disk = now;
  return store.low_on_space();
}

// Null: nobody is due, or the budget is used up.
PollTurn* Poller::Impl::next_paid(Instant now) {
  if (queue.earliest().value_or(Instant::max()) > now || !budget.take(now)) return nullptr;
  PollTurn* turn = queue.begin(now);
  if (turn == nullptr) budget.give_back();
  return turn;
}

Span Poller::Impl::until_next_due() const {
  if (polling >= at_once || held_by_disk) return longest_wait;
  Span left = longest_wait;
  const Instant now = clock.now();
  if (const auto first = unpaid.earliest()) left = std::min<Span>(left, *first - now);
  if (const auto first = queue.earliest()) {
    const Span wait = std::max<Span>(*first - now, budget.until_next());
    left = std::min(left, wait > Span(0) ? std::max(wait, together) : wait);
  }
  return std::max(left, Span(0));
}

asio::awaitable<void> Poller::Impl::run() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation(),
                                                     asio::enable_total_cancellation());
  TaskGroup polls(loop, *real_clock, [](const std::string& name, const std::string& what) {
    spdlog::error("{} ended early: {}", name, what);
  });
  try {
    for (;;) {
      start_due(polls);
      ++progress;
      const Span wait = until_next_due();
      wakes_at = clock.now() + wait;
      const bool rung = co_await bell.wait(wait);
      static_cast<void>(rung);
    }
  } catch (const boost::system::system_error&) {
    // Asked to stop: what is under way may finish.
  }
  stopping = true;
  turn_pushes_away();
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const std::vector<std::string> left =
      co_await polls.stop(snapshot->settings.stop_within / 2, std::chrono::seconds(1));
  for (const std::string& name : left) spdlog::warn("{} did not end in time", name);
}

Poller::Poller(asio::any_io_executor loop, Clock& clock, Fetcher& http, Pool& pool, Store& store,
               Engine& engine, StageTimes& times, std::function<double()> random,
               PollerLimits limits)
    : impl_(std::make_shared<Impl>(std::move(loop), clock, http, pool, store, engine, times,
                                   std::move(random), limits)) {}
Poller::~Poller() = default;

asio::awaitable<Result<void>> Poller::set_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  return impl_->set_snapshot(std::move(snapshot));
}

asio::awaitable<void> Poller::run() {
  return impl_->run();
}

void Poller::set_hubs(Hubs* hubs) {
  impl_->tools.hubs = hubs;
}

void Poller::on_notice(NoticeHook hook) {
  impl_->notice = std::move(hook);
}

asio::awaitable<PushOutcome> Poller::push(std::string feed_key, PushedDocument document) {
  const std::shared_ptr<Impl> impl = impl_;
  const std::shared_ptr<FeedSlot> slot = impl->slot_of(feed_key);
  if (!slot || !slot->state.baseline_done) co_return PushOutcome::unknown;
  if (slot->pushes.size() >= most_pushes || impl->held_by_disk || impl->stopping) {
    co_return PushOutcome::busy;
  }
  auto job = std::make_shared<PushJob>(impl->loop, impl->clock);
  job->document = std::move(document);
  slot->pushes.push_back(job);
  impl->pushed.insert(feed_key);
  impl->bell.ring();
  const bool rung = co_await job->done.wait(push_within);
  co_return rung ? job->outcome : PushOutcome::busy;
}

bool Poller::poll_now(const std::string& name) {
  for (const std::shared_ptr<FeedSlot>& slot : impl_->slots) {
    if (slot->config->key != name && slot->config->name != name) continue;
    if (slot->polling) return true;
    impl_->queue_of(*slot).remove(slot->turn);
    slot->state.next_due = impl_->clock.now();
    slot->state.paused = false;
    if (slot->removed) return true;  // a reload puts it back in a moment
    impl_->enqueue(*slot, true);
    impl_->bell.ring();
    return true;
  }
  return false;
}

std::vector<FeedHealth> Poller::health(FeedsAsked asked) const {
  return health_of(impl_->slots, asked);
}
const FeedSlots& Poller::slots() const {
  return impl_->slots;
}
std::shared_ptr<FeedSlot> Poller::slot(const std::string& key) const {
  return impl_->slot_of(key);
}
bool Poller::held_by_disk() const {
  return impl_->held_by_disk;
}
std::uint64_t Poller::progress() const {
  return impl_->progress;
}

}  // namespace wirewatch::daemon
