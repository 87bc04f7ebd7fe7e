// Instants and spans. Everything is UTC in microseconds; zones exist only where people read.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace wirewatch {

using Span = std::chrono::microseconds;
using Instant = std::chrono::sys_time<Span>;

// `YYYY-MM-DDTHH:MM:SSZ`; fractions of a second are cut.
std::string to_iso8601(Instant instant);

// RFC 3339 / ISO 8601 with `Z` or an offset; a date alone is midnight UTC. Nothing else.
std::optional<Instant> from_iso8601(std::string_view text);

inline Instant from_unix_micros(std::int64_t micros) {
  return Instant(Span(micros));
}
inline std::int64_t to_unix_micros(Instant instant) {
  return instant.time_since_epoch().count();
}

}  // namespace wirewatch
