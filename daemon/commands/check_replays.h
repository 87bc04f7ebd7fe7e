// What is wrong with the files of replay sources.
#pragma once

#include <vector>

#include "daemon/config/snapshot.h"

namespace wirewatch::daemon {

// An error for each file that cannot be read, at its `replay:` in the config, and for each line of
// one that is left out (the first hundred of a file).
std::vector<ConfigMessage> bad_replays(const Snapshot& snapshot);

}  // namespace wirewatch::daemon
