// A query's tree with its words turned into atoms: what is evaluated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/match/atoms.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

struct Plan {
  NodeKind kind = NodeKind::term;
  Scope scope = Scope::text;
  std::uint32_t number = 0;
  std::string clause;         // canonical text
  std::vector<AtomId> atoms;  // leaves: one after the other in the text
  std::vector<Plan> parts;
  // Where this holds, one of these atoms occurs. Absent: it can hold without any.
  std::optional<std::vector<AtomId>> anchors;
};

// Adds the tree's words and entities to `atoms`. The tree has passed check().
Plan make_plan(const Node& tree, AtomTable& atoms, const Gazetteer& gazetteer);

// What parsing alone cannot see: unknown entities (with the nearest id), words without letters,
// too short prefixes, clauses that can never hold, and a query without a required term.
std::vector<Diagnostic> check(const Node& tree, const Gazetteer& gazetteer);

}  // namespace wirewatch::rules
