// What a rule waits for before anybody is told, and what counts as material afterwards.
#pragma once

#include <optional>
#include <string>

#include "rules/policy/policy.h"

namespace wirewatch::rules {

struct GateState {
  bool gated = false;  // the rule waits for something at all
  bool open = true;
  std::string reason;  // "waits: 1 of 2 independent texts", or once open "2 independent texts"
};

// All of the rule's gates at `now`, from what was heard within its `within`.
GateState gates_of(const AlertPolicy& policy, const AlertState& state, double rise, Instant now);

// Remembers a report; beyond max_alert_heard those give way that are older than `within`, else the
// oldest of those whose text was heard again later, else the oldest of all.
void hear(AlertState& state, const std::string& copy_group, Instant time,
          std::optional<Span> within = {});

// The first of: a clause that did not hold in what was told, a higher severity, and 3, 5, 10, 20,
// 50 or 100 independent texts. Empty: nothing of these.
std::string material_change(const RuleDef& rule, const feeds::Placement& placement,
                            const ItemFacts& facts, const AlertState& current);

}  // namespace wirewatch::rules
