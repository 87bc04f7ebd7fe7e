// What `why` tells of an item's rules: which held, where, and what was decided for which reason.
#pragma once

#include <string>
#include <vector>

#include "rules/match/rule_set.h"
#include "rules/policy/policy.h"

namespace wirewatch::daemon {

struct TracedRule {
  std::string rule;
  rules::RuleMatch match;
  rules::Decision decision;
};

// [{"rule","action","reason","alert"?,"clauses":[…],"entities":[…]}]; an empty array when no rule
// held. Clauses once each, at most 20.
std::string trace_json(const std::vector<TracedRule>& rules);

// The same with more decisions, taken later.
std::string with_trace(const std::string& trace, const std::vector<TracedRule>& rules);

std::string_view to_string(rules::Action action);  // "none", "alert", "update", "join"

}  // namespace wirewatch::daemon
