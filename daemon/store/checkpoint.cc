#include "daemon/store/checkpoint.h"

#include <sqlite3.h>

namespace wirewatch::daemon {

Checkpoint::Checkpoint(Connection& connection) : connection_(connection) {
  const auto note = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<Checkpoint*>(self)->pages_ = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.raw(), note, this);
}

Checkpoint::~Checkpoint() {
  sqlite3_wal_hook(connection_.raw(), nullptr, nullptr);
}

void Checkpoint::after_commits(bool idle) {
  if (pages_ < (idle ? long_log : very_long_log)) return;
  pages_ = 0;  // the next commit says how long it is then
  sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                            nullptr);
}

}  // namespace wirewatch::daemon
