#include <fmt/format.h>

#include "daemon/commands/client.h"
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
    if (!text_at(feed, "moved_to").empty()) {
      fmt::print("    redirects for good to {}\n", text_at(feed, "moved_to"));
    }
    if (!text_at(feed, "websub").empty()) fmt::print("    hub: {}\n", text_at(feed, "websub"));
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
  return complain("feeds", fmt::format("\"{}\" is none of list, poll", what), exit_misuse);
}

}  // namespace

Command feeds_command() {
  return {
      "feeds",
      "feeds list|poll NAME [--config FILE | --state FOLDER] [--json]",
      "feeds with their health; poll one now",
      "  feeds list         each feed: how it is, its next poll, its last change, why it fails\n"
      "  feeds poll NAME    asks the daemon to poll it at once, a paused one too",
      client_options(),
      2,
      run};
}

}  // namespace wirewatch::daemon
