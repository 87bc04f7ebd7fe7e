// What systemd is told about the service (sd_notify(3)).
#pragma once

#include <optional>
#include <string_view>

#include "feeds/time.h"

namespace wirewatch::daemon {

// Each returns whether something was sent: outside of systemd (no NOTIFY_SOCKET) nothing is, and
// that is no error. Any thread. `status` is one line for `systemctl status`; control characters
// in it become blanks, so that no text can smuggle in a field of its own.

// READY=1: started, or done with a reload.
bool notify_ready(std::string_view status);

// RELOADING=1 together with MONOTONIC_USEC, in one datagram as systemd 253 wants it; systemd 252
// takes it as well. notify_ready() must follow, whether or not the reload was accepted.
bool notify_reloading();

// STOPPING=1. `within`: how long stopping may take; past the unit's TimeoutStopSec= systemd waits
// that much longer (EXTEND_TIMEOUT_USEC).
bool notify_stopping(std::string_view status, Span within);
bool notify_status(std::string_view status);
bool notify_watchdog();  // WATCHDOG=1: to be sent only while the work makes progress

// How often systemd wants to hear notify_watchdog() at the latest; nullopt when it does not watch
// this process. Half of it is the usual pace (sd_watchdog_enabled(3)).
std::optional<Span> watchdog_interval();

}  // namespace wirewatch::daemon
