// Version 9: a delivery knows which feed its report came from.
#pragma once

namespace wirewatch::daemon {

// A row of `feeds` and not a key, which changes with the feed's id or address. 0: not known, as of
// digests and of what was stored before.
inline constexpr const char* version_9 = R"sql(
ALTER TABLE deliveries ADD COLUMN feed INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace wirewatch::daemon
