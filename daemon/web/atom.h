// The alerts as an Atom feed (RFC 4287), for feed readers.
#pragma once

#include <string>
#include <vector>

#include "daemon/store/rows.h"

namespace wirewatch::daemon {

inline constexpr const char* atom_type = "application/atom+xml; charset=utf-8";

// `alerts` newest first. `base`: where the pages are, "http://127.0.0.1:8420/"; empty when nowhere,
// and then there are no links to them. `otherwise`: the feed's date while there is no alert. Ids
// depend on nothing but the alert's own id. Valid XML whatever the fields hold.
std::string alerts_atom(const std::vector<AlertRow>& alerts, const std::string& base,
                        Instant otherwise);

}  // namespace wirewatch::daemon
