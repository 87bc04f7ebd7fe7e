// A rule as people write it in a config file.
#pragma once

#include <string>

#include "rules/match/rule_set.h"

namespace wirewatch::daemon {

// Under the key of its name, indented by two; `query` as a block. Receivers are left out unless
// `with_receivers`: a colleague has others.
std::string rule_yaml(const rules::RuleDef& rule, const std::string& query, bool with_receivers);

}  // namespace wirewatch::daemon
