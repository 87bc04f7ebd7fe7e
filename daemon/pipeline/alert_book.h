// The alerts whose stories may still grow, in memory: what a decision is taken from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "daemon/receivers/alert_view.h"
#include "daemon/store/rows.h"

namespace wirewatch::daemon {

struct BookedAlert {
  rules::AlertState state;
  AlertView view;  // of its last revision
  Instant created{};
  Instant updated{};
};

// Loop thread only. Bounded by the story window: see forget_before.
class AlertBook {
 public:
  // The alert of this rule, or of a name it had before, for the story; null when there is none.
  const BookedAlert* find(const rules::RuleDef& rule, const std::string& story) const;
  void put(const std::string& rule, const std::string& story, BookedAlert alert);
  void restore(const AlertRow& row);
  void forget_before(Instant instant);
  void clear() { alerts_.clear(); }
  std::size_t size() const { return alerts_.size(); }

 private:
  std::map<std::pair<std::string, std::string>, BookedAlert> alerts_;  // (story, rule)
};

}  // namespace wirewatch::daemon
