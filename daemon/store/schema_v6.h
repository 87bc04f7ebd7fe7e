// Version 6: what policies remember: silences, followed stories, verdicts, volumes, held messages.
#pragma once

namespace wirewatch::daemon {

inline constexpr const char* version_6 = R"sql(
CREATE INDEX deliveries_held ON deliveries(next_attempt) WHERE state IN (3, 4);
ALTER TABLE alerts ADD COLUMN scope TEXT NOT NULL DEFAULT '';        -- empty: the story
ALTER TABLE alerts ADD COLUMN clauses BLOB NOT NULL DEFAULT x'00';  -- an empty list
ALTER TABLE alerts ADD COLUMN heard BLOB NOT NULL DEFAULT x'00';    -- "microseconds copy_group"
CREATE TABLE silences (
  id TEXT PRIMARY KEY,
  created INTEGER NOT NULL,
  until INTEGER NOT NULL,
  up_to INTEGER NOT NULL,                   -- the highest severity that is silenced
  rule TEXT NOT NULL,                       -- empty: any; likewise below
  story TEXT NOT NULL,
  feed TEXT NOT NULL,
  receiver TEXT NOT NULL,
  comment TEXT NOT NULL,
  who TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE followed_stories (
  story TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  who TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE verdicts (
  row INTEGER PRIMARY KEY,
  alert TEXT NOT NULL,
  at INTEGER NOT NULL,
  good INTEGER NOT NULL,                    -- 1 right, 0 wrong
  note TEXT NOT NULL,
  who TEXT NOT NULL
);
CREATE INDEX verdicts_alert ON verdicts(alert);
CREATE TABLE rule_hours (                   -- how often a rule matched, by the hour
  rule TEXT NOT NULL,
  hour INTEGER NOT NULL,                    -- hours since 1970
  matched INTEGER NOT NULL,
  PRIMARY KEY (rule, hour)
) WITHOUT ROWID;
CREATE TABLE known_rules (                  -- that have been live
  rule TEXT PRIMARY KEY,
  since INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

}  // namespace wirewatch::daemon
