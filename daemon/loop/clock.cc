#include "daemon/loop/clock.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cstdint>
#include <map>
#include <utility>

namespace wirewatch::daemon {
namespace {

using boost::system::error_code;

// Keeps every sum of a time and a delay far from overflow.
Span bounded(Span delay) {
  constexpr Span longest = std::chrono::hours(24 * 365 * 50);
  return std::clamp(delay, Span::zero(), longest);
}

[[noreturn]] void throw_aborted() {
  throw boost::system::system_error(asio::error::operation_aborted);
}

// What a timer will call. It is emptied when the timer is destroyed: its handler may be queued in
// the loop by then.
struct Callback {
  explicit Callback(std::function<void()> call) : done(std::move(call)) {}
  void run() {
    if (!done) return;
    const auto call = std::exchange(done, nullptr);
    call();
  }
  std::function<void()> done;
};

class SystemTimer : public Clock::Timer {
 public:
  SystemTimer(const asio::any_io_executor& loop, Span delay, std::function<void()> done)
      : callback_(std::make_shared<Callback>(std::move(done))), timer_(loop, delay) {
    timer_.async_wait([callback = callback_](const error_code& error) {
      if (!error) callback->run();
    });
  }
  ~SystemTimer() override { callback_->done = nullptr; }

 private:
  std::shared_ptr<Callback> callback_;
  asio::steady_timer timer_;  // its destructor cancels the wait
};

class SystemClock : public Clock {
 public:
  explicit SystemClock(asio::any_io_executor loop) : loop_(std::move(loop)) {}
  Instant now() const override {
    return std::chrono::time_point_cast<Span>(std::chrono::system_clock::now());
  }
  Span steady() const override {
    timespec since{};  // goes on while the machine sleeps, as the wall clock does
    ::clock_gettime(CLOCK_BOOTTIME, &since);
    return std::chrono::duration_cast<Span>(std::chrono::seconds(since.tv_sec) +
                                            std::chrono::nanoseconds(since.tv_nsec));
  }
  std::unique_ptr<Timer> after(Span delay, std::function<void()> done) override {
    return std::make_unique<SystemTimer>(loop_, bounded(delay), std::move(done));
  }

 private:
  asio::any_io_executor loop_;
};

}  // namespace

std::unique_ptr<Clock> make_system_clock(asio::any_io_executor loop) {
  return std::make_unique<SystemClock>(std::move(loop));
}

struct ManualClock::State {
  using Key = std::pair<Span, std::uint64_t>;  // due on the steady clock, order of creation

  void post(const std::shared_ptr<Callback>& callback) const {
    asio::post(loop, [callback] { callback->run(); });
  }

  asio::any_io_executor loop;
  Instant wall;
  Span steady{};
  std::uint64_t created = 0;
  std::map<Key, std::shared_ptr<Callback>> waiting{};
};

class ManualClock::Entry : public Clock::Timer {
 public:
  Entry(std::shared_ptr<State> state, State::Key key, std::shared_ptr<Callback> callback)
      : state_(std::move(state)), key_(key), callback_(std::move(callback)) {}
  ~Entry() override {
    callback_->done = nullptr;
    state_->waiting.erase(key_);
  }

 private:
  std::shared_ptr<State> state_;
  State::Key key_;
  std::shared_ptr<Callback> callback_;
};

ManualClock::ManualClock(asio::any_io_executor loop, Instant start)
    : state_(std::make_shared<State>(State{.loop = std::move(loop), .wall = start})) {}

ManualClock::~ManualClock() = default;

Instant ManualClock::now() const {
  return state_->wall;
}

Span ManualClock::steady() const {
  return state_->steady;
}

std::unique_ptr<Clock::Timer> ManualClock::after(Span delay, std::function<void()> done) {
  const State::Key key(state_->steady + bounded(delay), ++state_->created);
  auto callback = std::make_shared<Callback>(std::move(done));
  if (delay <= Span::zero()) {
    state_->post(callback);
  } else {
    state_->waiting.emplace(key, callback);
  }
  return std::make_unique<Entry>(state_, key, std::move(callback));
}

std::optional<Instant> ManualClock::next_timer() const {
  if (state_->waiting.empty()) return std::nullopt;
  return state_->wall + (state_->waiting.begin()->first.first - state_->steady);
}

void ManualClock::advance_to(Instant target) {
  if (target < state_->wall) return;
  state_->steady += target - state_->wall;
  state_->wall = target;
  auto& waiting = state_->waiting;
  while (!waiting.empty() && waiting.begin()->first.first <= state_->steady) {
    state_->post(waiting.begin()->second);
    waiting.erase(waiting.begin());
  }
}

void ManualClock::set_wall(Instant now) {
  state_->wall = now;
}

// The waiting coroutine sleeps on a timer without end; what wakes it cancels that timer. So
// Asio's own cancellation works, and nothing that could be lost is raced against it.
asio::awaitable<void> sleep_for(Clock& clock, Span delay) {
  const auto loop = co_await asio::this_coro::executor;
  asio::steady_timer woken(loop, asio::steady_timer::time_point::max());
  bool due = false;
  const auto timer = clock.after(delay, [&due, &woken] {
    due = true;
    woken.cancel();
  });
  const auto [ignored] = co_await woken.async_wait(asio::as_tuple(asio::use_awaitable));
  static_cast<void>(ignored);
  if (!due) throw_aborted();
}

struct Bell::State {
  State(const asio::any_io_executor& loop, Clock& with)
      : clock(with), woken(loop, asio::steady_timer::time_point::max()) {}
  Clock& clock;
  asio::steady_timer woken;
  bool rung = false;
  bool gone = false;

  static asio::awaitable<bool> wait(std::shared_ptr<State> state, Span at_most);
};

Bell::Bell(asio::any_io_executor loop, Clock& clock)
    : state_(std::make_shared<State>(loop, clock)) {}

Bell::~Bell() {
  state_->gone = true;
  state_->woken.cancel();
}

void Bell::ring() {
  state_->rung = true;
  state_->woken.cancel();
}

asio::awaitable<bool> Bell::wait(Span at_most) {
  return State::wait(state_, at_most);
}

asio::awaitable<bool> Bell::State::wait(std::shared_ptr<State> state, Span at_most) {
  bool late = false;
  if (!state->rung) {
    const auto timer = state->clock.after(at_most, [&late, &woken = state->woken] {
      late = true;
      woken.cancel();
    });
    const auto [ignored] = co_await state->woken.async_wait(asio::as_tuple(asio::use_awaitable));
    static_cast<void>(ignored);
  }
  if (state->gone) throw_aborted();
  if (std::exchange(state->rung, false)) co_return true;
  if (!late) throw_aborted();
  co_return false;
}

}  // namespace wirewatch::daemon
