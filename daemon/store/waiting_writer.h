// Writes what waits, what was noted and what was learned: the tables of schema_v4.h.
#pragma once

#include "daemon/store/packing.h"
#include "daemon/store/rows.h"
#include "daemon/store/sqlite.h"

namespace wirewatch::daemon {

// Throws StoreFailure. The caller holds the transaction.
class WaitingWriter {
 public:
  explicit WaitingWriter(Connection& connection);
  void apply(const Commit& commit, Zstd& zstd);

 private:
  void write(const WaitingRow& row, Zstd& zstd);
  void write(const PublisherRow& row);
  void write(const FeedKeyChange& change);
  void move_subscriptions(const std::vector<FeedKeyChange>& changes);

  Statement gone_;
  Statement waiting_;
  Statement note_;
  Statement publisher_;
  Statement feed_unused_;
  Statement feed_key_;
  Statement publisher_key_;
  Statement waiting_key_;
  Statement silence_key_;
  Statement subscriptions_;
  Statement subscription_key_;
};

}  // namespace wirewatch::daemon
