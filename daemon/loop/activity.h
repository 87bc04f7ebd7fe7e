// Counts work in flight (requests, pool jobs, commits), so that a test, and a stopping daemon, can
// wait until nothing is left.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace wirewatch::daemon {

namespace asio = boost::asio;

class Activity {
 public:
  explicit Activity(asio::any_io_executor loop) : idle_(loop) {}

  // Held while something is in flight. Loop thread only.
  class Token {
   public:
    explicit Token(Activity& owner) : owner_(&owner) { ++owner.count_; }
    Token(Token&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;
    Token& operator=(Token&&) = delete;
    ~Token() {
      if (owner_ != nullptr) owner_->finished();
    }

   private:
    Activity* owner_;
  };

  std::size_t count() const { return count_; }

  // Returns once the count has been zero with every ready handler of the loop run.
  asio::awaitable<void> idle();

 private:
  void finished() {
    if (--count_ == 0) idle_.cancel();
  }
  std::size_t count_ = 0;
  asio::steady_timer idle_;
};

}  // namespace wirewatch::daemon
