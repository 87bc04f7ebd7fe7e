// Writes a Commit's rows. The caller holds the transaction.
#pragma once

#include "daemon/store/packing.h"
#include "daemon/store/policy_writer.h"
#include "daemon/store/rows.h"
#include "daemon/store/sqlite.h"
#include "daemon/store/waiting_writer.h"

namespace wirewatch::daemon {

// Throws StoreFailure; then the transaction must be rolled back.
class Writer {
 public:
  explicit Writer(Connection& connection);
  void apply(const Commit& commit);
  // How many deliveries there were already, in transactions that failed included.
  std::uint64_t repeated() const { return repeated_; }

 private:
  void write(const FeedRow& row);
  void write(const ItemRow& row);
  bool note_seen(const ItemRow& row);
  void write(const DocumentRow& row);
  void write(const MoveRow& row);
  void write(const AlertRow& row);
  void write(const DeliveryRow& row);
  void write(const DeliveryMark& row);
  void write(const SubscriptionRow& row);
  void add_key(const ItemRow& row, int kind, std::uint64_t key);

  Connection& connection_;
  Zstd zstd_;
  Statement feed_;
  Statement feed_known_;
  Statement item_known_;
  Statement item_seen_;
  Statement item_renewed_;
  Statement item_;
  Statement key_;
  Statement keys_held_;
  Statement keys_dropped_;
  Statement document_;
  Statement features_;
  Statement merge_documents_;
  Statement merge_earlier_;
  Statement merge_;
  Statement moved_document_;
  Statement moved_merge_;
  Statement begun_;
  Statement alert_;
  Statement delivery_;
  Statement mark_;
  Statement payload_;
  Statement subscription_;
  Statement subscription_ended_;
  Statement note_;
  WaitingWriter waiting_;
  PolicyWriter policy_;
  std::uint64_t repeated_ = 0;
};

}  // namespace wirewatch::daemon
