#include "daemon/releaser.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <map>
#include <set>

#include "daemon/digest.h"
#include "daemon/store/failure.h"

namespace wirewatch::daemon {
namespace {

constexpr Span idle_wait = std::chrono::hours(1);
constexpr Span store_wait = std::chrono::seconds(5);
constexpr std::size_t at_once = 10'000;  // deliveries; the rest follows at once

}  // namespace

Releaser::Releaser(asio::any_io_executor loop, Clock& clock, Store& store,
                   std::function<void(const std::string&)> wake_receiver)
    : clock_(clock),
      store_(store),
      wake_receiver_(std::move(wake_receiver)),
      bell_(std::move(loop), clock) {}

// What is due now; answers how long there is nothing more to do.
asio::awaitable<Span> Releaser::step() {
  const Instant now = clock_.now();
  std::function<DueDeliveries(Reader&)> query = [now](Reader& reader) {
    return reader.due_holds(now, at_once);
  };
  DueDeliveries due = co_await store_.read(std::move(query));
  if (due.rows.empty()) {
    const Span wait =
        due.next ? std::clamp<Span>(*due.next - now, Span::zero(), idle_wait) : idle_wait;
    co_return wait;
  }
  std::map<std::string, std::vector<DeliveryRow>> by_receiver;
  std::set<std::string> wake;
  for (DeliveryRow& row : due.rows) {
    wake.insert(row.receiver);
    by_receiver[row.receiver].push_back(std::move(row));
  }
  Commit commit;
  const Settings& settings = snapshot_->settings;
  for (auto& [receiver, rows] : by_receiver) {
    release_due(std::move(rows), settings.public_url, settings.time_zone, now, commit);
  }
  const Result<void> done = co_await store_.commit(std::move(commit));
  if (!done) {
    spdlog::error("what waited for its time cannot be sent on: {}", done.error().text);
    co_return store_wait;
  }
  for (const std::string& receiver : wake) wake_receiver_(receiver);
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
