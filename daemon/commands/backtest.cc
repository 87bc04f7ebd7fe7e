#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "daemon/commands/client.h"
#include "daemon/commands/config_for.h"
#include "daemon/commands/print.h"
#include "daemon/commands/since.h"
#include "daemon/loop/log.h"
#include "daemon/pipeline/backtest.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

void write_alerts(JsonWriter& json, std::string_view key, const std::vector<WouldAlert>& alerts) {
  json.key(key).begin_array();
  for (const WouldAlert& alert : alerts) {
    json.begin_object();
    json.member("rule", alert.rule).member("story", alert.story).member("sequence", alert.sequence);
    json.member("item", alert.item).member("headline", alert.headline);
    json.member("source", alert.source).member_if("url", alert.url);
    json.member("severity", alert.severity).member("reason", alert.reason);
    json.member("time", to_iso8601(alert.time)).end_object();
  }
  json.end_array();
}

void write_side(JsonWriter& json, std::string_view key, const Backtest& side) {
  json.key(key).begin_object();
  json.member("alerts", side.alerts().size()).member("updates", side.updates()).end_object();
}

void print_alerts(char sign, const std::vector<WouldAlert>& alerts) {
  for (const WouldAlert& alert : alerts) {
    fmt::print("{} {}  {:<8} {}: {}\n      {} ({}), story {}\n", sign, when(to_iso8601(alert.time)),
               alert.severity, alert.rule, escape_for_log(alert.headline),
               escape_for_log(alert.source), alert.reason, alert.story.substr(0, 12));
  }
}

struct Outcome {
  std::string span;
  Instant since{};
  std::size_t documents = 0;
};

void print_one(const CommandLine& line, const Outcome& outcome, const Backtest& now) {
  if (line.has("json")) {
    JsonWriter json;
    json.begin_object().member("since", to_iso8601(outcome.since));
    json.member("documents", outcome.documents);
    write_side(json, "new", now);
    write_alerts(json, "alerts", now.alerts());
    fmt::print("{}\n", json.end_object().take());
    return;
  }
  fmt::print("{} and {} in {} ({})\n", counted(std::to_string(now.alerts().size()), "alert"),
             counted(std::to_string(now.updates()), "update"), outcome.span,
             counted(std::to_string(outcome.documents), "document"));
  print_alerts(' ', now.alerts());
}

void print_difference(const CommandLine& line, const Outcome& outcome, const Backtest& now,
                      const Backtest& before, const LoadedRules& new_config,
                      const LoadedRules& old_config) {
  // What a broken rule would have told is not known, so that it makes no difference.
  const auto known = [&](std::vector<WouldAlert> alerts) {
    std::erase_if(alerts, [&](const WouldAlert& alert) {
      return new_config.left_out.count(alert.rule) + old_config.left_out.count(alert.rule) > 0;
    });
    return alerts;
  };
  const Snapshot& one = *new_config.snapshot;
  const Snapshot& other = *old_config.snapshot;
  const auto added = known(missing_from(now.alerts(), before.alerts(), one, other));
  const auto removed = known(missing_from(before.alerts(), now.alerts(), one, other));
  if (line.has("json")) {
    JsonWriter json;
    json.begin_object().member("since", to_iso8601(outcome.since));
    json.member("documents", outcome.documents);
    write_side(json, "new", now);
    write_side(json, "old", before);
    write_alerts(json, "added", added);
    write_alerts(json, "removed", removed);
    fmt::print("{}\n", json.end_object().take());
    return;
  }
  fmt::print("+{} −{} {} in {} ({}; {} instead of {})\n", added.size(), removed.size(),
             added.size() + removed.size() == 1 ? "alert" : "alerts", outcome.span,
             counted(std::to_string(outcome.documents), "document"), known(now.alerts()).size(),
             known(before.alerts()).size());
  print_alerts('+', added);
  print_alerts('-', removed);
}

int run(const CommandLine& line) {
  const auto since = read_since(line.value_or("since", "7d"));
  if (!since) return complain("backtest", since.error().text, exit_misuse);
  const std::string file = config_file_for(line);
  if (file.empty()) {
    return complain("backtest", "no config: name one with --config FILE", exit_misuse);
  }
  const LoadedRules config = load_rules("backtest", file);
  const auto& snapshot = config.snapshot;
  if (!snapshot) return exit_wrong;
  LoadedRules against;
  if (const auto old_file = line.value("against")) {
    against = load_rules("backtest", *old_file);
    if (!against.snapshot) return exit_wrong;
  }
  const auto store = Client::from(line).open_store();
  if (!store) return complain("backtest", store.error().text);
  Backtest now(*snapshot, since->from);
  std::unique_ptr<Backtest> before;
  if (against.snapshot) before = std::make_unique<Backtest>(*against.snapshot, since->from);
  Outcome outcome{since->words, since->from, 0};
  // Stories that began before are followed from twice their window, as the daemon remembers them.
  const Instant from = since->from - 2 * snapshot->settings.stories.window;
  (*store)->documents_since(from, [&](const DocumentRow& row) {
    if (row.first_seen >= since->from) ++outcome.documents;
    now.take(row);
    if (before) before->take(row);
    return true;
  });
  if (before) {
    print_difference(line, outcome, now, *before, config, against);
  } else {
    print_one(line, outcome, now);
  }
  return exit_ok;
}

}  // namespace

Command backtest_command() {
  return {
      "backtest",
      "backtest [--config NEW] [--against OLD] [--since 7d] [--state FOLDER] [--json]",
      "what a config would have alerted on the archive",
      "Takes the archive's documents in the order in which they came, with the stories they "
      "joined,\n"
      "and decides as the daemon does. With --against it tells the difference: \"+14 −3 alerts in\n"
      "7 days\" and each of them. A rule that is broken is named and left out, with --against of\n"
      "both sides. Reads the database itself, also while the daemon runs.\n"
      "With --json: {\"since\",\"documents\",\"new\":{\"alerts\",\"updates\"},\"alerts\":[…]}, or "
      "with --against\n"
      "{…,\"new\",\"old\",\"added\":[…],\"removed\":[…]}; an alert is {\"rule\",\"story\","
      "\"sequence\",\"item\",\n"
      "\"headline\",\"source\",\"url\"?,\"severity\",\"reason\",\"time\"}.",
      client_options({{"against", "OLD", "the config to compare with"},
                      {"since", "SPAN|DATE", "24h, 7d (the default), or a date: 2025-08-29"}}),
      0,
      run};
}

}  // namespace wirewatch::daemon
