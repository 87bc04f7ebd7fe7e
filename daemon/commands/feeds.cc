#include <fmt/format.h>

#include "daemon/commands/client.h"
#include "daemon/commands/feeds_verbs.h"
#include "daemon/commands/print.h"
#include "daemon/web/queries.h"

namespace wirewatch::daemon {
namespace {

int print(const CommandLine& line, const std::string& body) {
  if (line.has("json")) {
    fmt::print("{}\n", body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(body);
  for (const simdjson::dom::element feed : root["feeds"].get_array()) {
    fmt::print("{:<28} {:<14} next poll {:<20}  last change {}\n", text_at(feed, "name"),
               text_at(feed, "status"), when(text_at(feed, "next_poll")),
               text_at(feed, "last_change").empty() ? "never" : when(text_at(feed, "last_change")));
    fmt::print("    {}\n", text_at(feed, "url"));
    if (!text_at(feed, "failure").empty()) {
      fmt::print("    failed {} in a row: {}\n", counted(text_at(feed, "failures"), "time"),
                 text_at(feed, "failure"));
    }
    if (!text_at(feed, "held_since").empty()) {
      fmt::print("    {} since {}: republished, it seems; `wirewatch feeds release`\n",
                 counted(text_at(feed, "held"), "held item"), when(text_at(feed, "held_since")));
    }
    for (const simdjson::dom::element warning : feed["warnings"].get_array()) {
      fmt::print("    warning: {}\n", std::string_view(warning));
    }
  }
  return exit_ok;
}

int list(const CommandLine& line) {
  const Client client = Client::from(line);
  if (const auto answer = client.ask("GET", "/v1/feeds")) {
    if (answer->status != 200) return complain_about("feeds", answer);
    return print(line, answer->body);
  }
  const auto store = client.open_store();
  if (!store) return complain("feeds", store.error().text);
  return print(line, stored_feeds_json(**store));
}

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
  if (what == "list") return list(line);
  if (what == "poll") return poll(line);
  if (what == "release") return release_feed(line);
  return complain("feeds", fmt::format("\"{}\" is none of list, poll, release", what), exit_misuse);
}

}  // namespace

Command feeds_command() {
  return {
      "feeds",
      "feeds list|poll NAME|release NAME [--drop] [--config FILE | --state FOLDER] [--json]",
      "feeds with their health; poll one now; release what is held",
      "  feeds list         each feed: how it is, its next poll, its last change, why it fails\n"
      "  feeds poll NAME    asks the daemon to poll it at once, a paused one too\n"
      "  feeds release NAME what looked republished is decided as if it came now; with --drop it\n"
      "                     is archived, and nobody hears of it",
      client_options({{"drop", "", "release: archive what is held without a word"}}),
      2,
      run};
}

}  // namespace wirewatch::daemon
