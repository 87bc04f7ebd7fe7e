// NEAR and BEFORE: distances between places in the text.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/match/evaluate.h"

namespace wirewatch::rules {

// On which sides of a place its partner may stand.
struct Sides {
  bool before = false;
  bool after = false;
};

// Is there a place of `others` (in reading order, the longest of `longest` words) at most
// `distance` words from `hit`, inside its paragraph, on a side that counts?
bool has_partner(const Hit& hit, const std::vector<Hit>& others, Extent paragraph,
                 std::uint32_t distance, std::uint32_t longest, Sides sides);

std::uint32_t longest_of(const std::vector<Hit>& hits);

}  // namespace wirewatch::rules
