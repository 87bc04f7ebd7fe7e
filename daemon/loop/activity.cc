#include "daemon/loop/activity.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace wirewatch::daemon {

asio::awaitable<void> Activity::idle() {
  constexpr int quiet_rounds = 3;  // handlers post handlers; a few rounds let them run dry
  const auto state = state_;
  for (int quiet = 0; quiet < quiet_rounds;) {
    if (state->count == 0) {
      co_await asio::post(state->idle.get_executor(), asio::use_awaitable);
      quiet = state->count == 0 ? quiet + 1 : 0;
      continue;
    }
    quiet = 0;
    state->idle.expires_at(asio::steady_timer::time_point::max());
    const auto [ignored] = co_await state->idle.async_wait(asio::as_tuple(asio::use_awaitable));
    static_cast<void>(ignored);
  }
}

}  // namespace wirewatch::daemon
