#include "daemon/store/schema.h"

#include <fmt/format.h>

#include <array>

#include "daemon/store/schema_stories.h"
#include "daemon/store/schema_v10.h"
#include "daemon/store/schema_v11.h"
#include "daemon/store/schema_v12.h"
#include "daemon/store/schema_v2.h"
#include "daemon/store/schema_v3.h"
#include "daemon/store/schema_v4.h"
#include "daemon/store/schema_v5.h"
#include "daemon/store/schema_v6.h"
#include "daemon/store/schema_v8.h"
#include "daemon/store/schema_v9.h"

namespace wirewatch::daemon {
namespace {

// Instants and spans are microseconds (UTC); "row" is the order of insertion. Lists and mentions
// are packed (packing.h); `text` and `trace` are zstd frames.
constexpr const char* version_1 = R"sql(
CREATE TABLE migrations (
  version INTEGER PRIMARY KEY,
  applied INTEGER NOT NULL
);

CREATE TABLE feeds (
  row INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '',
  etag BLOB NOT NULL DEFAULT x'',           -- byte for byte as received
  last_modified BLOB NOT NULL DEFAULT x'',
  body_hash TEXT NOT NULL DEFAULT '',
  next_due INTEGER NOT NULL DEFAULT 0,
  last_poll INTEGER NOT NULL DEFAULT 0,
  last_success INTEGER NOT NULL DEFAULT 0,
  last_change INTEGER NOT NULL DEFAULT 0,
  last_unconditional INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  failure TEXT NOT NULL DEFAULT '',
  moved_to TEXT NOT NULL DEFAULT '',
  moved_count INTEGER NOT NULL DEFAULT 0,
  rhythm INTEGER NOT NULL DEFAULT 0,
  interval INTEGER NOT NULL DEFAULT 0,
  ttl INTEGER NOT NULL DEFAULT 0,
  url TEXT NOT NULL DEFAULT '',              -- under which the state was learned
  baseline_done INTEGER NOT NULL DEFAULT 0,
  paused INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE items (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  feed INTEGER NOT NULL REFERENCES feeds(row),
  revision INTEGER NOT NULL,
  change INTEGER NOT NULL,                  -- 0 fresh, 2 edited: the last that was not "seen"
  guid_key INTEGER NOT NULL,                -- of the last revision
  link_key INTEGER NOT NULL,
  content_key INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  reason TEXT NOT NULL,
  sketch BLOB NOT NULL
);

CREATE TABLE seen_keys (                    -- every key under which an item ever came
  feed INTEGER NOT NULL,
  kind INTEGER NOT NULL,                    -- 0 guid, 1 link, 2 content
  key INTEGER NOT NULL,
  item INTEGER NOT NULL REFERENCES items(row) ON DELETE CASCADE,
  PRIMARY KEY (feed, kind, key, item)
) WITHOUT ROWID;
CREATE INDEX seen_keys_item ON seen_keys(item, kind);

CREATE TABLE documents (
  row INTEGER PRIMARY KEY AUTOINCREMENT,    -- the order of placement, never used twice
  item TEXT NOT NULL,
  revision INTEGER NOT NULL,
  feed TEXT NOT NULL,
  source TEXT NOT NULL,
  url TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  time INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  baseline INTEGER NOT NULL,
  story TEXT NOT NULL,
  copy_group TEXT NOT NULL,
  relation INTEGER NOT NULL,
  of_item TEXT NOT NULL,
  similarity REAL NOT NULL,
  bytes INTEGER NOT NULL,                   -- that this row takes, about
  authors BLOB NOT NULL,
  categories BLOB NOT NULL,
  feed_tags BLOB NOT NULL,
  why BLOB NOT NULL,
  mentions BLOB NOT NULL,
  trace BLOB NOT NULL,
  text BLOB NOT NULL,
  UNIQUE (item, revision)
);
CREATE INDEX documents_story ON documents(story);
CREATE INDEX documents_first_seen ON documents(first_seen, bytes);
CREATE INDEX documents_time ON documents(time);

CREATE TABLE alerts (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  story TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  severity TEXT NOT NULL,
  headline TEXT NOT NULL,
  url TEXT NOT NULL,
  reason TEXT NOT NULL,
  sources BLOB NOT NULL,
  copy_groups BLOB NOT NULL,
  items BLOB NOT NULL,
  view TEXT NOT NULL                        -- JSON
);
CREATE INDEX alerts_story ON alerts(story, rule);
CREATE INDEX alerts_created ON alerts(created);
CREATE INDEX alerts_updated ON alerts(updated);

CREATE TABLE deliveries (
  row INTEGER PRIMARY KEY AUTOINCREMENT,    -- the order of sending, never used twice
  id TEXT NOT NULL UNIQUE,
  alert TEXT NOT NULL,
  revision INTEGER NOT NULL,
  receiver TEXT NOT NULL,
  state INTEGER NOT NULL,                   -- 0 pending, 1 delivered, 2 dead
  attempts INTEGER NOT NULL,
  created INTEGER NOT NULL,
  next_attempt INTEGER NOT NULL,
  finished INTEGER,
  answer TEXT NOT NULL,
  payload TEXT NOT NULL
);
CREATE INDEX deliveries_pending ON deliveries(receiver, row) WHERE state = 0;
CREATE INDEX deliveries_alert ON deliveries(alert);
CREATE INDEX deliveries_created ON deliveries(created);
CREATE INDEX deliveries_state ON deliveries(state, finished);
)sql";

constexpr std::array history{
    Migration{1, version_1},      Migration{2, version_2},   Migration{3, version_3},
    Migration{4, version_4},      Migration{5, version_5},   Migration{6, version_6},
    Migration{7, stories_tables}, Migration{8, version_8},   Migration{9, version_9},
    Migration{10, version_10},    Migration{11, version_11}, Migration{12, version_12}};

constexpr const char* applied_now = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)";

std::int64_t version_of(Connection& connection, std::span<const Migration> known) {
  const std::int64_t version = connection.number("PRAGMA user_version");
  if (version > known.back().version) {
    throw StoreFailure(
        {ErrorKind::unsupported,
         fmt::format(
             "the database \"{}\" has schema {}, and this wirewatch knows up to {}: install "
             "the newer version that wrote it, or restore a backup from before it",
             connection.path(), version, known.back().version)});
  }
  if (version == 0 && connection.number("SELECT count(*) FROM sqlite_master") > 0) {
    throw StoreFailure({ErrorKind::invalid,
                        fmt::format("the database \"{}\" is not wirewatch's: name another state "
                                    "folder, or move the file away",
                                    connection.path())});
  }
  return version;
}

}  // namespace

std::span<const Migration> migrations() {
  return history;
}

void migrate(Connection& connection, std::span<const Migration> known) {
  const std::int64_t version = version_of(connection, known);
  for (const Migration& step : known) {
    if (step.version <= version) continue;
    Transaction transaction(connection, Transaction::Mode::write);
    connection.run(step.sql);
    connection.run(fmt::format("INSERT INTO migrations VALUES ({0}, {1}); PRAGMA user_version={0}",
                               step.version, applied_now));
    transaction.commit();
  }
}

void check_schema(Connection& connection, std::span<const Migration> known) {
  const std::int64_t version = version_of(connection, known);
  if (version < known.back().version) {
    throw StoreFailure(
        {ErrorKind::unsupported,
         fmt::format("the database \"{}\" has schema {}, and this wirewatch reads {}: "
                     "\"wirewatch run\" brings it up to date when it starts",
                     connection.path(), version, known.back().version)});
  }
}

}  // namespace wirewatch::daemon
