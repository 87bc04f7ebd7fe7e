// Schema 2: a feed's learned rhythm, gaps and staleness.
#pragma once

namespace wirewatch::daemon {

// `rhythm` (a typical time between items) is learned anew, by hour and day: `learned` is packed by
// feeds::pack_rhythm.
constexpr const char* version_2 = R"sql(
ALTER TABLE feeds DROP COLUMN rhythm;
ALTER TABLE feeds ADD COLUMN learned BLOB NOT NULL DEFAULT x'';
ALTER TABLE feeds ADD COLUMN price REAL NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN catch_up INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN skip_hours INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN skip_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN gaps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN last_gap INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN stale_since INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace wirewatch::daemon
