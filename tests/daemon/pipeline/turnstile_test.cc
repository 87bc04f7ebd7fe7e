#include "daemon/pipeline/turnstile.h"

#include <gmock/gmock.h>

#include "tests/daemon/loop/loop_test.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;

// Draws a ticket, works for `work`, then passes.
asio::awaitable<void> pass_through(Turnstile& turnstile, Clock& clock, Span work, int name,
                                   std::vector<int>& passed) {
  Turnstile::Ticket ticket(turnstile);
  co_await sleep_for(clock, work);
  co_await ticket.turn();
  passed.push_back(name);
}

class TurnstileTest : public LoopTest {
 protected:
  std::shared_ptr<Outcome> come(int name, Span work) {
    auto outcome = start(pass_through(turnstile_, clock_, work, name, passed_));
    run_ready();
    return outcome;
  }
  Turnstile turnstile_{loop_.get_executor()};
  std::vector<int> passed_;
};

TEST_F(TurnstileTest, WhoCameFirstPassesFirstHoweverLongTheWorkTakes) {
  come(1, std::chrono::seconds(3));
  come(2, std::chrono::seconds(1));
  come(3, std::chrono::seconds(2));
  advance(std::chrono::seconds(2));
  EXPECT_THAT(passed_, ElementsAre());
  advance(std::chrono::seconds(1));
  EXPECT_THAT(passed_, ElementsAre(1, 2, 3));
}

TEST_F(TurnstileTest, OneThatIsCancelledWhileWaitingHoldsNobodyUp) {
  come(1, std::chrono::seconds(3));
  const auto second = come(2, std::chrono::seconds(1));
  come(3, std::chrono::seconds(1));
  advance(std::chrono::seconds(1));
  second->cancel.emit(asio::cancellation_type::terminal);
  run_ready();
  EXPECT_TRUE(second->cancelled);
  EXPECT_THAT(passed_, ElementsAre());
  advance(std::chrono::seconds(2));
  EXPECT_THAT(passed_, ElementsAre(1, 3));
}

TEST_F(TurnstileTest, OneThatIsCancelledAtWorkHoldsNobodyUp) {
  const auto first = come(1, std::chrono::seconds(3));
  come(2, std::chrono::seconds(1));
  advance(std::chrono::seconds(1));
  first->cancel.emit(asio::cancellation_type::terminal);
  run_ready();
  EXPECT_THAT(passed_, ElementsAre(2));
}

TEST_F(TurnstileTest, AnEmptyTurnstileLetsTheNextOneThroughAtOnce) {
  come(1, Span(0));
  come(2, Span(0));
  EXPECT_THAT(passed_, ElementsAre(1, 2));
}

}  // namespace
}  // namespace wirewatch::daemon
