// The one place where state lives: SQLite, synchronous=FULL, one writer thread with group commit.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "daemon/loop/activity.h"
#include "daemon/loop/offload.h"
#include "daemon/store/lease.h"
#include "daemon/store/options.h"
#include "daemon/store/reader.h"
#include "daemon/store/rows.h"
#include "feeds/result.h"

namespace wirewatch::daemon {

// Loop thread only. Outlives every coroutine that is inside it; the destructor finishes what is
// queued, and its callers are resumed if the loop still runs.
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
  // holds in memory from the store. A transaction of marks alone fails for itself. Errors:
  // `temporary` for a full or failing disk (a full one has been given the ballast once by then),
  // `invalid` for a damaged file, `internal` for a row that breaks the schema. Throws only when
  // cancelled before it was the commit's turn.
  asio::awaitable<Result<void>> commit(Commit commit);
  void recovered();

  // The same for one mark that nobody waits for at the moment: `done` is called from the loop.
  // The caller sees to it that few are under way.
  void mark(DeliveryMark mark, std::function<void(const Result<void>&)> done);

  // What a poll learned that brought nothing. It is written with the next commit, or within
  // StoreOptions::later: many such polls share a transaction, and nobody waits for it. A crash
  // before then loses it: the feed is asked again sooner, with the validators of its last document.
  void commit_later(FeedRow row);

  // Runs `query` on the reading thread with a connection that sees all finished commits. Throws
  // StoreFailure (failure.h) when the disk or the file fails.
  template <class R>
  asio::awaitable<R> read(std::function<R(Reader&)> query) {
    auto work = [shared = lease(), query = std::move(query)]() -> R { return shared->ask(query); };
    R answer = co_await offload(reading_pool(), std::move(work));
    co_return answer;
  }
  // The same reader for work that is in a pool already: asking it there saves two changes of
  // threads. May be kept and asked by any thread, also when the store is gone.
  std::shared_ptr<ReaderLease> lease() const;

  // The same for pages, verbs and figures, on a thread and a connection of their own: what takes
  // long there holds up no poll and no message.
  template <class R>
  asio::awaitable<R> read_aside(std::function<R(Reader&)> query) {
    auto work = [this, query = std::move(query)]() -> R { return query(aside_reader()); };
    R answer = co_await offload(aside_pool(), std::move(work));
    co_return answer;
  }

  // The same for what reads most of the store, which takes seconds: on a thread of its own, with a
  // connection that is opened for this question. Throws StoreFailure also when it cannot be opened.
  template <class R>
  asio::awaitable<R> read_apart(std::function<R(Reader&)> query) {
    auto work = [folder = folder(), query = std::move(query)]() -> R {
      const Result<std::unique_ptr<Reader>> reader = Reader::open(folder);
      if (!reader) throw StoreFailure(reader.error());
      return query(**reader);
    };
    R answer = co_await offload(apart_pool(), std::move(work));
    co_return answer;
  }

  // Forgets what is beyond the retention, in small transactions between others: documents that
  // are too old or, oldest first, too many; keys of items that their feed has not shown for 90
  // days; deliveries made and alerts older than max_age whose story is gone. Never what is pending
  // or dead. Gives space back to the disk when a quarter of the file is free.
  asio::awaitable<Result<void>> prune(Retention retention, Instant now);

  std::uint64_t free_bytes() const;  // on the state folder's disk
  bool low_on_space() const;         // less than StoreOptions::low_water is free
  StoreStats stats() const;
  // How many deliveries were committed that the store had already: they stay as they were.
  std::uint64_t repeated() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  Pool& reading_pool();
  Pool& aside_pool();
  Pool& apart_pool();
  const std::string& folder() const;
  Reader& aside_reader();
  std::unique_ptr<Impl> impl_;
};

}  // namespace wirewatch::daemon
