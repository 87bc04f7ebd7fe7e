// Polls a world by a schedule and tells what came of it.
#pragma once

#include <cstdint>

#include "tests/eval/polling/histories.h"

namespace wirewatch::eval {

struct Outcome {
  double polls = 0;        // in the measured window
  double items = 0;        // published in it
  double mean_delay = 0;   // seconds from publication to the first poll that could see it
  std::uint64_t lost = 0;  // items that no document showed at any poll
  std::uint64_t lost_though_shown = 0;  // of these, visible for twice the interval and longer
  std::uint64_t pairs_apart = 0;        // pairs of documents without a common item …
  std::uint64_t gaps_told = 0;          // … and how many the feeds' states count
};

// Ours: feeds/poll as the daemon drives it, with a budget of `polls_a_day` for all feeds together.
Outcome ours(const World& world, double polls_a_day, std::uint64_t seed);

// The same interval for all, so that the window has `polls`; phases are random.
Outcome fixed(const World& world, double polls, std::uint64_t seed);

enum class Knows : std::uint8_t { mean, hours, bursts };
// A schedule that knows the true rates; `polls` in the window. `mean`: intervals ∝ 1/√(mean rate),
// the square-root law as it stands. `hours`: a poll whenever the items expected by the rate at each
// moment have waited a price together, which is the same law for rates that vary. `bursts`: the
// same, told of every burst as well.
Outcome oracle(const World& world, double polls, Knows knows, std::uint64_t seed);

}  // namespace wirewatch::eval
