#include <fmt/format.h>

#include "daemon/commands/client.h"
#include "daemon/commands/feeds_list.h"

namespace wirewatch::daemon {
namespace {

int poll(const CommandLine& line) {
  if (line.words().size() < 2) return complain("feeds", "poll which? feeds poll NAME", exit_misuse);
  const std::string target = with_query("/v1/feeds/poll", {{"name", line.words()[1]}});
  const auto answer = Client::from(line).ask("POST", target);
  if (!answer || answer->status != 200) return complain_about("feeds", answer);
  fmt::print("\"{}\" is being polled; `wirewatch feeds list` shows how it went\n", line.words()[1]);
  return exit_ok;
}

int run(const CommandLine& line) {
  const std::string what = line.words().empty() ? "list" : line.words()[0];
  if (what == "list") return feeds_list(line);
  if (what == "poll") return poll(line);
  return complain("feeds", fmt::format("\"{}\" is none of list, poll", what), exit_misuse);
}

}  // namespace

Command feeds_command() {
  return {
      "feeds",
      "feeds list|poll NAME [--failing] [--stale] [--config FILE | --state FOLDER] [--json]",
      "feeds with their health; poll one now",
      "  feeds list         a line for each feed, those that need a look first: how it is, next\n"
      "                     poll, last change, rhythm; below it why it fails, staleness, gaps\n"
      "  feeds poll NAME    asks the daemon to poll it at once, a paused one too",
      client_options({{"failing", "", "list: only those that fail or are paused"},
                      {"stale", "", "list: only those silent against their own rhythm"}}),
      2,
      run};
}

}  // namespace wirewatch::daemon
