// When the write-ahead log is copied into the database. SQLite would do it inside whichever commit
// makes the log long, which then waits for two syncs more; here it is done between commits, after
// those of a group have their answer.
#pragma once

#include "daemon/store/sqlite.h"

namespace wirewatch::daemon {

class Checkpoint {
 public:
  // Takes SQLite's own away. `connection` must outlive it; both belong to the writer's thread.
  explicit Checkpoint(Connection& connection);
  ~Checkpoint();
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;

  // Copies when the log is long and nobody waits, or when it is very long. A failure (a full disk,
  // a reader in the way) changes nothing: the log keeps it all, and the next time comes.
  void after_commits(bool idle);

  static constexpr int long_log = 4000;        // pages of 4 KiB
  static constexpr int very_long_log = 16000;  // a disk that is never idle

 private:
  Connection& connection_;
  int pages_ = 0;
};

}  // namespace wirewatch::daemon
