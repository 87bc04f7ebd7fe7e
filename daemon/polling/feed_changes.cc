#include "daemon/polling/feed_changes.h"

namespace wirewatch::daemon {
namespace {

FeedPlaces places_of(const std::vector<FeedConfig>& feeds) {
  FeedPlaces places;
  places.reserve(feeds.size());
  for (std::uint32_t i = 0; i < feeds.size(); ++i) places.emplace(feeds[i].key, i);
  return places;
}

bool polled_alike(const FeedConfig& before, const FeedConfig& after) {
  return before.url == after.url && before.replay == after.replay && before.every == after.every &&
         before.every_least == after.every_least && before.every_most == after.every_most &&
         before.request() == after.request();
}

}  // namespace

FeedChanges changes_between(const Snapshot* before, const Snapshot& after) {
  static const std::vector<FeedConfig> none;
  const std::vector<FeedConfig>& old = before == nullptr ? none : before->feeds;
  const FeedPlaces old_places = places_of(old);
  std::vector<bool> stays(old.size(), false);
  FeedChanges changes;
  changes.places = places_of(after.feeds);
  changes.feeds.reserve(after.feeds.size());
  for (const FeedConfig& feed : after.feeds) {
    FeedChange& change = changes.feeds.emplace_back();
    const auto found = old_places.find(feed.key);
    if (found == old_places.end()) {
      ++changes.fresh;
      continue;
    }
    change.was = found->second;
    change.same = polled_alike(old[found->second], feed);
    stays[found->second] = true;
  }
  for (std::uint32_t i = 0; i < old.size(); ++i) {
    if (!stays[i]) changes.gone.push_back(i);
  }
  return changes;
}

}  // namespace wirewatch::daemon
