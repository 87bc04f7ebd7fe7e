// What must occur for a query to hold: only then is it worth evaluating.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/match/plan.h"

namespace wirewatch::rules {

// How many occurrences to expect of any of these atoms together.
std::uint64_t cost(const Need& need, const AtomTable& atoms);

std::vector<Need> needs_of_leaf(const Leaf& leaf);
// Of a list of which `number` parts hold, from the parts' own needs.
std::vector<Need> needs_of_some(const std::vector<std::vector<Need>>& parts, std::size_t number,
                                const AtomTable& atoms);

// At most so many needs of one query are kept: the cheapest ones.
inline constexpr std::size_t most_needs = 6;
void keep_cheapest(std::vector<Need>& needs, const AtomTable& atoms);

}  // namespace wirewatch::rules
