// One poll of one feed: ask, understand, hand on. The Poller decides when.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

#include "daemon/polling/feed_slot.h"
#include "daemon/polling/poller.h"
#include "feeds/poll/budget.h"

namespace wirewatch::daemon {

inline constexpr Span commit_retry = std::chrono::seconds(30);  // after a commit that failed

struct PollTools {
  Clock& clock;
  Fetcher& http;
  Pool& pool;
  Engine& engine;
  StageTimes& times;
  std::function<double()>& random;
  feeds::Budget& budget;
  Hubs* hubs = nullptr;  // null: no hub is ever asked
};

// What a feed's config alone says of its polls: where and how often, not how it is asked.
feeds::PollWishes rhythm_of(const FeedConfig& config);

// Returns with slot->state moved on (next_due in the future) and committed where that was
// possible; a failed commit leaves the old state, due again in half a minute.
asio::awaitable<void> poll_feed(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                std::shared_ptr<FeedSlot> slot);

}  // namespace wirewatch::daemon
