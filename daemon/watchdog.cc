#include "daemon/watchdog.h"

#include <boost/asio/this_coro.hpp>

#include "daemon/loop/notify.h"

namespace wirewatch::daemon {

asio::awaitable<void> feed_watchdog(Clock& clock, const Poller& poller,
                                    const Deliverer& deliverer) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  const std::optional<Span> every = watchdog_interval();
  if (!every) co_return;
  // Each moves every ten seconds at least, but not in step: what counts is that both have moved
  // since the last word, and it is given soon after.
  std::uint64_t polled = 0;
  std::uint64_t delivered = 0;
  for (;;) {
    if (poller.progress() != polled && deliverer.progress() != delivered) {
      notify_watchdog();
      polled = poller.progress();
      delivered = deliverer.progress();
    }
    co_await sleep_for(clock, *every / 10);
  }
}

}  // namespace wirewatch::daemon
