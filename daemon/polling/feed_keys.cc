#include "daemon/polling/feed_keys.h"

#include <string_view>
#include <unordered_set>

#include "daemon/polling/shared_address.h"

namespace wirewatch::daemon {
namespace {

using Left = std::unordered_map<std::string, const FeedRow*>;  // by address, of no feed any more

void offer(Left& left, const std::string& address, const FeedRow& row) {
  const FeedRow*& best = left[address];
  if (best == nullptr || best->state.last_poll < row.state.last_poll) best = &row;
}

const FeedRow* find(const Left& left, const std::string& address) {
  const auto found = left.find(address);
  return found == left.end() ? nullptr : found->second;
}

bool has_state(const StoredRows& stored, const std::string& key) {
  const auto row = stored.find(key);
  return row != stored.end() && row->second.state.baseline_done;
}

}  // namespace

std::vector<FeedKeyChange> feed_keys_changed(const Snapshot* before, const Snapshot& next,
                                             const StoredRows& stored) {
  std::unordered_set<std::string_view> configured;
  for (const FeedConfig& feed : next.feeds) configured.insert(feed.key);
  std::unordered_set<std::string_view> live;
  if (before != nullptr)
    for (const FeedConfig& feed : before->feeds) live.insert(feed.key);
  std::vector<const FeedConfig*> fresh;
  for (const FeedConfig& feed : next.feeds) {
    if (feed.replay.empty() && !live.contains(feed.key) && !has_state(stored, feed.key))
      fresh.push_back(&feed);
  }
  if (fresh.empty()) return {};
  Left left;
  Left moved;  // by where redirects for good lead
  for (const auto& [key, row] : stored) {
    if (configured.contains(key) || !row.state.baseline_done || row.state.url.empty()) continue;
    offer(left, row.state.url, row);
    const std::string address = asked_at(row.state.url, row.state);
    if (address != row.state.url) offer(moved, address, row);
  }
  std::unordered_map<const FeedConfig*, const FeedRow*> takes;
  std::unordered_set<const FeedRow*> taken;
  for (const Left* offers : {&left, &moved}) {
    for (const FeedConfig* feed : fresh) {
      const FeedRow* const row = find(*offers, feed->url);
      if (row == nullptr || takes.contains(feed) || !taken.insert(row).second) continue;
      takes.emplace(feed, row);
    }
  }
  std::vector<FeedKeyChange> changes;
  for (const FeedConfig* feed : fresh) {
    const auto found = takes.find(feed);
    if (found != takes.end()) changes.push_back({found->second->key, feed->key});
  }
  return changes;
}

}  // namespace wirewatch::daemon
