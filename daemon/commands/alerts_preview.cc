// `alerts preview`: the exact request that a receiver would get.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "daemon/commands/alerts_verbs.h"
#include "daemon/commands/client.h"
#include "daemon/commands/config_for.h"
#include "daemon/commands/print_request.h"
#include "daemon/receivers/receiver.h"
#include "daemon/web/known_names.h"
#include "feeds/hash.h"
#include "rules/policy/policy.h"

namespace wirewatch::daemon {
namespace {

AlertView sample(const std::string& rule, rules::AlertSeverity severity, Instant now) {
  AlertView view;
  view.alert = id_of({"preview", rule});
  view.story = view.alert;
  view.rule = rule;
  view.kind = "new";
  view.severity = std::string(rules::to_string(severity));
  view.headline = "This is what an alert looks like";
  view.url = "https://news.example/report";
  view.language = "en";
  view.passage = "The words that matched stand out in two lines of the text around them.";
  view.marks = {{4, 9}, {15, 22}};
  view.entities = {"Somebody", "Some place"};
  view.sources = {{"First outlet", view.headline, view.url, now - std::chrono::minutes(3)},
                  {"Second outlet", "Another report", "https://other.example/", now}};
  view.reason = "first report";
  view.time = now;
  return view;
}

// The newest alert of the rule, or the one that is named; else a sample.
Result<AlertView> view_for(const CommandLine& line, const Snapshot& snapshot, Instant now) {
  const std::string rule = line.value_or("rule", "");
  const std::string id = line.words().size() > 1 ? line.words()[1] : "";
  const auto& rules = snapshot.rules.rules();
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const rules::RuleDef& one) { return one.name == rule; });
  if (!rule.empty() && found == rules.end()) {
    return Error{ErrorKind::invalid, no_such("rule", rule, rule_names(&snapshot))};
  }
  const auto store = Client::from(line).open_store();
  if (store && !id.empty()) {
    const auto alert = (*store)->alert(id);
    if (alert) return alert_view_from_json(alert->view);
  }
  if (!id.empty()) {
    return Error{ErrorKind::not_found, fmt::format("no alert's id begins with \"{}\"", id)};
  }
  if (store && !rule.empty()) {
    AlertFilter filter;
    filter.rules = names_of_rule(&snapshot, rule);
    filter.limit = 1;
    const auto alerts = (*store)->alerts(filter);
    if (!alerts.empty()) return alert_view_from_json(alerts.front().view);
  }
  return sample(rule.empty() ? "rule" : rule,
                found == rules.end() ? rules::AlertSeverity::normal : found->severity, now);
}

}  // namespace

int alerts_preview(const CommandLine& line) {
  const auto snapshot = config_for("alerts", line);
  if (!snapshot) return exit_wrong;
  const auto name = line.value("receiver");
  if (!name) {
    return complain("alerts", "preview at which receiver? --receiver NAME", exit_misuse);
  }
  const auto found = std::find_if(snapshot->receivers.begin(), snapshot->receivers.end(),
                                  [&](const ReceiverConfig& one) { return one.name == *name; });
  if (found == snapshot->receivers.end()) {
    return complain("alerts", no_such("receiver", *name, receiver_names(snapshot.get())));
  }
  const Instant now = std::chrono::time_point_cast<Span>(std::chrono::system_clock::now());
  const auto view = view_for(line, *snapshot, now);
  if (!view) return complain("alerts", view.error().text);
  DeliveryFacts facts;
  facts.id = rules::delivery_id(view->alert, view->revision, *name);
  facts.now = now;
  facts.time_zone = snapshot->settings.time_zone;
  const auto receiver = make_receiver(*found);
  if (!receiver) {
    fmt::print("{}", render_console(*view, facts, ConsoleStyle{false, facts.time_zone}));
    return exit_ok;
  }
  const auto request = receiver->render(*view, facts);
  if (!request) return complain("alerts", request.error().text);
  print_request(*request, found->url.from == SecretRef::From::literal);
  return exit_ok;
}

}  // namespace wirewatch::daemon
