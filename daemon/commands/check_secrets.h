// Secrets that nobody has written down yet.
#pragma once

#include <vector>

#include "daemon/config/snapshot.h"

namespace wirewatch::daemon {

// A warning for each file of a secret that does not exist and each variable that is not set, with
// who needs it first. No file is opened; one in a folder that may not be looked into counts as
// there.
std::vector<ConfigMessage> missing_secrets(const Snapshot& snapshot);

}  // namespace wirewatch::daemon
