#include "daemon/polling/feed_health.h"

#include "feeds/poll/limits.h"

namespace wirewatch::daemon {

std::string_view feed_status(const feeds::PollState& state) {
  if (state.paused) return "paused";
  if (state.failures > 0) return "failing";
  if (state.last_success == Instant{}) return "not polled yet";
  return is_stale(state) ? "stale" : "good";
}

bool is_stale(const feeds::PollState& state) {
  return state.stale_since != Instant{};
}

bool has_recent_gap(const feeds::PollState& state) {
  return state.last_gap != Instant{} &&
         state.last_poll - state.last_gap < feeds::PollLimits::gap_told_again;
}

bool needs_a_look(const feeds::PollState& state) {
  return state.paused || state.failures > 0 || is_stale(state) || has_recent_gap(state);
}

void FeedTotals::add(const feeds::PollState& state, std::uint64_t its_polls,
                     std::uint64_t its_items) {
  ++feeds;
  if (state.paused) {
    ++paused;
  } else if (state.failures > 0) {
    ++failing;
  } else if (state.last_success == Instant{}) {
    ++not_polled_yet;
  } else {
    ++(is_stale(state) ? stale : good);
  }
  with_failures += state.failures > 0 ? 1 : 0;
  quiet += is_stale(state) ? 1 : 0;
  with_recent_gaps += has_recent_gap(state) ? 1 : 0;
  to_look_at += needs_a_look(state) ? 1 : 0;
  gaps += state.gaps;
  polls += its_polls;
  items += its_items;
}

}  // namespace wirewatch::daemon
