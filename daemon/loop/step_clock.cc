#include "daemon/loop/step_clock.h"

namespace wirewatch::daemon {

asio::awaitable<Instant> step_clock(ManualClock& clock, Activity& activity, Span by) {
  const Instant target = clock.now() + by;
  co_await activity.idle();
  for (;;) {
    const std::optional<Instant> next = clock.next_timer();
    if (!next || *next > target) break;
    clock.advance_to(*next);
    co_await activity.idle();
  }
  clock.advance_to(target);
  co_await activity.idle();
  co_return clock.now();
}

}  // namespace wirewatch::daemon
