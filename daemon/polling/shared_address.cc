#include "daemon/polling/shared_address.h"

#include <fmt/format.h>

#include <unordered_map>

namespace wirewatch::daemon {

std::string asked_at(const std::string& url, const feeds::PollState& state) {
  feeds::PollWishes wishes;
  wishes.url = url;
  return feeds::effective_url(wishes, state);
}

void warn_of_shared_addresses(std::vector<FeedHealth>& feeds) {
  std::unordered_multimap<std::string, std::size_t> moved;  // by where they are asked now
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    if (feeds[i].state.moved_to.empty()) continue;
    std::string address = asked_at(feeds[i].url, feeds[i].state);
    if (address != feeds[i].url) moved.emplace(std::move(address), i);
  }
  if (moved.empty()) return;
  for (std::size_t other = 0; other < feeds.size(); ++other) {
    const auto [begin, end] = moved.equal_range(asked_at(feeds[other].url, feeds[other].state));
    for (auto one = begin; one != end; ++one) {
      const std::size_t i = one->second;
      if (i == other) continue;
      feeds[i].warnings.insert(
          feeds[i].warnings.begin(),
          fmt::format(
              "asked at the same address as feed \"{}\" since it moved: take one of the two "
              "out of the config",
              feeds[other].name));
    }
  }
}

OperatorNotice shared_address_notice(const FeedConfig& moved, const FeedConfig& other,
                                     const std::string& address, Instant now) {
  OperatorNotice notice;
  notice.kind = "feeds share an address";
  notice.feed = moved.key;
  notice.text = fmt::format(
      "feed \"{}\" has moved to {} for good, where feed \"{}\" is polled already: both bring the "
      "same items; take one of the two out of the config",
      moved.name, address, other.name);
  notice.time = now;
  return notice;
}

}  // namespace wirewatch::daemon
