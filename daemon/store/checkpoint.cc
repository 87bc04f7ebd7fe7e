#include "daemon/store/checkpoint.h"

#include <sqlite3.h>

#include <limits>

namespace wirewatch::daemon {
namespace {

// Without waiting for anybody: what a reader or a writer still needs stays in the log. Pages that
// stay; as many as can be when nothing could be done.
int copy_log(Connection& connection) {
  int pages = 0;
  int copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(connection.raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             &pages, &copied);
  return code == SQLITE_OK ? pages - copied : std::numeric_limits<int>::max();
}

// What a run that was killed has left may be of any length, and to cut it off takes a while: not
// inside a commit, then. A full disk, or a reader, may keep it as it is.
void shorten_log(Connection& connection) {
  try {
    connection.run("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const StoreFailure&) {
    return;
  }
}

}  // namespace

Checkpoint::Checkpoint(Connection& connection)
    : connection_(connection),
      own_(std::make_unique<Connection>(connection.path(), Access::read_write)) {
  shorten_log(connection_);
  own_->run("PRAGMA synchronous=FULL; PRAGMA cache_size=-64");
  own_->number("PRAGMA user_version");  // a connection that has read nothing knows of no log
  const auto note = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<Checkpoint*>(self)->pages_ = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.raw(), note, this);
  thread_ = std::thread([this] { run(); });
}

Checkpoint::~Checkpoint() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  thread_.join();
  sqlite3_wal_hook(connection_.raw(), nullptr, nullptr);
}

void Checkpoint::after_commits() {
  bool rest_is_ours = false;
  {
    const std::lock_guard lock(mutex_);
    if (pages_ < long_log) copies_ = 0;
    if (pages_ < long_log || wanted_ || copying_) return;
    rest_is_ours = copies_ >= tries && left_ < long_log;
    wanted_ = !rest_is_ours;
  }
  if (rest_is_ours) {
    copy_log(connection_);
  } else {
    wake_.notify_one();
  }
}

bool Checkpoint::take_order(int left) {
  std::unique_lock lock(mutex_);
  if (copying_) ++copies_;
  left_ = left;
  copying_ = false;
  wake_.wait(lock, [this] { return closing_ || wanted_; });
  wanted_ = false;
  copying_ = !closing_;
  return copying_;
}

void Checkpoint::run() {
  int left = 0;
  while (take_order(left)) left = copy_log(*own_);
}

}  // namespace wirewatch::daemon
