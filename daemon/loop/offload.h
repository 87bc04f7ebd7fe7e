// Hands CPU work to a small pool: a function that owns its inputs and returns a value.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>

#include "daemon/loop/activity.h"

namespace wirewatch::daemon {

class Pool {
 public:
  Pool(Activity& activity, std::size_t threads) : activity_(activity), threads_(threads) {}
  ~Pool() { stop(); }
  Activity& activity() { return activity_; }
  asio::thread_pool& threads() { return threads_; }
  void stop() { threads_.join(); }

 private:
  Activity& activity_;
  asio::thread_pool threads_;
};

// Runs `work` on the pool and resumes the caller on the loop; an exception of `work` is rethrown.
// `work` must own everything it touches and must return a value.
template <class Work, class R = std::invoke_result_t<Work&>>
asio::awaitable<R> offload(Pool& pool, Work work) {
  const Activity::Token token(pool.activity());
  auto initiate = [&pool, work = std::move(work)](auto handler) mutable {
    auto executor = asio::get_associated_executor(handler);
    asio::post(pool.threads(), [work = std::move(work), handler = std::move(handler),
                                guard = asio::make_work_guard(executor)]() mutable {
      std::exception_ptr error;
      std::optional<R> value;
      try {
        value.emplace(work());
      } catch (...) {
        error = std::current_exception();
      }
      auto back = guard.get_executor();
      asio::post(back, [handler = std::move(handler), error, value = std::move(value)]() mutable {
        std::move(handler)(error, std::move(value));
      });
    });
  };
  std::optional<R> value =
      co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                    void(std::exception_ptr, std::optional<R>)>(
          std::move(initiate), asio::use_awaitable);
  co_return std::move(*value);
}

}  // namespace wirewatch::daemon
