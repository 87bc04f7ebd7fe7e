#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "daemon/commands/client.h"
#include "daemon/commands/print.h"
#include "daemon/commands/rules.h"
#include "daemon/commands/since.h"
#include "daemon/config/snapshot.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

struct RuleCounts {
  std::size_t matched = 0;  // documents
  std::size_t alerts = 0;
  std::size_t updates = 0;
  Instant last_match{};
  Instant last_alert{};
};

// What was decided is kept with each document.
void count(const DocumentRow& row, simdjson::dom::parser& parser,
           std::map<std::string, RuleCounts>& rules) {
  simdjson::dom::array traced;
  if (parser.parse(row.trace).get(traced) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element one : traced) {
    std::string_view name, action;
    if (one["rule"].get(name) != simdjson::SUCCESS) continue;
    if (one["action"].get(action) != simdjson::SUCCESS) continue;
    RuleCounts& counts = rules[std::string(name)];
    ++counts.matched;
    counts.last_match = std::max(counts.last_match, row.first_seen);
    if (action == "update") ++counts.updates;
    if (action != "alert") continue;
    ++counts.alerts;
    counts.last_alert = std::max(counts.last_alert, row.first_seen);
  }
}

std::string instant_text(Instant instant) {
  return instant == Instant{} ? "" : to_iso8601(instant);
}

void print_json(const std::map<std::string, RuleCounts>& rules, Instant since,
                std::size_t documents) {
  JsonWriter json;
  json.begin_object().member("since", to_iso8601(since)).member("documents", documents);
  json.key("rules").begin_array();
  for (const auto& [name, counts] : rules) {
    const double share =
        documents == 0 ? 0 : static_cast<double>(counts.matched) / static_cast<double>(documents);
    json.begin_object().member("rule", name).member("matched", counts.matched);
    json.member("share", share).member("alerts", counts.alerts).member("updates", counts.updates);
    json.member_if("last_match", instant_text(counts.last_match));
    json.member_if("last_alert", instant_text(counts.last_alert)).end_object();
  }
  fmt::print("{}\n", json.end_array().end_object().take());
}

void print_table(const std::map<std::string, RuleCounts>& rules, std::size_t documents) {
  fmt::print("{:<32} {:>9} {:>7} {:>7} {:>8}  {}\n", "rule", "documents", "share", "alerts",
             "updates", "last alert");
  for (const auto& [name, counts] : rules) {
    const double share =
        documents == 0 ? 0
                       : 100 * static_cast<double>(counts.matched) / static_cast<double>(documents);
    const std::string last = instant_text(counts.last_alert);
    fmt::print("{:<32} {:>9} {:>6.1f}% {:>7} {:>8}  {}\n", name, counts.matched, share,
               counts.alerts, counts.updates, last.empty() ? "never" : when(last));
  }
}

}  // namespace

int rules_stats(const CommandLine& line) {
  const auto since = read_since(line.value_or("since", "7d"));
  if (!since) return complain("rules", since.error().text, exit_misuse);
  const auto store = Client::from(line).open_store();
  if (!store) return complain("rules", store.error().text);
  std::map<std::string, RuleCounts> rules;
  const std::string file = line.value_or("config", default_config());
  if (!file.empty()) {  // rules that never held are told as well
    const LoadOutcome loaded = load_config(file);
    if (loaded.snapshot) {
      for (const auto& rule : loaded.snapshot->rules.rules()) rules[rule.name];
    }
  }
  std::size_t documents = 0;
  simdjson::dom::parser parser;
  (*store)->documents_since(since->from, [&](const DocumentRow& row) {
    if (row.first_seen < since->from) return true;
    ++documents;
    count(row, parser, rules);
    return true;
  });
  if (line.has("json")) {
    print_json(rules, since->from, documents);
    return exit_ok;
  }
  fmt::print("{} in {}\n", counted(std::to_string(documents), "document"), since->words);
  print_table(rules, documents);
  return exit_ok;
}

}  // namespace wirewatch::daemon
