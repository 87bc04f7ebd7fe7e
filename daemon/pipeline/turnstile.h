// Puts work that ran ahead in parallel back in the order in which it arrived.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <memory>

namespace wirewatch::daemon {

namespace asio = boost::asio;

// Loop thread only. Every ticket drawn must come to its end, by its destructor at the latest: the
// later ones wait for it. The turnstile outlives its tickets.
class Turnstile {
 public:
  explicit Turnstile(asio::any_io_executor loop) : loop_(std::move(loop)) {}

  class Ticket {
   public:
    explicit Ticket(Turnstile& owner) : owner_(owner), number_(owner.next_++) {}
    ~Ticket() { done(); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    // Returns when every earlier ticket is done. Throws when cancelled.
    asio::awaitable<void> turn();
    void done();

   private:
    Turnstile& owner_;
    std::uint64_t number_;
    bool done_ = false;
  };

 private:
  struct Place {
    bool done = false;
    std::unique_ptr<asio::steady_timer> waiting;
  };
  void finish(std::uint64_t number);

  asio::any_io_executor loop_;
  std::uint64_t next_ = 0;
  std::uint64_t serving_ = 0;
  std::map<std::uint64_t, Place> places_;
};

}  // namespace wirewatch::daemon
