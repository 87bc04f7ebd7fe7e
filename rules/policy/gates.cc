#include "rules/policy/gates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <unordered_set>

namespace wirewatch::rules {
namespace {

constexpr std::array<std::size_t, 6> kThresholds = {3, 5, 10, 20, 50, 100};

bool holds(const std::vector<std::string>& list, const std::string& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

}  // namespace

GateState gates_of(const AlertPolicy& policy, const AlertState& state, double rise, Instant now) {
  GateState gates;
  std::set<std::string> texts;
  std::size_t reports = 0;
  for (const Heard& heard : state.heard) {
    if (policy.within && now - heard.time > *policy.within) continue;
    texts.insert(heard.copy_group);
    ++reports;
  }
  const auto gate = [&](bool wanted, bool open, std::string waits, std::string came) {
    if (!wanted) return;
    gates.gated = true;
    if (!open && gates.open) gates.reason.clear();
    if (!open || gates.open) {
      gates.reason += (gates.reason.empty() ? "" : ", ") + (open ? came : waits);
    }
    gates.open = gates.open && open;
  };
  gate(policy.min_sources > 1, texts.size() >= policy.min_sources,
       fmt::format("waits: {} of {} independent texts", texts.size(), policy.min_sources),
       fmt::format("{} independent texts", texts.size()));
  gate(policy.at_least > 1, reports >= policy.at_least,
       fmt::format("waits: {} of {} reports", reports, policy.at_least),
       fmt::format("{} reports", reports));
  gate(policy.rise.has_value(), policy.rise && rise >= *policy.rise,
       fmt::format("waits: {:.1f} times the rule's usual volume, {:.1f} wanted", rise,
                   policy.rise.value_or(0)),
       fmt::format("{:.1f} times the rule's usual volume", rise));
  return gates;
}

void hear(AlertState& state, const std::string& copy_group, Instant time,
          std::optional<Span> within) {
  state.heard.push_back({time, copy_group});
  if (state.heard.size() <= max_alert_heard) return;
  if (within) {
    const auto over = [&](const Heard& heard) { return time - heard.time > *within; };
    if (std::erase_if(state.heard, over) > 0) return;
  }
  // What waits counts texts: of one that was heard again later the oldest report can go, so that a
  // hundred copies of one text do not push the others out.
  std::unordered_set<std::string_view> later;
  auto gone = state.heard.begin();
  for (auto heard = state.heard.end(); heard != state.heard.begin();) {
    --heard;
    if (!later.insert(heard->copy_group).second) gone = heard;
  }
  state.heard.erase(gone);
}

std::string material_change(const RuleDef& rule, const feeds::Placement& placement,
                            const ItemFacts& facts, const AlertState& current) {
  for (const std::string& clause : facts.clauses) {
    if (current.clauses.size() < max_alert_clauses && !holds(current.clauses, clause)) {
      return fmt::format("now also: {}", clause);
    }
  }
  if (rule.severity > current.severity) {
    return fmt::format("severity rises to {}", to_string(rule.severity));
  }
  std::set<std::string> texts(current.copy_groups.begin(), current.copy_groups.end());
  const std::size_t told = texts.size();
  for (const Heard& heard : current.heard) texts.insert(heard.copy_group);
  const std::size_t before = texts.size();
  texts.insert(placement.copy_group);
  // A merge brings several at once, and nobody is told of what a silence keeps back: a threshold
  // that was passed unheard is told with the next text.
  const bool reached = std::any_of(
      kThresholds.begin(), kThresholds.end(),
      [&](std::size_t threshold) { return told < threshold && threshold <= texts.size(); });
  if (texts.size() > before && reached) return fmt::format("{} independent texts", texts.size());
  return {};
}

}  // namespace wirewatch::rules
