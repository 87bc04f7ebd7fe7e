#include "rules/policy/policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "feeds/hash.h"

namespace wirewatch::rules {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

void add(std::vector<std::string>& list, const std::string& value) {
  if (!value.empty() && !contains(list, value)) list.push_back(value);
}

// As people write it in the config: the largest unit that divides it.
std::string age_text(Span span) {
  using namespace std::chrono;
  const auto total = duration_cast<seconds>(span).count();
  if (total % 86400 == 0) return fmt::format("{}d", total / 86400);
  if (total % 3600 == 0) return fmt::format("{}h", total / 3600);
  if (total % 60 == 0) return fmt::format("{}m", total / 60);
  return fmt::format("{}s", total);
}

// The first item stays, it names the alert; of the others the latest do.
void add_item(AlertState& state, const std::string& item) {
  add(state.items, item);
  if (state.items.size() > max_alert_items) state.items.erase(state.items.begin() + 1);
}

// What the message of this revision tells.
void tell(AlertState& state, const feeds::Placement& placement, const ItemFacts& facts) {
  add(state.sources, facts.source);
  add(state.copy_groups, placement.copy_group);
}

Decision first_report(const RuleDef& rule, const feeds::Placement& placement,
                      const ItemFacts& facts) {
  Decision decision;
  decision.action = Action::alert;
  decision.reason = "first report";
  decision.state.rule = rule.name;
  decision.state.story = placement.story;
  decision.state.id = alert_id(rule.name, placement.story, decision.state.sequence);
  tell(decision.state, placement, facts);
  add_item(decision.state, facts.item);
  return decision;
}

// `silence`: why nobody is to be told of this item; empty when they may be.
Decision later_report(const RuleDef& rule, const feeds::Placement& placement,
                      const ItemFacts& facts, const AlertState& current,
                      const std::string& silence) {
  Decision decision;
  decision.action = Action::join;
  decision.state = current;
  const bool told_text = contains(current.copy_groups, placement.copy_group);
  const bool told_source = contains(current.sources, facts.source);
  if (contains(current.items, facts.item)) {
    decision.reason = facts.edited ? "edited: its alert was sent before"
                                   : "seen again: its alert was sent before";
  } else if (facts.edited) {
    decision.reason = "edited: it matches since, and the story was told before";
  } else if (told_text) {
    decision.reason = "a copy of what was told";
  } else if (told_source) {
    decision.reason = fmt::format("a further report of a source that was told: {}", facts.source);
  } else if (rule.updates == UpdatePolicy::none) {
    decision.reason = fmt::format("new source: {}, and the rule wants no updates", facts.source);
  } else if (!silence.empty()) {
    decision.reason = silence;
  } else {
    decision.action = Action::update;
    decision.reason = fmt::format("new source: {}", facts.source);
    ++decision.state.revision;
    tell(decision.state, placement, facts);
  }
  add_item(decision.state, facts.item);
  return decision;
}

}  // namespace

std::string alert_id(const std::string& rule, const std::string& story, std::uint32_t sequence) {
  return id_of({"alert", rule, story, std::to_string(sequence)});
}

std::string delivery_id(const std::string& alert, std::uint32_t revision,
                        const std::string& receiver) {
  return id_of({"delivery", alert, std::to_string(revision), receiver});
}

Decision decide(const RuleDef& rule, const feeds::Placement& placement, const ItemFacts& facts,
                const std::optional<AlertState>& current, Instant now) {
  std::string silence;
  if (facts.baseline) {
    silence = "baseline: first fetch of this feed";
  } else if (rule.max_age && now - facts.time > *rule.max_age) {
    silence = "older than max_age " + age_text(*rule.max_age);
  }
  if (current) return later_report(rule, placement, facts, *current, silence);
  if (silence.empty() && facts.edited) silence = "edited: an edit never makes a new alert";
  if (silence.empty()) return first_report(rule, placement, facts);
  Decision nothing;
  nothing.reason = std::move(silence);
  return nothing;
}

}  // namespace wirewatch::rules
