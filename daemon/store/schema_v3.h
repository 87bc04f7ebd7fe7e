// Schema 3: subscriptions at WebSub hubs.
#pragma once

namespace wirewatch::daemon {

inline constexpr const char* version_3 = R"sql(
CREATE TABLE subscriptions (
  token TEXT PRIMARY KEY,                   -- the last part of the callback's path
  feed TEXT NOT NULL,                       -- the feed's key
  hub TEXT NOT NULL,
  topic TEXT NOT NULL,
  callback TEXT NOT NULL,
  secret TEXT NOT NULL,
  state INTEGER NOT NULL,                   -- 0 wanted, 1 asked, 2 active, 3 denied, 4 leaving
  awaiting INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  next_step INTEGER NOT NULL,
  last_push INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  reason TEXT NOT NULL,
  trusted INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

}  // namespace wirewatch::daemon
