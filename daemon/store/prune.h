// Forgets what is older than the retention, a small batch at a time.
#pragma once

#include "daemon/store/options.h"
#include "daemon/store/sqlite.h"

namespace wirewatch::daemon {

// How long an item's keys are kept after it was last in its feed.
inline constexpr Span keys_kept = std::chrono::hours(24 * 90);
// By how much `last_seen` in the store may be older than that: it is not written at every poll.
inline constexpr Span last_seen_lags = std::chrono::hours(12);

class Pruning {
 public:
  // `document_bytes`: what the archive takes now (Reader::document_bytes).
  Pruning(Retention retention, Instant now, std::uint64_t document_bytes);

  // One batch; the caller holds the transaction. False: nothing is left to do. Throws StoreFailure;
  // then the whole pruning is given up, and a later one starts anew.
  bool step(Connection& connection);

 private:
  enum class Stage {
    old_documents,
    excess_documents,
    items,
    deliveries,
    alerts,
    policies,
    space,
    done
  };
  bool old_documents(Connection& connection);  // each: true when its stage has more to do
  bool excess_documents(Connection& connection);
  bool items(Connection& connection);
  bool deliveries(Connection& connection);
  bool alerts(Connection& connection);
  bool policies(Connection& connection);
  bool space(Connection& connection);

  Stage stage_ = Stage::old_documents;
  Instant now_;
  Instant too_old_;
  Instant keys_too_old_;
  std::uint64_t bytes_;
  std::uint64_t max_bytes_;
  std::int64_t last_item_ = 0;
};

}  // namespace wirewatch::daemon
