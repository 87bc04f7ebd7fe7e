// Which config a daemon starts with: the files as they are, or the generation kept from before.
#pragma once

#include "daemon/config/snapshot.h"
#include "daemon/daemon.h"

namespace wirewatch::daemon {

struct StartConfig {
  std::shared_ptr<const Snapshot> snapshot;  // null: there is nothing to run on
  std::string state_folder;
  std::vector<ConfigMessage> messages;  // of the files
  bool on_last_good = false;            // the files are refused as a whole
  std::vector<std::string> files;       // what of them was looked at, see LoadOutcome
  std::vector<std::string> folders;
};

// Rules that were held back keep their last good version over a restart, so where anything is wrong
// the kept generation is read first; it also runs when the files are refused as a whole.
StartConfig config_at_start(const RunOptions& options);

}  // namespace wirewatch::daemon
