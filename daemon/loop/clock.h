// The one clock of the daemon, its timers included, so that days pass in tests in milliseconds.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>

#include "feeds/time.h"

namespace wirewatch::daemon {

namespace asio = boost::asio;

// Loop thread only. Delays are measured on a steady clock, so that a wall clock that jumps neither
// floods nor starves; `now` is the wall clock.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;

  class Timer {  // destroying it cancels the wait
   public:
    virtual ~Timer() = default;
  };
  // Calls `done` once, from the loop, after `delay`; never from inside this call.
  virtual std::unique_ptr<Timer> after(Span delay, std::function<void()> done) = 0;
};

std::unique_ptr<Clock> make_system_clock(asio::any_io_executor loop);

// A clock that stands still until told. Timers due at or before the new time fire in their order.
class ManualClock : public Clock {
 public:
  ManualClock(asio::any_io_executor loop, Instant start);
  ~ManualClock() override;
  Instant now() const override;
  std::unique_ptr<Timer> after(Span delay, std::function<void()> done) override;

  std::optional<Instant> next_timer() const;
  void advance_to(Instant target);  // posts what is due; does not wait for it

 private:
  class Entry;
  struct State;
  asio::any_io_executor loop_;
  std::shared_ptr<State> state_;
};

// Suspends for `delay`. Throws boost::system::system_error(operation_aborted) when cancelled.
asio::awaitable<void> sleep_for(Clock& clock, Span delay);

// A bell that one coroutine waits at and anyone on the loop may ring; rings while nobody waits are
// kept (once).
class Bell {
 public:
  Bell(asio::any_io_executor loop, Clock& clock);
  ~Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  void ring();
  // True when rung, false when `at_most` passed first. Throws when cancelled.
  asio::awaitable<bool> wait(Span at_most);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wirewatch::daemon
