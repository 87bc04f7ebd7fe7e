// Counts work in flight (requests, pool jobs, commits), so that a test, and a stopping daemon, can
// wait until nothing is left.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace wirewatch::daemon {

namespace asio = boost::asio;

class Activity {
  struct State {
    explicit State(asio::any_io_executor loop) : idle(loop) {}
    std::size_t count = 0;
    asio::steady_timer idle;
  };

 public:
  explicit Activity(asio::any_io_executor loop) : state_(std::make_shared<State>(loop)) {}

  // Held while something is in flight. Loop thread only. May outlive its Activity: a loop that is
  // destroyed with coroutines inside destroys their tokens last.
  class Token {
   public:
    explicit Token(Activity& owner) : state_(owner.state_) { ++state_->count; }
    Token(Token&& other) noexcept = default;
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;
    Token& operator=(Token&&) = delete;
    ~Token() {
      if (state_ != nullptr && --state_->count == 0) state_->idle.cancel();
    }

   private:
    std::shared_ptr<State> state_;
  };

  std::size_t count() const { return state_->count; }

  // Returns once the count has been zero with every ready handler of the loop run.
  asio::awaitable<void> idle();

 private:
  std::shared_ptr<State> state_;
};

}  // namespace wirewatch::daemon
