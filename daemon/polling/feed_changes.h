// What a new generation of the config changes in the list of feeds. Values only: it may be found
// out on any thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/config/snapshot.h"

namespace wirewatch::daemon {

using FeedPlaces = boost::unordered_flat_map<std::string_view, std::uint32_t>;  // by key

struct FeedChange {
  std::optional<std::uint32_t> was;  // its place among the feeds before; nullopt: it was not there
  bool same = false;                 // when it is polled, and at which host, follows as before
};

struct FeedChanges {
  std::vector<FeedChange> feeds;    // one for each of the new generation
  std::vector<std::uint32_t> gone;  // places before
  std::size_t fresh = 0;            // that were not there
  FeedPlaces places;                // of the new generation; views of its keys
};

// `before`: null where there was none. Keys are different within a generation.
FeedChanges changes_between(const Snapshot* before, const Snapshot& after);

}  // namespace wirewatch::daemon
