// Version 12: what waits remembers that its feed had not been heard of for long.
#pragma once

namespace wirewatch::daemon {

// Microseconds; 0 as well of what waited before this was kept.
inline constexpr const char* version_12 = R"sql(
ALTER TABLE waiting ADD COLUMN absent INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace wirewatch::daemon
