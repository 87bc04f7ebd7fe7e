// What is told of many feeds without holding the loop up.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "daemon/polling/feed_health.h"

namespace wirewatch::daemon {

namespace asio = boost::asio;

struct FeedSlot;  // feed_slot.h
using FeedSlots = std::vector<std::shared_ptr<FeedSlot>>;

enum class FeedsAsked : std::uint8_t {
  all,
  troubled  // paused, or their last poll failed
};
std::vector<FeedHealth> health_of(const FeedSlots& slots, FeedsAsked asked);

// One walk that copies nothing but the few it notes; `held` stays empty.
FeedGlance glance_at(const FeedSlots& slots);

// All of them, a slice at a time, between which the loop does its other work: a feed that is
// taken out meanwhile is left out. `more` fills in what others know of a feed. Loop thread.
asio::awaitable<std::vector<FeedHealth>> health_in_slices(asio::any_io_executor loop,
                                                          FeedSlots slots,
                                                          std::function<void(FeedHealth&)> more);

}  // namespace wirewatch::daemon
