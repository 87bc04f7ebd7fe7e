// Disks that fail, or keep somebody waiting, below an engine.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <future>
#include <thread>

#include "tests/daemon/store/faulty_disk.h"

namespace wirewatch::daemon {

// As a base before the fixture: it must be there before any connection is opened.
struct Disk {
  FaultyDisk disk;
  void fail_next_syncs(int count) {
    left = count;
    disk.before_sync([this] { return left-- > 0 ? SQLITE_IOERR_FSYNC : SQLITE_OK; });
  }
  std::atomic<int> left = 0;
};

// Whoever comes first waits at it until let go, and everyone who comes meanwhile.
class Barrier {
 public:
  explicit Barrier(boost::asio::io_context& loop) : loop_(loop) {}
  ~Barrier() { let_go(); }

  int wait() {
    reached_ = true;
    boost::asio::post(loop_, [] {});  // an event, so that run_until looks again
    gone_on_.wait();
    return SQLITE_OK;
  }
  bool reached() const { return reached_; }
  void let_go() {
    if (!open_.exchange(true)) let_go_.set_value();
  }

 private:
  boost::asio::io_context& loop_;
  std::atomic<bool> reached_ = false;
  std::atomic<bool> open_ = false;
  std::promise<void> let_go_;
  std::shared_future<void> gone_on_ = let_go_.get_future().share();
};

// A commit is held at its sync, and a reader at the first page that it reads, until let go.
class HeldDisk {
 public:
  HeldDisk(FaultyDisk& disk, boost::asio::io_context& loop) : disk_(disk), barrier_(loop) {}
  ~HeldDisk() {
    let_go();
    disk_.before_sync({});
    disk_.before_read({});
  }
  void hold_syncs() {
    disk_.before_sync([this] { return barrier_.wait(); });
  }
  // `whose`: whether a thread that reads is the one that is meant.
  void hold_reads(std::function<bool(std::thread::id)> whose) {
    disk_.before_read([this, whose = std::move(whose)] {
      return whose(std::this_thread::get_id()) ? barrier_.wait() : SQLITE_OK;
    });
  }
  bool reached() const { return barrier_.reached(); }
  void let_go() { barrier_.let_go(); }

 private:
  FaultyDisk& disk_;
  Barrier barrier_;
};

}  // namespace wirewatch::daemon
