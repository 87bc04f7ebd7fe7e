// What clocks on the wall show in a time zone, daylight saving included. ICU knows the zones.
#pragma once

#include <string>
#include <vector>

#include "feeds/time.h"

namespace wirewatch::feeds {

// `zone`: an IANA name; empty: the system's. Minutes count from local midnight, 0 … 1439.
int local_minute(const std::string& zone, Instant at);

// The first instant after `after` at which a local clock shows one of `minutes`. A time that the
// clocks skip in spring counts from the moment they go on; one that comes twice counts once.
Instant next_local_time(const std::string& zone, const std::vector<int>& minutes, Instant after);

// The same of one `minute`, also where the clocks show it for the second time.
Instant next_shown(const std::string& zone, int minute, Instant after);

// The first multiple of `step` since local midnight that is after `after`; local midnight is one.
// `step` from 1 min to 24 h.
Instant next_local_step(const std::string& zone, Span step, Instant after);

}  // namespace wirewatch::feeds
