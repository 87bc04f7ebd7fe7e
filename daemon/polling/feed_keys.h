// Feeds whose state goes on under another key: they got an `id:`, lost it, or stand in the config
// under the URL to which their server moved them. Taken for new ones, they would have their first
// fetch again, and what came since the last poll would be lost without a word.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/store/rows.h"

namespace wirewatch::daemon {

using StoredRows = std::unordered_map<std::string, FeedRow>;  // by key

// In config order. A state is taken from no feed that the config has, and goes to one feed alone,
// which has none and is not of `before` (null: nothing was there), as such a one learns its own
// already. Who stands at the URL of a state comes before who stands where it has moved to; where
// several states fit, the one that was polled last is taken.
std::vector<FeedKeyChange> feed_keys_changed(const Snapshot* before, const Snapshot& next,
                                             const StoredRows& stored);

}  // namespace wirewatch::daemon
