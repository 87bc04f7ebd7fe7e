// Where hubs reach this daemon.
#pragma once

namespace wirewatch::daemon {

// On the pages' address; a subscription's secret token follows behind a slash. What stands before
// it in public is the business of a reverse proxy.
inline constexpr const char* callback_path = "/websub";

}  // namespace wirewatch::daemon
