// What systemd's watchdog hears.
#pragma once

#include "daemon/delivery/deliverer.h"
#include "daemon/polling/poller.h"

namespace wirewatch::daemon {

// Until cancelled, of either kind; ends at once where no watchdog asks.
asio::awaitable<void> feed_watchdog(Clock& clock, const Poller& poller, const Deliverer& deliverer);

}  // namespace wirewatch::daemon
