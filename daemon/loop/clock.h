// The one clock of the daemon, its timers included, so that days pass in tests in milliseconds.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "feeds/time.h"

namespace wirewatch::daemon {

namespace asio = boost::asio;

// Loop thread only. Delays are measured on a steady clock, so that a wall clock that jumps neither
// floods nor starves; `now` is the wall clock.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  // Since some fixed moment, on a clock that nobody sets. It goes on while the machine sleeps,
  // which delays do not.
  virtual Span steady() const = 0;

  class Timer {  // destroying it cancels the wait
   public:
    virtual ~Timer() = default;
  };
  // Calls `done` once, from the loop, after `delay`; never from inside this call. A delay below
  // zero is zero, one above fifty years is fifty years.
  virtual std::unique_ptr<Timer> after(Span delay, std::function<void()> done) = 0;
};

std::unique_ptr<Clock> make_system_clock(asio::any_io_executor loop);

// A clock that stands still until told. Timers due at or before the new time fire in their order:
// by due time, then by creation. A timer of no delay fires without the clock being moved.
class ManualClock : public Clock {
 public:
  ManualClock(asio::any_io_executor loop, Instant start);
  ~ManualClock() override;
  Instant now() const override;
  Span steady() const override;
  std::unique_ptr<Timer> after(Span delay, std::function<void()> done) override;

  std::optional<Instant> next_timer() const;
  // Posts what is due; does not wait for it. An earlier target changes nothing.
  void advance_to(Instant target);
  // The wall clock alone is set, forwards or back; what timers have left stays as it is.
  void set_wall(Instant now);

 private:
  class Entry;
  struct State;
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
  // True when rung, false when `at_most` passed first. Throws operation_aborted when cancelled, or
  // when the bell is destroyed first.
  asio::awaitable<bool> wait(Span at_most);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace wirewatch::daemon
