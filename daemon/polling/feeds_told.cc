#include "daemon/polling/feeds_told.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/polling/feed_slot.h"

namespace wirewatch::daemon {

std::vector<FeedHealth> health_of(const FeedSlots& slots, FeedsAsked asked) {
  std::vector<FeedHealth> all;
  if (asked == FeedsAsked::all) all.reserve(slots.size());
  for (const std::shared_ptr<FeedSlot>& slot : slots) {
    const bool troubled = slot->state.paused || slot->state.failures > 0;
    if (asked == FeedsAsked::all || troubled) all.push_back(health_of(*slot));
  }
  return all;
}

FeedGlance glance_at(const FeedSlots& slots) {
  FeedGlance glance;
  for (const std::shared_ptr<FeedSlot>& slot : slots) {
    glance.totals.add(slot->state, slot->polls, slot->items);
    const bool notes = glance.noted.size() < most_noted && needs_a_look(slot->state);
    if (notes) glance.noted.push_back(health_of(*slot));
  }
  return glance;
}

asio::awaitable<std::vector<FeedHealth>> health_in_slices(asio::any_io_executor loop,
                                                          FeedSlots slots,
                                                          std::function<void(FeedHealth&)> more) {
  constexpr std::size_t slice = 500;  // a millisecond or two
  std::vector<FeedHealth> all;
  all.reserve(slots.size());
  for (std::size_t at = 0; at < slots.size(); ++at) {
    const FeedSlot& slot = *slots[at];
    if (!slot.removed) more(all.emplace_back(health_of(slot)));
    if (at % slice == slice - 1) co_await asio::post(loop, asio::use_awaitable);
  }
  co_return all;
}

}  // namespace wirewatch::daemon
