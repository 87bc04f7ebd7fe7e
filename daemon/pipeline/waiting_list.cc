#include "daemon/pipeline/waiting_list.h"

#include <algorithm>
#include <utility>

namespace wirewatch::daemon {

void WaitingList::restore(const std::vector<WaitingEntry>& entries) {
  entries_.clear();
  by_feed_.clear();
  articles_ = 0;
  for (const WaitingEntry& entry : entries) add(entry);
}

const WaitingEntry* WaitingList::find(const std::string& item) const {
  if (entries_.empty()) return nullptr;
  const auto found = entries_.find(item);
  return found == entries_.end() ? nullptr : &found->second;
}

void WaitingList::put(const WaitingRow& row) {
  remove(row.input.id);
  add({row.input.id, row.input.feed, row.revision, row.edited, row.what, row.since, row.absent});
}

void WaitingList::add(WaitingEntry entry) {
  if (entry.what == WaitingFor::article) {
    ++articles_;
  } else {
    HeldItems& held = by_feed_[entry.feed];
    held.since = held.count == 0 ? entry.since : std::min(held.since, entry.since);
    ++held.count;
  }
  std::string item = entry.item;
  entries_.insert_or_assign(std::move(item), std::move(entry));
}

void WaitingList::change_feed(const FeedKeyChange& change) {
  auto held = by_feed_.extract(change.from);
  if (!held) return;
  held.key() = change.to;
  by_feed_.insert(std::move(held));
  for (auto& [item, entry] : entries_) {
    if (entry.feed == change.from) entry.feed = change.to;
  }
}

void WaitingList::remove(const std::string& item) {
  const auto found = entries_.find(item);
  if (found == entries_.end()) return;
  if (found->second.what == WaitingFor::article) {
    --articles_;
  } else {
    const auto feed = by_feed_.find(found->second.feed);
    if (--feed->second.count == 0) by_feed_.erase(feed);
  }
  entries_.erase(found);
}

}  // namespace wirewatch::daemon
