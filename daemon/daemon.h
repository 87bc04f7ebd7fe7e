// The daemon put together: what starts in which order, what stops in which order, reload.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "feeds/result.h"
#include "feeds/time.h"

namespace wirewatch::daemon {

struct RunOptions {
  std::string config_file;
  std::optional<std::string> state;      // --state
  std::optional<std::string> listen;     // --listen, over the config's
  std::optional<std::string> log_level;  // --log, over the config's
  std::optional<Instant> manual_clock;   // rehearsals and tests: time stands still until told
  bool colour = false;                   // on the console receiver
};

// Runs until SIGTERM or SIGINT. 0 after an orderly stop, 1 when it could not start (said on
// standard error).
int run_daemon(const RunOptions& options);

}  // namespace wirewatch::daemon
