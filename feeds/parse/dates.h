// Dates as feeds write them.
#pragma once

#include <optional>
#include <string_view>

#include "feeds/time.h"

namespace wirewatch::feeds {

// Takes RFC 822, 2822 and 850, asctime, ISO 8601 and W3CDTF, Unix seconds or milliseconds, and
// their everyday variations: missing parts, obsolete and IANA zones, two-digit years (RFC 2822
// section 4.3), ordinals, a.m. and p.m., and month names in a dozen languages. Without a zone the
// time is UTC (Korean forms: KST). nullopt for what is no date or an impossible one.
std::optional<Instant> parse_date(std::string_view text);

}  // namespace wirewatch::feeds
