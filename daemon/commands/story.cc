#include <fmt/format.h>

#include "daemon/commands/client.h"
#include "daemon/commands/print.h"
#include "daemon/web/queries.h"
#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

void print_list(std::string_view what, const std::string& list) {
  if (!list.empty()) fmt::print("{}: {}\n", what, list);
}

void print_independence(const simdjson::dom::element& root) {
  simdjson::dom::element facts;
  if (root["independence"].get(facts) != simdjson::SUCCESS) return;
  std::uint64_t texts = 0;
  if (facts["texts"].get(texts) != simdjson::SUCCESS) return;
  fmt::print("{} independent {}\n", texts, texts == 1 ? "text" : "texts");
  print_list("sources", list_at(facts, "sources"));
  print_list("countries", list_at(facts, "countries"));
  print_list("origins named", list_at(facts, "origins"));
}

int print(const CommandLine& line, const std::string& body) {
  if (line.has("json")) {
    fmt::print("{}\n", body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(body);
  fmt::print("story {}\n", text_at(root, "story"));
  print_independence(root);
  for (const simdjson::dom::element document : root["documents"].get_array()) {
    fmt::print("{}  {:<10} {:<18} {}\n", when(text_at(document, "time")),
               text_at(document, "relation"), text_at(document, "source"),
               text_at(document, "title"));
    const std::string added = list_at(document, "added");
    if (!added.empty()) fmt::print("    new in it: {}\n", added);
    const std::string origins = list_at(document, "origins");
    if (!origins.empty()) fmt::print("    names as its origin: {}\n", origins);
    const std::string why = list_at(document, "why");
    if (!why.empty()) fmt::print("    {} alike: {}\n", percent_at(document, "similarity"), why);
  }
  for (const simdjson::dom::element alert : root["alerts"].get_array()) {
    fmt::print("alert {} under {}: {}\n", text_at(alert, "id").substr(0, 12),
               text_at(alert, "rule"), text_at(alert, "reason"));
  }
  return exit_ok;
}

int run(const CommandLine& line) {
  if (line.words().empty() || line.words()[0].empty()) {
    return complain("story", "which story? its id, or the link or words of the title of a report",
                    exit_misuse);
  }
  const std::string& text = line.words()[0];
  const Client client = Client::from(line);
  if (const auto answer = client.ask("GET", "/v1/stories/" + feeds::percent_encoded(text))) {
    if (answer->status != 200) return complain_about("story", answer);
    return print(line, answer->body);
  }
  const auto store = client.open_store();
  if (!store) return complain("story", store.error().text);
  const auto found = story_json(**store, text);
  if (!found) return complain("story", no_story(text));
  return print(line, *found);
}

}  // namespace

Command story_command() {
  return {
      "story",
      "story ID|LINK|WORDS [--config FILE | --state FOLDER] [--json]",
      "a story's timeline",
      "Prints every report of a story in the order of its arrival: who, when, how it relates to\n"
      "the earlier ones and what it shares with them; then the alerts it caused. It is named by\n"
      "its id (or its beginning), or by the link or words of the title of one of its reports.",
      client_options(),
      1,
      run};
}

}  // namespace wirewatch::daemon
