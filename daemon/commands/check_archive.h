// Rules that hold for too much of what has come in so far.
#pragma once

#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/store/reader.h"

namespace wirewatch::daemon {

// A warning for each rule that holds for more than 5 % of the archive's documents of the last 30
// days (the first 5,000 of them); none while there are fewer than 100.
std::vector<ConfigMessage> too_frequent_rules(const Snapshot& snapshot, Reader& store);

}  // namespace wirewatch::daemon
