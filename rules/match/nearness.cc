#include "rules/match/nearness.h"

#include <algorithm>

namespace wirewatch::rules {

bool has_partner(const Hit& hit, const std::vector<Hit>& others, Extent paragraph,
                 std::uint32_t distance, std::uint32_t longest, Sides sides) {
  const std::uint64_t reach = std::uint64_t{distance} + longest;
  const std::uint32_t from = hit.first > reach ? hit.first - static_cast<std::uint32_t>(reach) : 0;
  auto at = std::lower_bound(others.begin(), others.end(), std::max(from, paragraph.begin),
                             [](const Hit& h, std::uint32_t i) { return h.first < i; });
  for (; at != others.end() && at->first < paragraph.end; ++at) {
    if (std::uint64_t{at->first} > std::uint64_t{hit.last} + distance) return false;
    const bool follows = at->first > hit.last;
    const bool precedes = at->last < hit.first;
    if (sides.after && follows && at->first - hit.last <= distance) return true;
    if (sides.before && precedes && hit.first - at->last <= distance) return true;
  }
  return false;
}

std::uint32_t longest_of(const std::vector<Hit>& hits) {
  std::uint32_t longest = 0;
  for (const Hit& hit : hits) longest = std::max(longest, hit.last - hit.first + 1);
  return longest;
}

}  // namespace wirewatch::rules
