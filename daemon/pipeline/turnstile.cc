#include "daemon/pipeline/turnstile.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace wirewatch::daemon {

asio::awaitable<void> Turnstile::Ticket::turn() {
  while (owner_.serving_ != number_) {
    Place& place = owner_.places_[number_];
    place.waiting =
        std::make_unique<asio::steady_timer>(owner_.loop_, asio::steady_timer::time_point::max());
    const auto [error] = co_await place.waiting->async_wait(asio::as_tuple(asio::use_awaitable));
    // The timer is cancelled both by an earlier ticket and by a cancelled caller.
    if (error == asio::error::operation_aborted && owner_.serving_ != number_) {
      throw boost::system::system_error(error);
    }
  }
}

void Turnstile::Ticket::done() {
  if (done_) return;
  done_ = true;
  owner_.finish(number_);
}

void Turnstile::finish(std::uint64_t number) {
  places_[number].done = true;
  while (!places_.empty() && places_.begin()->first == serving_ && places_.begin()->second.done) {
    places_.erase(places_.begin());
    ++serving_;
  }
  const auto next = places_.find(serving_);
  if (next != places_.end() && next->second.waiting) next->second.waiting->cancel();
}

}  // namespace wirewatch::daemon
