// What a feed's own config adds to each request for it; secrets are read at each use.
#pragma once

#include <string>

#include "daemon/config/snapshot.h"
#include "daemon/loop/network.h"

namespace wirewatch::daemon {

const std::string& user_agent_of(const FeedRequest& own, const Settings& settings);

// Its headers, then Authorization, then the secret ones. Errors: a secret cannot be read.
Result<feeds::Headers> headers_of(const FeedRequest& own);

// Sets the feed's proxy where it has one of its own. Errors: its password cannot be read.
Result<void> set_proxy(const FeedRequest& own, HttpRequest& request);

}  // namespace wirewatch::daemon
