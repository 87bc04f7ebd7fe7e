// Feeds with a past: when each item was published, and the rate that the publisher really had.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "feeds/time.h"

namespace wirewatch::eval {

// Seconds since the begin of the history.
struct History {
  std::string name;
  std::vector<double> items;             // sorted
  std::function<double(double)> rate;    // items a second at a time, known without the items
  std::function<double(double)> bursts;  // the same told of every burst (what items set off); may
                                         // be empty: there are none
  std::size_t shown = 40;                // how many items its document holds
};

struct World {
  std::string name;
  Instant begin{};        // of second 0
  double learn_from = 0;  // the feeds are watched from here …
  double measure = 0;     // … and items count from here …
  double end = 0;         // … to here
  std::string rates;      // how the true rates are known
  std::vector<History> feeds;
};

// "bursty", "diurnal", "weekly", "dead", "waking", "mixed": equal seeds make equal worlds.
World make_world(const std::string& kind, std::uint64_t seed);

// The outlets' items of `folder`, measured in [from, to), learned in the days before. `sections`:
// each outlet is cut into feeds of its sections, by fixed shares, too.
World recorded_world(const std::string& folder, const std::string& learn, const std::string& from,
                     const std::string& to, bool sections);

}  // namespace wirewatch::eval
