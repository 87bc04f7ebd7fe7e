#include "daemon/pipeline/alert_book.h"

namespace wirewatch::daemon {

const BookedAlert* AlertBook::find(const rules::RuleDef& rule, const std::string& story) const {
  const auto own = alerts_.find({story, rule.name});
  if (own != alerts_.end()) return &own->second;
  for (const std::string& earlier : rule.was) {
    const auto inherited = alerts_.find({story, earlier});
    if (inherited != alerts_.end()) return &inherited->second;
  }
  return nullptr;
}

void AlertBook::put(const std::string& rule, const std::string& story, BookedAlert alert) {
  alerts_.insert_or_assign({story, rule}, std::move(alert));
}

void AlertBook::restore(const AlertRow& row) {
  BookedAlert alert;
  alert.state = row.state;
  alert.created = row.created;
  alert.updated = row.updated;
  if (auto view = alert_view_from_json(row.view)) alert.view = std::move(*view);
  put(row.state.rule, row.state.story, std::move(alert));
}

void AlertBook::forget_before(Instant instant) {
  std::erase_if(alerts_, [instant](const auto& entry) { return entry.second.updated < instant; });
}

}  // namespace wirewatch::daemon
