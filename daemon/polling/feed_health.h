// How a feed is doing, for status, pages and verbs; and how all of them do, in figures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/poll/poll.h"

namespace wirewatch::daemon {

struct FeedHealth {
  std::string key;
  std::string name;
  std::string url;    // or "replay:<path>"
  std::string title;  // what the feed calls itself
  feeds::PollState state;
  bool polling = false;         // a request is under way
  bool finished = false;        // a replay source whose items have all been released
  std::uint64_t polls = 0;      // since start
  std::uint64_t items = 0;      // new or edited, since start
  std::size_t would_alert = 0;  // what the baseline would have alerted
  std::size_t held = 0;         // items that look republished and wait for the operator …
  Instant held_since{};         // … the oldest of them
  std::string websub;  // how its subscription at a hub is, in users' words; empty: there is none
  std::vector<std::string> warnings;  // of the last document, at most five
};

// "good", "stale", "failing", "paused" or "not polled yet". What fails may be stale as well.
std::string_view feed_status(const feeds::PollState& state);
bool is_stale(const feeds::PollState& state);
bool has_recent_gap(const feeds::PollState& state);  // in the day before its last poll
bool needs_a_look(const feeds::PollState& state);    // paused, failing, stale or with a recent gap

struct FeedTotals {
  std::size_t feeds = 0;
  // By feed_status().
  std::size_t good = 0;
  std::size_t stale = 0;
  std::size_t failing = 0;
  std::size_t paused = 0;
  std::size_t not_polled_yet = 0;
  // Whatever their status.
  std::size_t with_failures = 0;
  std::size_t quiet = 0;  // is_stale()
  std::size_t with_recent_gaps = 0;
  std::size_t to_look_at = 0;  // needs_a_look()
  std::uint64_t gaps = 0;
  std::uint64_t polls = 0;
  std::uint64_t items = 0;
  std::uint64_t held = 0;  // items; see FeedHealth

  void add(const feeds::PollState& state, std::uint64_t its_polls, std::uint64_t its_items);
};

// What a look at all feeds brings that costs little, however many there are.
struct FeedGlance {
  FeedTotals totals;
  std::vector<FeedHealth> noted;  // the first that need a look
  std::vector<FeedHealth> held;   // those with items that wait for the operator
};
inline constexpr std::size_t most_noted = 8;

}  // namespace wirewatch::daemon
