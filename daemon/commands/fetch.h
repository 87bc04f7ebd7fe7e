// One request from the command line: the daemon's own client, run until it has its answer.
#pragma once

#include "daemon/config/snapshot.h"
#include "daemon/loop/network.h"

namespace wirewatch::daemon {

// The answer, or `status` 0 with the reason. The address guard of `settings` holds here as well.
feeds::Reply fetch_now(HttpRequest request, const Settings& settings);

}  // namespace wirewatch::daemon
