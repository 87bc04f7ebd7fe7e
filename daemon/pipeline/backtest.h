// What a config would have alerted, had it run while the archive's documents came in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/pipeline/alert_book.h"
#include "daemon/store/rows.h"

namespace wirewatch::daemon {

struct WouldAlert {
  std::string rule, story;
  std::uint32_t sequence = 1;
  std::string item, headline, source, url, severity, reason;
  Instant time{};  // when its document was first seen
};

// Documents go in as the store gives them: in order of placement, with the archive's stories.
// Decides as the daemon does (rules::decide) with the time at which each was first seen.
class Backtest {
 public:
  // Alerts of documents first seen before `since` are only remembered, not counted: so a story
  // that was told before does not count as new.
  Backtest(const Snapshot& snapshot, Instant since) : snapshot_(snapshot), since_(since) {}

  void take(const DocumentRow& row);

  const std::vector<WouldAlert>& alerts() const { return alerts_; }
  std::size_t updates() const { return updates_; }
  // How often each rule held, by its place in the snapshot's rules.
  const std::vector<std::size_t>& matched() const { return matched_; }

 private:
  void decide(const DocumentRow& row, const feeds::Document& document,
              const rules::RuleMatch& match);

  const Snapshot& snapshot_;
  Instant since_;
  AlertBook book_;
  std::vector<WouldAlert> alerts_;
  std::vector<std::size_t> matched_;
  std::size_t updates_ = 0;
};

// Alerts of `a` that `b` has not. A rule of either side that was renamed counts as the same one.
std::vector<WouldAlert> missing_from(const std::vector<WouldAlert>& a,
                                     const std::vector<WouldAlert>& b, const Snapshot& one,
                                     const Snapshot& other);

}  // namespace wirewatch::daemon
