// Steps of a clock that stands still, with everything that they set off.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/loop/activity.h"
#include "daemon/loop/clock.h"

namespace wirewatch::daemon {

// Moves `clock` on by `by`, from timer to timer, and waits at each until all has come to rest.
asio::awaitable<Instant> step_clock(ManualClock& clock, Activity& activity, Span by);

}  // namespace wirewatch::daemon
