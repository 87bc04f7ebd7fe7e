// The one place where state lives: SQLite, synchronous=FULL, one writer thread with group commit.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "daemon/loop/activity.h"
#include "daemon/loop/offload.h"
#include "daemon/store/reader.h"
#include "daemon/store/rows.h"
#include "feeds/result.h"

namespace wirewatch::daemon {

struct StoreOptions {
  std::string folder;                    // state folder; the database is wirewatch.db in it
  std::size_t queue = 10000;             // commits waiting for the writer; beyond, commit() waits
  std::size_t group = 1000;              // commits joined in one transaction at most
  std::uint64_t low_water = 64U << 20U;  // free bytes on the disk below which polling should stop
};

struct Retention {
  Span max_age = std::chrono::hours(24 * 90);
  std::uint64_t max_bytes = 2ULL << 30U;  // of the documents table
};

class Store {
 public:
  // Opens or creates the database, takes the folder's lock, migrates an older schema. Errors:
  // another daemon holds the lock; a newer schema; a corrupt file (and how to restore it).
  static Result<std::unique_ptr<Store>> open(const StoreOptions& options, Activity& activity,
                                             asio::any_io_executor loop);
  ~Store();

  // Durable when it returns. Commits are applied in the order of the calls; those that wait
  // together share one transaction. When a transaction fails, every commit in it and every one
  // queued behind it fails too, until `recovered()` is called: the caller first rebuilds what it
  // holds in memory from the store.
  asio::awaitable<Result<void>> commit(Commit commit);
  void recovered();

  // Runs `query` on the reading thread with a connection that sees all finished commits.
  template <class R>
  asio::awaitable<R> read(std::function<R(Reader&)> query) {
    co_return co_await offload(reading_pool(),
                               [this, query = std::move(query)]() -> R { return query(reader()); });
  }

  // Deletes documents and unseen keys beyond the retention, in small transactions between others.
  asio::awaitable<Result<void>> prune(Retention retention, Instant now);

  std::uint64_t free_bytes() const;  // on the state folder's disk

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  Pool& reading_pool();
  Reader& reader();
  std::unique_ptr<Impl> impl_;
};

}  // namespace wirewatch::daemon
