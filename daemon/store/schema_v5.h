// Schema 5: what services call our messages, and what receivers have to remember.
#pragma once

namespace wirewatch::daemon {

inline constexpr const char* version_5 = R"sql(
ALTER TABLE deliveries ADD COLUMN handle TEXT NOT NULL DEFAULT '';
CREATE TABLE receiver_notes (
  receiver TEXT PRIMARY KEY,
  note TEXT NOT NULL
) WITHOUT ROWID;
)sql";

}  // namespace wirewatch::daemon
