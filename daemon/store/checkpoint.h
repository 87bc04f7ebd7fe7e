// When the write-ahead log is copied into the database. SQLite would do it inside whichever commit
// makes the log long, which then waits for two syncs more, and for all that the disk owes the
// database by then. Here a thread of its own copies, beside the commits, which go on.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "daemon/store/sqlite.h"

namespace wirewatch::daemon {

class Checkpoint {
 public:
  // Takes SQLite's own away. `connection` is the writer's and must outlive this; the copying thread
  // opens another. A log that an earlier run left long is copied here and now. Throws StoreFailure.
  explicit Checkpoint(Connection& connection);
  ~Checkpoint();  // a copy under way is finished
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;

  // On the writer's thread, after commits. Asks for a copy when the log is long. The log starts
  // over only when all of it was copied. Where commits follow so closely that after a few tries the
  // copying thread never had all of it, the little that is left is copied at once; if much is left,
  // as where a reader has stood in the way, the thread goes on. A failure (a full disk) changes
  // nothing: the log keeps it all, and the next time comes.
  void after_commits();

  static constexpr int long_log = 4000;  // pages of 4 KiB
  static constexpr int tries = 3;

 private:
  void run();
  bool take_order(int left);  // after what the last copy left; waits; false: this ends

  Connection& connection_;
  int pages_ = 0;                    // of the log, at the last commit; the writer's thread
  std::unique_ptr<Connection> own_;  // the copying thread's
  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_:
  bool wanted_ = false;
  bool copying_ = false;
  int copies_ = 0;  // since the log was last short
  int left_ = 0;    // pages, by the last of them
  bool closing_ = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace wirewatch::daemon
