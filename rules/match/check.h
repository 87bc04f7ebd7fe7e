// What parsing alone cannot see.
#pragma once

#include <vector>

#include "rules/diagnostic.h"
#include "rules/entities/gazetteer.h"
#include "rules/match/implies.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

// Errors: unknown entities (with the nearest id), words without letters, too short prefixes and
// words with edits, expressions that RE2 refuses, values that a field never has, clauses that have
// no place inside a field, and a query that needs nothing. Warnings: clauses that can never hold,
// words that stand in nearly every document, a NOT that leaves nothing, a query that needs no word.
// The rules that the tree names are resolved; what is inside them is theirs.
std::vector<Diagnostic> check(const Node& tree, const Gazetteer& gazetteer,
                              Implications& implications, Suggestions& suggestions);

}  // namespace wirewatch::rules
