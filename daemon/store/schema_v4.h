// Version 4: items that wait (for their page, or for the operator), notes on an item's way, and
// what is learned of each feed's publisher.
#pragma once

namespace wirewatch::daemon {

// A fault (feeds/identity/publisher.h) is its blame, plus 256 while it is set. `dates` is packed
// (packing.h).
inline constexpr const char* version_4 = R"sql(
CREATE TABLE waiting (
  row INTEGER PRIMARY KEY AUTOINCREMENT,    -- the order in which they came, never used twice
  item TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  edited INTEGER NOT NULL,
  what INTEGER NOT NULL,                    -- 0 for its page, 1 for the operator
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  feed TEXT NOT NULL,
  source TEXT NOT NULL,
  url TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  time INTEGER NOT NULL,
  authors BLOB NOT NULL,
  categories BLOB NOT NULL,
  feed_tags BLOB NOT NULL,
  text BLOB NOT NULL                        -- a zstd frame
);
CREATE INDEX waiting_what ON waiting(what, feed, row);

CREATE TABLE item_notes (
  item TEXT NOT NULL,
  revision INTEGER NOT NULL,
  notes BLOB NOT NULL,
  PRIMARY KEY (item, revision)
) WITHOUT ROWID;
CREATE TRIGGER item_notes_go AFTER DELETE ON documents BEGIN
  DELETE FROM item_notes WHERE item=OLD.item AND revision=OLD.revision;
END;

CREATE TABLE publishers (
  feed TEXT NOT NULL PRIMARY KEY,
  guid_shared INTEGER NOT NULL,
  guid_unsteady INTEGER NOT NULL,
  link_shared INTEGER NOT NULL,
  link_unsteady INTEGER NOT NULL,
  dates_lie INTEGER NOT NULL,
  documents INTEGER NOT NULL,
  last_document INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  shown INTEGER NOT NULL,
  largest REAL NOT NULL,
  per_hour REAL NOT NULL,
  dates BLOB NOT NULL
) WITHOUT ROWID;
)sql";

}  // namespace wirewatch::daemon
