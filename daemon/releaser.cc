#include "daemon/releaser.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <map>

#include "daemon/digest.h"
#include "daemon/held.h"
#include "daemon/store/failure.h"

namespace wirewatch::daemon {
namespace {

constexpr Span idle_wait = std::chrono::hours(1);
constexpr Span store_wait = std::chrono::seconds(5);
constexpr std::size_t at_once = 10'000;  // deliveries; the rest follows at once

struct Waiting {
  std::vector<HeldMessage> messages;  // that are due, or whose quiet hours may have moved
  std::optional<Instant> next;        // when others are
};

}  // namespace

Releaser::Releaser(asio::any_io_executor loop, Clock& clock, Store& store,
                   std::function<void(const std::string&)> wake_receiver,
                   std::function<const std::vector<rules::Silence>&()> silences)
    : clock_(clock),
      store_(store),
      wake_receiver_(std::move(wake_receiver)),
      silences_(std::move(silences)),
      bell_(std::move(loop), clock) {}

// What is due now; answers how long there is nothing more to do.
asio::awaitable<Span> Releaser::step() {
  const Instant now = clock_.now();
  const std::shared_ptr<const Snapshot> snapshot = snapshot_;
  const bool config_moved = held_under_ != snapshot;
  std::function<Waiting(Reader&)> query = [now, config_moved](Reader& reader) {
    DueDeliveries due = reader.due_holds(now, at_once, config_moved);
    Waiting waiting{{}, due.next};
    for (DeliveryRow& row : due.rows)
      waiting.messages.push_back(with_its_alert(reader, std::move(row)));
    return waiting;
  };
  Waiting waiting = co_await store_.read(std::move(query));
  Commit commit;
  std::map<std::string, std::vector<DeliveryRow>> by_receiver;
  std::vector<DeliveryRow> sent =
      still_to_send(std::move(waiting.messages), *snapshot, silences_(), now, commit);
  for (DeliveryRow& row : sent) by_receiver[row.receiver].push_back(std::move(row));
  const Settings& settings = snapshot->settings;
  for (auto& [receiver, rows] : by_receiver) {
    release_due(std::move(rows), settings.public_url, settings.time_zone, now, commit);
  }
  if (commit.marks.empty()) {
    held_under_ = snapshot;
    if (config_moved) co_return Span::zero();  // what is due may stand behind what is held
    co_return waiting.next ? std::clamp<Span>(*waiting.next - now, Span::zero(), idle_wait)
                           : idle_wait;
  }
  const Result<void> done = co_await store_.commit(std::move(commit));
  if (!done) {
    spdlog::error("what waited for its time cannot be sent on: {}", done.error().text);
    co_return store_wait;
  }
  held_under_ = snapshot;
  for (const auto& [receiver, rows] : by_receiver) wake_receiver_(receiver);
  co_return Span::zero();
}

// Waiting is nothing to finish: both kinds of cancellation end it.
asio::awaitable<void> Releaser::run() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  for (;;) {
    Span wait = store_wait;
    try {
      wait = co_await step();
    } catch (const StoreFailure& failure) {
      spdlog::warn("what waits for its time cannot be read: {}", failure.error().text);
    }
    if (wait == Span::zero()) continue;
    const bool rung = co_await bell_.wait(wait);
    static_cast<void>(rung);
  }
}

}  // namespace wirewatch::daemon
