// Dates in HTTP headers.
#pragma once

#include <optional>
#include <string_view>

#include "feeds/time.h"

namespace wirewatch::feeds {

// RFC 9110, 5.6.7: IMF-fixdate, and the obsolete forms of RFC 850 and asctime. Always UTC.
// nullopt: none of them, or a date that does not exist.
std::optional<Instant> parse_http_date(std::string_view text);

}  // namespace wirewatch::feeds
