#include <fmt/format.h>

#include "daemon/commands/client.h"
#include "daemon/commands/print.h"
#include "daemon/web/queries.h"

namespace wirewatch::daemon {
namespace {

void print_revision(const simdjson::dom::element& revision) {
  fmt::print("revision {}, decided {}\n", text_at(revision, "revision"),
             when(text_at(revision, "decided")));
  fmt::print("  story {} ({}", text_at(revision, "story"), text_at(revision, "relation"));
  const std::string of = text_at(revision, "of");
  if (!of.empty()) fmt::print(" of {}, {} alike", of, percent_at(revision, "similarity"));
  fmt::print(")\n");
  const std::string why = list_at(revision, "why");
  if (!why.empty()) fmt::print("  shares: {}\n", why);
  const std::string notes = list_at(revision, "notes");
  if (!notes.empty()) fmt::print("  {}\n", notes);
  const simdjson::dom::array rules = revision["rules"].get_array();
  if (rules.begin() == rules.end()) fmt::print("  no rule held\n");
  for (const simdjson::dom::element rule : rules) {
    fmt::print("  rule {} held: {}\n    → {}: {}\n", text_at(rule, "rule"),
               list_at(rule, "clauses"), text_at(rule, "action"), text_at(rule, "reason"));
  }
}

int print(const CommandLine& line, const std::string& body) {
  if (line.has("json")) {
    fmt::print("{}\n", body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(body);
  const std::string link = text_at(root, "link");
  fmt::print("{}\n{}{}{}\nitem {} of feed {}\n", text_at(root, "title"), text_at(root, "source"),
             link.empty() ? "" : "  ", link, text_at(root, "id"), text_at(root, "feed"));
  fmt::print("first seen {}, last seen {}{}; {}\n", when(text_at(root, "first_seen")),
             when(text_at(root, "last_seen")),
             text_at(root, "baseline") == "true" ? ", in the feed's first fetch" : "",
             text_at(root, "identified"));
  const std::string known_by = text_at(root, "feed_known_by");
  if (!known_by.empty()) fmt::print("this feed's items are known by {}\n", known_by);
  simdjson::dom::element waiting;
  if (root["waiting"].get(waiting) == simdjson::SUCCESS) {
    const std::string reason = text_at(waiting, "reason");
    fmt::print("not decided yet: it waits for {} since {}{}\n", text_at(waiting, "for"),
               when(text_at(waiting, "since")), reason.empty() ? "" : "; " + reason);
  }
  for (const simdjson::dom::element revision : root["revisions"].get_array()) {
    print_revision(revision);
  }
  for (const simdjson::dom::element delivery : root["sent"].get_array()) {
    const std::string state = text_at(delivery, "state");
    const bool sent = state == "pending" || state == "delivered" || state == "dead";
    fmt::print("rule {} {} {} (revision {}): {}\n", text_at(delivery, "rule"),
               sent ? "sent to" : "for", text_at(delivery, "receiver"),
               text_at(delivery, "revision"), delivery_text(delivery));
  }
  return exit_ok;
}

int run(const CommandLine& line) {
  if (line.words().empty() || line.words()[0].empty()) {
    return complain("why", "which item? its id, link or words of its title", exit_misuse);
  }
  const std::string& text = line.words()[0];
  const Client client = Client::from(line);
  if (const auto answer = client.ask("GET", with_query("/v1/why", {{"item", text}}))) {
    if (answer->status != 200) return complain_about("why", answer);
    return print(line, answer->body);
  }
  const auto store = client.open_store();
  if (!store) return complain("why", store.error().text);
  const auto found = why_json(**store, text);
  if (!found) return complain("why", no_item(text));
  return print(line, *found);
}

}  // namespace

Command why_command() {
  return {
      "why",
      "why ITEM [--config FILE | --state FOLDER] [--json]",
      "the whole trace of one item",
      "For one item, named by its id (or its beginning), its link or words of its title: how it\n"
      "was identified, which story it joined and how near it was, which rules held with which\n"
      "clauses, what was decided for which reason, what was sent and what was answered.",
      client_options(),
      1,
      run};
}

}  // namespace wirewatch::daemon
