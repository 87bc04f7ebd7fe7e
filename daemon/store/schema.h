// The tables and their history. A schema that was released never changes: a change is a new entry.
#pragma once

#include <span>

#include "daemon/store/sqlite.h"

namespace wirewatch::daemon {

struct Migration {
  int version;      // ascending; the last is kept in `PRAGMA user_version`
  const char* sql;  // from the version before to this one
};

std::span<const Migration> migrations();

// Brings the database to the last of `known`, each step in a transaction of its own with its row
// in the table `migrations`. Throws StoreFailure: a newer schema, or another program's database.
void migrate(Connection& connection, std::span<const Migration> known);

// For readers, who migrate nothing. Throws StoreFailure when the schema is another.
void check_schema(Connection& connection, std::span<const Migration> known);

}  // namespace wirewatch::daemon
