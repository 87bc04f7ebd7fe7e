// The alerts whose stories may still grow, in memory: what a decision is taken from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/receivers/alert_view.h"
#include "daemon/store/rows.h"

namespace wirewatch::daemon {

struct BookedAlert {
  rules::AlertState state;
  AlertView view;  // of its last revision
  Instant created{};
  Instant updated{};
  Instant touched{};  // when its story last got a document
};

AlertRow row_of(const BookedAlert& alert);  // as the store keeps it

// Loop thread only. Bounded by the story window: see forget_before.
class AlertBook {
 public:
  // The alert of this rule, or of a name it had before, for the scope (rules::scope_of); null when
  // there is none.
  const BookedAlert* find(const rules::RuleDef& rule, const std::string& scope) const;
  // Instead of what `rule` had for the scope under this name or one that it had before.
  void put(const rules::RuleDef& rule, const std::string& scope, BookedAlert alert);
  void put(BookedAlert alert);  // under its own rule and scope
  const BookedAlert* find(const std::string& rule, const std::string& scope) const;
  std::vector<const BookedAlert*> of_scope(const std::string& scope) const;
  // The alerts once per story of this one, which the book then no longer has.
  std::vector<BookedAlert> take(const std::string& story);
  // One that was merged into another's story has had its last message, and is left out.
  void restore(const AlertRow& row, Instant now);
  void touch(const std::string& story, Instant now);  // a document joined it
  void forget_before(Instant instant);                // those neither updated nor touched since
  void clear() { alerts_.clear(); }
  std::size_t size() const { return alerts_.size(); }

 private:
  std::map<std::pair<std::string, std::string>, BookedAlert> alerts_;  // (scope, rule)
};

}  // namespace wirewatch::daemon
