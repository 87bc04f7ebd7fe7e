// What of the archive new rules match.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/store/reader.h"

namespace wirewatch::daemon {

struct PastMatch {
  DocumentRow row;
  std::vector<rules::RuleMatch> matches;  // of the new rules
};

// Documents first seen and dated within a rule's `catch_up` before `now` that it matches, in order
// of placement; the newest `most_past` of them. `names`: of rules that have one.
inline constexpr std::size_t most_past = 2000;
std::vector<PastMatch> past_matches(Reader& reader, const Snapshot& snapshot,
                                    const std::set<std::string>& names, Instant now);

}  // namespace wirewatch::daemon
