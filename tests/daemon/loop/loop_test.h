// A loop with a clock that stands still, for tests of what runs on it.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/loop/clock.h"

namespace wirewatch::daemon {

inline constexpr Instant noon = Instant(std::chrono::hours(24 * 365 * 50 + 12));

// What became of a coroutine that a test started.
struct Outcome {
  bool ended = false;
  bool cancelled = false;  // ended by operation_aborted
  std::string error{};     // the text of any other exception
  asio::cancellation_signal cancel{};
};

class LoopTest : public testing::Test {
 protected:
  // Runs everything that is ready; nothing here waits for real time.
  void run_ready() {
    loop_.restart();
    loop_.poll();
  }

  void advance(Span by) {
    clock_.advance_to(clock_.now() + by);
    run_ready();
  }

  // Runs until `done`; five real seconds without any event fail the test.
  void run_until(const std::function<bool()>& done) {
    loop_.restart();
    while (!done()) {
      if (loop_.run_one_for(std::chrono::seconds(5)) == 0) FAIL() << "nothing happens any more";
    }
  }

  std::shared_ptr<Outcome> start(asio::awaitable<void> task) {
    auto outcome = std::make_shared<Outcome>();
    auto ended = [outcome](const std::exception_ptr& error) {
      outcome->ended = true;
      if (error == nullptr) return;
      try {
        std::rethrow_exception(error);
      } catch (const boost::system::system_error& thrown) {
        outcome->cancelled = thrown.code() == asio::error::operation_aborted;
        if (!outcome->cancelled) outcome->error = thrown.what();
      } catch (const std::exception& thrown) {
        outcome->error = thrown.what();
      }
    };
    asio::co_spawn(loop_, std::move(task),
                   asio::bind_cancellation_slot(outcome->cancel.slot(), std::move(ended)));
    return outcome;
  }

  asio::io_context loop_{1};
  ManualClock clock_{loop_.get_executor(), noon};
};

}  // namespace wirewatch::daemon
