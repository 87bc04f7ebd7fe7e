#include "daemon/web/known_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/problems.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_compared = 2000;  // names; beyond, the loop would wait for a hint

bool is_or_was(const rules::RuleDef& rule, const std::string& name) {
  return rule.name == name || std::find(rule.was.begin(), rule.was.end(), name) != rule.was.end();
}

}  // namespace

std::string no_such(std::string_view what, const std::string& name,
                    const std::vector<std::string>& known) {
  const std::string hint = known.size() > most_compared ? std::string() : hint_for(name, known);
  return fmt::format("there is no {} {}{}{}", what, in_quotes(name), hint.empty() ? "" : "; ",
                     hint);
}

std::vector<std::string> rule_names(const Snapshot* snapshot) {
  std::vector<std::string> names;
  if (snapshot == nullptr) return names;
  for (const rules::RuleDef& rule : snapshot->rules.rules()) names.push_back(rule.name);
  return names;
}

std::vector<std::string> feed_names(const Snapshot* snapshot) {
  std::vector<std::string> names;
  if (snapshot == nullptr) return names;
  for (const FeedConfig& feed : snapshot->feeds) names.push_back(feed.name);
  return names;
}

std::vector<std::string> receiver_names(const Snapshot* snapshot) {
  std::vector<std::string> names;
  if (snapshot == nullptr) return names;
  for (const ReceiverConfig& receiver : snapshot->receivers) names.push_back(receiver.name);
  return names;
}

std::vector<std::string> names_of_rule(const Snapshot* snapshot, const std::string& rule) {
  std::vector<std::string> names = {rule};
  if (snapshot == nullptr) return names;
  for (const rules::RuleDef& one : snapshot->rules.rules()) {
    if (!is_or_was(one, rule)) continue;
    names = one.was;
    names.push_back(one.name);
  }
  return names;
}

std::map<std::string, std::string> feed_names_in(const std::vector<rules::Silence>& silences,
                                                 const Snapshot* snapshot) {
  std::map<std::string, std::string> names;
  for (const rules::Silence& silence : silences) {
    if (!silence.feed.empty()) names.emplace(silence.feed, silence.feed);
  }
  if (names.empty() || snapshot == nullptr) return names;
  for (const FeedConfig& feed : snapshot->feeds) {
    const auto found = names.find(feed.key);
    if (found != names.end()) found->second = feed.name;
  }
  return names;
}

std::optional<std::string> unknown_rule(Reader& reader, const Snapshot* snapshot,
                                        const std::string& rule) {
  if (snapshot == nullptr) return std::nullopt;
  const auto& all = snapshot->rules.rules();
  const bool known =
      std::any_of(all.begin(), all.end(), [&](const auto& one) { return is_or_was(one, rule); });
  if (known) return std::nullopt;
  AlertFilter filter;
  filter.rules = {rule};
  filter.waiting = true;
  filter.limit = 1;
  if (!reader.alerts(filter).empty()) return std::nullopt;
  return no_such("rule", rule, rule_names(snapshot));
}

}  // namespace wirewatch::daemon
