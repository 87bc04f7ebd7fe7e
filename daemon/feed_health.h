// How a feed is doing, for status, pages and verbs.
#pragma once

#include <string>
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

}  // namespace wirewatch::daemon
