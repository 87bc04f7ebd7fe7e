#include <fmt/format.h>

#include "daemon/commands/client.h"
#include "daemon/commands/print.h"

namespace wirewatch::daemon {
namespace {

void print_receiver(const simdjson::dom::element& receiver) {
  const std::string down = text_at(receiver, "down_since");
  const std::string refusing = text_at(receiver, "refusing_since");
  const std::string dead = text_at(receiver, "dead_letters");
  const std::string pending = text_at(receiver, "pending");
  const std::string answer = text_at(receiver, "last_answer");
  std::string state;
  if (!down.empty()) {
    state = ", DOWN since " + when(down);
  } else if (!refusing.empty()) {
    state = ", TAKES NOTHING since " + when(refusing);
  }
  if (pending != "0") state += fmt::format(", {} pending", pending);
  if (dead != "0") state += ", " + counted(dead, "dead letter");
  fmt::print("  {:<16} {:<9} {} delivered, {} since the start{}{}\n", text_at(receiver, "name"),
             text_at(receiver, "kind"), text_at(receiver, "delivered"),
             counted(text_at(receiver, "failed"), "failed attempt"), state,
             answer.empty() ? "" : "; last answer: " + answer);
}

void print(const simdjson::dom::element& root) {
  fmt::print(
      "wirewatch {}, running since {} on {} (generation {}{})\n", text_at(root, "version"),
      when(text_at(root, "started")), text_at(root, "config"), text_at(root, "generation"),
      text_at(root, "on_last_good") == "true" ? ", the last good one: the files are broken" : "");
  const std::string page(text_at(root, "page"));
  fmt::print("state {}   page {}\n", text_at(root, "state"), page.empty() ? "off" : page);
  fmt::print("{}, {} failing; {}; {}; {}; {}\n", counted(text_at(root, "feeds"), "feed"),
             text_at(root, "feeds_failing"), counted(text_at(root, "rules"), "rule"),
             counted(text_at(root, "items"), "item"), counted(text_at(root, "stories"), "story"),
             counted(text_at(root, "alerts"), "alert"));
  const std::string stale = text_at(root, "feeds_stale");
  const std::string gaps = text_at(root, "feeds_with_gaps");
  if (stale != "0" || gaps != "0") {
    fmt::print("{} stale, {} with gaps in the last day: wirewatch feeds list\n",
               counted(stale, "feed"), gaps);
  }
  const simdjson::dom::element deliveries = root["deliveries"];
  const std::string for_later = text_at(deliveries, "held");
  fmt::print(
      "deliveries: {} pending, {} delivered, {} dead letters{}\n", text_at(deliveries, "pending"),
      text_at(deliveries, "delivered"), text_at(deliveries, "dead"),
      for_later == "0" ? "" : fmt::format(", {} held for a digest or quiet hours", for_later));
  for (const simdjson::dom::element receiver : root["receivers"].get_array()) {
    print_receiver(receiver);
  }
  for (const simdjson::dom::element items : root["held_items"].get_array()) {
    fmt::print(
        "HELD since {}: {} of feed \"{}\" that look republished; `wirewatch feeds release`\n",
        when(text_at(items, "since")), counted(text_at(items, "count"), "item"),
        text_at(items, "feed"));
  }
  const std::string held = list_at(root, "held_back");
  if (!held.empty()) fmt::print("rules running in their last good version: {}\n", held);
  for (const simdjson::dom::element rule : root["too_frequent"].get_array()) {
    fmt::print(
        "rule {} held for {} of the past week's {} documents: more than 5 % is rarely meant\n",
        text_at(rule, "rule"), text_at(rule, "matched"), text_at(rule, "documents"));
  }
  if (text_at(root, "held_by_disk") == "true") {
    fmt::print("NOT POLLING: the disk of the state folder is nearly full\n");
  }
  for (const simdjson::dom::element problem : root["problems"].get_array()) {
    fmt::print("{}\n", std::string_view(problem));
  }
}

int run(const CommandLine& line) {
  const std::optional<DaemonAnswer> answer = Client::from(line).ask("GET", "/v1/status");
  if (!answer || answer->status != 200) return complain_about("status", answer);
  if (line.has("json")) {
    fmt::print("{}\n", answer->body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  print(parser.parse(answer->body));
  return exit_ok;
}

}  // namespace

Command status_command() {
  return {"status",
          "status [--config FILE | --state FOLDER] [--json]",
          "what the running daemon is doing",
          "Asks the running daemon for its state: feeds, rules, receivers, what waits and what is\n"
          "wrong. Exits 1 when no daemon answers.",
          client_options(),
          0,
          run};
}

}  // namespace wirewatch::daemon
