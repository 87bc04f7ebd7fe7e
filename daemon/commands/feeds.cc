#include <fmt/format.h>

#include "daemon/commands/client.h"
#include "daemon/commands/feeds_list.h"
#include "daemon/commands/feeds_verbs.h"

namespace wirewatch::daemon {
namespace {

int poll(const CommandLine& line) {
  if (line.words().size() < 2) return complain("feeds", "poll which? feeds poll NAME", exit_misuse);
  const std::string target = with_query("/v1/feeds/poll", {{"name", line.words()[1]}});
  const auto answer = Client::from(line).ask("POST", target);
  if (!answer || answer->status != 200) return complain_about("feeds", answer);
  if (line.has("json")) {
    fmt::print("{}\n", answer->body);
    return exit_ok;
  }
  fmt::print("\"{}\" is being polled; `wirewatch feeds list` shows how it went\n", line.words()[1]);
  return exit_ok;
}

const std::vector<WordOptions>& taken_options() {
  static const std::vector<WordOptions> all = {
      {"list", {"failing", "stale"}}, {"poll", {}},        {"discover", {}},
      {"add", {"name", "tag"}},       {"import", {"tag"}}, {"export", {"opml"}},
      {"release", {"drop"}}};
  return all;
}

int run(const CommandLine& line) {
  const std::string what = line.words().empty() ? "list" : line.words()[0];
  const auto misplaced = misplaced_option(line, what, taken_options());
  if (misplaced) return complain("feeds", *misplaced, exit_misuse);
  if (what == "list") return feeds_list(line);
  if (what == "poll") return poll(line);
  if (what == "discover") return feeds_discover(line);
  if (what == "add") return feeds_add(line);
  if (what == "import") return feeds_import(line);
  if (what == "export") return feeds_export(line);
  if (what == "release") return release_feed(line);
  constexpr std::string_view kVerbs = "list, poll, discover, add, import, export, release";
  return complain("feeds", fmt::format("\"{}\" is none of {}", what, kVerbs), exit_misuse);
}

}  // namespace

Command feeds_command() {
  return {
      "feeds",
      "feeds list|poll NAME|discover URL|add URL|import FILE.opml|export|release NAME [OPTIONS]",
      "feeds with their health; poll one now; find, add, import, export; release what is held",
      "  feeds list         a line for each feed, those that need a look first: how it is, next\n"
      "                     poll, last change, rhythm; below it why it fails, staleness, gaps\n"
      "  feeds poll NAME    asks the daemon to poll it at once, a paused one too\n"
      "  feeds discover URL the feeds of a web page that really are feeds\n"
      "  feeds add URL      writes it into feeds.d/ beside the config; --name and --tag go with "
      "it\n"
      "  feeds import FILE.opml   the same for a subscription list: says what is new, what was\n"
      "                     there and what is left out; doing it again adds only what is new\n"
      "  feeds export       the config's feeds as OPML, their first tags as folders; with --json\n"
      "                     as JSON, those that OPML has no place for as well\n"
      "  feeds release NAME what looked republished is decided as if it came now; with --drop it\n"
      "                     is archived, and nobody hears of it",
      client_options({{"failing", "", "list: only those that fail or are paused"},
                      {"stale", "", "list: only those silent against their own rhythm"},
                      {"name", "NAME", "add: how the feed is called"},
                      {"tag", "TAG,…", "add, import: tags that the feeds get"},
                      {"opml", "", "export: as OPML, as without it"},
                      {"drop", "", "release: archive what is held without a word"}}),
      2,
      run};
}

}  // namespace wirewatch::daemon
