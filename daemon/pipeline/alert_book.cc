#include "daemon/pipeline/alert_book.h"

#include <algorithm>

namespace wirewatch::daemon {

AlertRow row_of(const BookedAlert& alert) {
  AlertRow row;
  row.state = alert.state;
  row.severity = alert.view.severity;
  row.headline = alert.view.headline;
  row.url = alert.view.url;
  row.reason = alert.view.reason;
  row.view = to_json(alert.view);
  row.created = alert.created;
  row.updated = alert.updated;
  return row;
}

const BookedAlert* AlertBook::find(const rules::RuleDef& rule, const std::string& scope) const {
  const auto own = alerts_.find({scope, rule.name});
  if (own != alerts_.end()) return &own->second;
  for (const std::string& earlier : rule.was) {
    const auto inherited = alerts_.find({scope, earlier});
    if (inherited != alerts_.end()) return &inherited->second;
  }
  return nullptr;
}

void AlertBook::put(const rules::RuleDef& rule, const std::string& scope, BookedAlert alert) {
  for (const std::string& earlier : rule.was) alerts_.erase({scope, earlier});
  alerts_.insert_or_assign({scope, rule.name}, std::move(alert));
}

void AlertBook::put(BookedAlert alert) {
  std::pair<std::string, std::string> key(alert.state.scope, alert.state.rule);
  alerts_.insert_or_assign(std::move(key), std::move(alert));
}

const BookedAlert* AlertBook::find(const std::string& rule, const std::string& scope) const {
  const auto found = alerts_.find({scope, rule});
  return found == alerts_.end() ? nullptr : &found->second;
}

std::vector<const BookedAlert*> AlertBook::of_scope(const std::string& scope) const {
  std::vector<const BookedAlert*> found;
  for (auto entry = alerts_.lower_bound({scope, std::string()});
       entry != alerts_.end() && entry->first.first == scope; ++entry) {
    found.push_back(&entry->second);
  }
  return found;
}

std::vector<BookedAlert> AlertBook::take(const std::string& story) {
  std::vector<BookedAlert> taken;
  auto entry = alerts_.lower_bound({story, std::string()});
  while (entry != alerts_.end() && entry->first.first == story) {
    taken.push_back(std::move(entry->second));
    entry = alerts_.erase(entry);
  }
  return taken;
}

void AlertBook::restore(const AlertRow& row, Instant now) {
  BookedAlert alert;
  alert.state = row.state;
  alert.created = row.created;
  alert.updated = row.updated;
  alert.touched = now;
  if (auto view = alert_view_from_json(row.view)) alert.view = std::move(*view);
  if (alert.view.kind == "merged") return;
  // In what was stored before it was kept, the first is the one that was told.
  if (alert.state.revision > 0 && !alert.state.reports.empty())
    alert.state.reports.front().told = true;
  alerts_.insert_or_assign({row.state.scope, row.state.rule}, std::move(alert));
}

void AlertBook::touch(const std::string& story, Instant now) {
  for (auto entry = alerts_.lower_bound({story, std::string()});
       entry != alerts_.end() && entry->first.first == story; ++entry) {
    entry->second.touched = now;
  }
}

void AlertBook::forget_before(Instant instant) {
  std::erase_if(alerts_, [instant](const auto& entry) {
    return std::max(entry.second.updated, entry.second.touched) < instant;
  });
}

}  // namespace wirewatch::daemon
