#include "daemon/commands/rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/commands/client.h"
#include "daemon/commands/config_for.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {

int rules_list(const CommandLine& line) {
  const auto snapshot = config_for("rules", line);
  if (!snapshot) return exit_wrong;
  const auto& all = snapshot->rules.rules();
  JsonWriter json;
  json.begin_object().key("rules").begin_array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const rules::RuleDef& rule = all[i];
    const std::string query = snapshot->rules.canonical(i);
    if (line.has("json")) {
      json.begin_object().member("rule", rule.name);
      json.member("severity", rules::to_string(rule.severity));
      json.member("receivers", rule.receivers).member("query", query);
      json.member("examples", rule.examples.size()).end_object();
      continue;
    }
    const std::string told = rule.only_named ? "named by other rules only"
                             : rule.receivers.empty()
                                 ? "tells nobody"
                                 : fmt::format("to {}", fmt::join(rule.receivers, ", "));
    fmt::print("{:<32} {:<8} {}\n    {}\n", rule.name, rules::to_string(rule.severity), told,
               query);
  }
  if (line.has("json")) {
    fmt::print("{}\n", json.end_array().end_object().take());
  } else if (all.empty()) {
    fmt::print("no rules\n");
  }
  return exit_ok;
}

namespace {

int run(const CommandLine& line) {
  const std::string what = line.words().empty() ? "list" : line.words()[0];
  if (what == "list") return rules_list(line);
  if (what == "stats") return rules_stats(line);
  if (what == "export") return rules_export(line);
  if (what == "new") return rules_new(line);
  return complain("rules", fmt::format("\"{}\" is none of list, stats, export, new", what),
                  exit_misuse);
}

}  // namespace

Command rules_command() {
  return {
      "rules",
      "rules list|stats|export R|new NAME [--config FILE] [--json]",
      "rules: list, statistics, export one, write a new one",
      "  rules list           each rule, whom it tells, and its query in canonical form\n"
      "  rules stats          of the archive: how often each rule held and alerted, and when last\n"
      "                       (--since 24h, 7d or a date); needs no daemon, and does not disturb "
      "one\n"
      "  rules export R       the rule with its entities, the rules it names and its examples, as\n"
      "                       one YAML file that `check` accepts, on standard output\n"
      "  rules new NAME       writes rules.d/NAME.yaml beside the config: a commented rule with\n"
      "                       examples, tried before it is written. Asks for what no option gives\n"
      "                       when standard input is a terminal. Never overwrites a file.",
      client_options({{"since", "SPAN|DATE", "stats: 24h, 7d (the default), or a date"},
                      {"match", "QUERY", "new: what must hold"},
                      {"severity", "LEVEL", "new: low, normal (the default), high or critical"},
                      {"alert", "RECEIVER", "new: whom it tells (default: every receiver)"},
                      {"example", "TEXT", "new: a text that must match"},
                      {"no-example", "TEXT", "new: a text that must not match"},
                      {"out", "FILE", "new: the file to write"}}),
      2,
      run};
}

}  // namespace wirewatch::daemon
