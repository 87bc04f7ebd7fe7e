// Version 9: a delivery knows which feed its report came from.
#pragma once

namespace wirewatch::daemon {

// A row of `feeds` and not a key, which changes with the feed's id or address. 0: not known, as of
// digests. Of what waits already it is the last report in the message: later ones are in later
// messages.
inline constexpr const char* version_9 = R"sql(
ALTER TABLE deliveries ADD COLUMN feed INTEGER NOT NULL DEFAULT 0;
UPDATE deliveries SET feed=coalesce(
  (SELECT feed FROM items WHERE id=json_extract(payload, '$.sources[#-1].item')), 0)
WHERE state IN (0, 3, 4) AND json_valid(payload) AND
  json_extract(payload, '$.kind') IN ('new', 'updated');
)sql";

}  // namespace wirewatch::daemon
