// Feeds that ended up at one address: redirects for good led one to where another is polled.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/pipeline/operator_notice.h"
#include "daemon/polling/feed_health.h"

namespace wirewatch::daemon {

// Where a feed is asked: its URL, or where redirects for good led it.
std::string asked_at(const std::string& url, const feeds::PollState& state);

// Adds a warning to each feed that moved to the address of another one.
void warn_of_shared_addresses(std::vector<FeedHealth>& feeds);

// What the operator hears when `moved` comes to `address`, where `other` is polled already.
OperatorNotice shared_address_notice(const FeedConfig& moved, const FeedConfig& other,
                                     const std::string& address, Instant now);

}  // namespace wirewatch::daemon
