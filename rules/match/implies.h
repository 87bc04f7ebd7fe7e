// Which clauses make which others hold, as far as their form tells.
#pragma once

#include "rules/entities/gazetteer.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

// True only where `b` holds in every document (or part of one) in which `a` holds.
bool implies(const Node& a, const Node& b, const Gazetteer& gazetteer);

// True only where no document (or part of one) can make both hold.
bool excludes(const Node& a, const Node& b, const Gazetteer& gazetteer);

}  // namespace wirewatch::rules
