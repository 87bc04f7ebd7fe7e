// The reader that polls and messages share: one question at a time, from whichever thread.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "daemon/store/reader.h"

namespace wirewatch::daemon {

class ReaderLease {
 public:
  explicit ReaderLease(std::unique_ptr<Reader> reader) : reader_(std::move(reader)) {}

  // Any thread; waits for whoever asks now. Throws StoreFailure once the store is closed.
  template <class Query>
  auto ask(Query&& query) {
    const std::lock_guard lock(mutex_);
    if (!reader_) throw StoreFailure({ErrorKind::temporary, "the store is closed"});
    return query(*reader_);
  }

  void close() {
    const std::lock_guard lock(mutex_);
    reader_.reset();
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Reader> reader_;  // guarded by mutex_
};

}  // namespace wirewatch::daemon
