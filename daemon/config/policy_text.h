// An alert policy as a config says it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rules/match/rule_set.h"

namespace wirewatch::daemon {

// The keys and their values as YAML flow text, in the order of the reference; what is as without
// the key is left out.
std::vector<std::pair<std::string, std::string>> policy_text(const rules::RuleDef& rule);

}  // namespace wirewatch::daemon
