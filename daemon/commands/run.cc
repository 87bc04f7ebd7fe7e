#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/commands/command.h"
#include "daemon/daemon.h"
#include "daemon/loop/log.h"

namespace wirewatch::daemon {
namespace {

int run(const CommandLine& line) {
  RunOptions options;
  options.config_file = line.value_or("config", default_config());
  if (options.config_file.empty()) {
    return complain("run", "no config: name one with --config FILE", exit_misuse);
  }
  options.state = line.value("state");
  options.listen = line.value("listen");
  options.colour = ::isatty(STDOUT_FILENO) != 0;
  if (const auto start = line.value("manual-clock")) {
    options.manual_clock = from_iso8601(*start);
    if (!options.manual_clock) {
      return complain("run",
                      fmt::format("--manual-clock takes an instant such as "
                                  "2024-12-26T16:00:00Z, not \"{}\"",
                                  *start),
                      exit_misuse);
    }
  }
  options.log_level = line.value("log");
  const auto known = {"trace", "debug", "info", "warn", "error"};
  if (options.log_level &&
      std::find(known.begin(), known.end(), *options.log_level) == known.end()) {
    return complain("run",
                    fmt::format("--log takes one of trace, debug, info, warn, error, not \"{}\"",
                                *options.log_level),
                    exit_misuse);
  }
  const bool journal = ::getenv("JOURNAL_STREAM") != nullptr;
  set_up_logging(options.log_level.value_or("info"), journal);
  return run_daemon(options);
}

}  // namespace

Command run_command() {
  return {
      "run",
      "run [--config FILE] [--state FOLDER] [--listen ADDRESS]",
      "watch the feeds and send alerts, in the foreground",
      "Polls the feeds of the config, matches its rules and sends alerts to its receivers, until\n"
      "SIGTERM or Ctrl-C. Edited files go live within a second; broken ones are refused and the\n"
      "old generation runs on. Messages go to standard error, the console receiver's alerts to\n"
      "standard output.\n\n"
      "  wirewatch run --config /etc/wirewatch/config.yaml",
      {{"config", "FILE", "the config (default: ./wirewatch.yaml, /etc/wirewatch/config.yaml)"},
       {"state", "FOLDER", "where state is kept, over the config's `state:`"},
       {"listen", "ADDRESS", "the status page's address, over the config's; \"off\" for none"},
       {"log", "LEVEL", "trace, debug, info, warn or error, over the config's `log:`"},
       {"manual-clock", "INSTANT", "rehearsal: time stands still until POST /v1/clock steps it"}},
      0,
      run};
}

}  // namespace wirewatch::daemon
