#include "daemon/loop/clock.h"

#include <boost/asio/detached.hpp>
#include <vector>

#include "tests/daemon/loop/loop_test.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

class ManualClockTest : public LoopTest {
 protected:
  std::unique_ptr<Clock::Timer> note_after(Span delay, std::string what) {
    return clock_.after(delay, [this, what = std::move(what)] { fired_.push_back(what); });
  }
  std::vector<std::string> fired_;
};
using Names = std::vector<std::string>;

TEST_F(ManualClockTest, StandsStillUntilTold) {
  const auto timer = note_after(seconds(1), "a");
  run_ready();
  EXPECT_EQ(clock_.now(), noon);
  EXPECT_EQ(fired_, Names());
  EXPECT_EQ(clock_.next_timer(), noon + seconds(1));
}

TEST_F(ManualClockTest, FiresByDueTimeThenByCreation) {
  const auto late = note_after(seconds(3), "late");
  const auto first = note_after(seconds(1), "first");
  const auto second = note_after(seconds(1), "second");
  const auto later = note_after(seconds(9), "later");
  advance(seconds(5));
  EXPECT_EQ(fired_, (Names{"first", "second", "late"}));
  EXPECT_EQ(clock_.next_timer(), noon + seconds(9));
}

TEST_F(ManualClockTest, PostsWhatIsDueAndNeverCallsIt) {
  const auto timer = note_after(seconds(1), "a");
  clock_.advance_to(noon + hours(1));
  EXPECT_EQ(fired_, Names());
  run_ready();
  EXPECT_EQ(fired_, Names{"a"});
}

TEST_F(ManualClockTest, ATimerWithoutDelayFiresWithoutTheClockMoving) {
  const auto timer = note_after(Span::zero(), "now");
  const auto past = note_after(-seconds(4), "past");
  EXPECT_EQ(fired_, Names());
  run_ready();
  EXPECT_EQ(fired_, (Names{"now", "past"}));
}

TEST_F(ManualClockTest, ADestroyedTimerNeverFiresEvenWhenItWasDue) {
  auto waiting = note_after(seconds(1), "waiting");
  auto posted = note_after(seconds(2), "posted");
  waiting.reset();
  EXPECT_EQ(clock_.next_timer(), noon + seconds(2));
  clock_.advance_to(noon + seconds(2));
  posted.reset();
  run_ready();
  EXPECT_EQ(fired_, Names());
}

TEST_F(ManualClockTest, ATimerMayOutliveItsClock) {
  auto clock = std::make_unique<ManualClock>(loop_.get_executor(), noon);
  auto timer = clock->after(seconds(1), [] {});
  clock.reset();
  timer.reset();
}

TEST_F(ManualClockTest, AnEarlierTargetChangesNothing) {
  clock_.advance_to(noon - hours(1));
  EXPECT_EQ(clock_.now(), noon);
}

TEST_F(ManualClockTest, TimersKeepWhatTheyHaveLeftWhenTheWallClockJumps) {
  const auto timer = note_after(hours(2), "a");
  clock_.set_wall(noon + hours(24 * 365));
  run_ready();
  EXPECT_EQ(fired_, Names());
  EXPECT_EQ(clock_.next_timer(), noon + hours(24 * 365 + 2));
  clock_.set_wall(noon - hours(24));
  advance(hours(1));
  EXPECT_EQ(fired_, Names());
  advance(hours(1));
  EXPECT_EQ(fired_, Names{"a"});
}

TEST_F(ManualClockTest, AnEndlessDelayIsNoOverflow) {
  const auto manual = note_after(Span::max(), "a");
  const auto system = make_system_clock(loop_.get_executor());
  const auto timer = system->after(Span::max(), [this] { fired_.emplace_back("system"); });
  advance(hours(1));
  EXPECT_EQ(fired_, Names());
}

class SystemClockTest : public LoopTest {
 protected:
  std::unique_ptr<Clock> system_ = make_system_clock(loop_.get_executor());
};

TEST_F(SystemClockTest, ATimerFiresFromTheLoop) {
  int fired = 0;
  const auto timer = system_->after(Span::zero(), [&fired] { ++fired; });
  EXPECT_EQ(fired, 0);
  run_until([&fired] { return fired == 1; });
}

TEST_F(SystemClockTest, ATimerThatWasDestroyedAfterItExpiredDoesNotFire) {
  int fired = 0;
  std::unique_ptr<Clock::Timer> second;
  const auto first = system_->after(-seconds(1), [&second] { second.reset(); });
  second = system_->after(Span::zero(), [&fired] { ++fired; });
  run_until([&second] { return second == nullptr; });
  run_ready();
  EXPECT_EQ(fired, 0);
}

asio::awaitable<void> sleep_and_count(Clock& clock, Span delay, int& count) {
  co_await sleep_for(clock, delay);
  ++count;
}

using SleepTest = LoopTest;

TEST_F(SleepTest, LastsAsLongAsTheClockSays) {
  int count = 0;
  const auto outcome = start(sleep_and_count(clock_, hours(48), count));
  run_ready();
  advance(hours(47));
  EXPECT_FALSE(outcome->ended);
  advance(hours(1));
  EXPECT_TRUE(outcome->ended);
  EXPECT_EQ(count, 1);
}

TEST_F(SleepTest, EndsAtOnceWithAnExceptionWhenCancelled) {
  int count = 0;
  const auto outcome = start(sleep_and_count(clock_, hours(48), count));
  run_ready();
  outcome->cancel.emit(asio::cancellation_type::terminal);
  run_ready();
  EXPECT_TRUE(outcome->cancelled);
  EXPECT_EQ(count, 0);
  EXPECT_EQ(clock_.next_timer(), std::nullopt);
}

TEST_F(SleepTest, ACoroutineDestroyedInItsSleepLeavesNoTimerBehind) {
  ManualClock clock(loop_.get_executor(), noon);
  int count = 0;
  {
    asio::io_context short_lived;
    asio::co_spawn(short_lived, sleep_and_count(clock, hours(1), count), asio::detached);
    short_lived.poll();
    EXPECT_TRUE(clock.next_timer());
  }
  EXPECT_EQ(clock.next_timer(), std::nullopt);
  EXPECT_EQ(count, 0);
}

class BellTest : public LoopTest {
 protected:
  static asio::awaitable<void> listen(Bell& bell, Span at_most, std::vector<bool>& heard) {
    const bool rung = co_await bell.wait(at_most);
    heard.push_back(rung);
  }
  Bell bell_{loop_.get_executor(), clock_};
  std::vector<bool> heard_;
};

TEST_F(BellTest, WakesTheOneWhoWaits) {
  const auto outcome = start(listen(bell_, hours(1), heard_));
  run_ready();
  EXPECT_TRUE(heard_.empty());
  bell_.ring();
  run_ready();
  EXPECT_EQ(heard_, std::vector<bool>{true});
}

TEST_F(BellTest, KeepsOneRingForWhoComesLater) {
  bell_.ring();
  bell_.ring();
  start(listen(bell_, hours(1), heard_));
  run_ready();
  EXPECT_EQ(heard_, std::vector<bool>{true});
  start(listen(bell_, hours(1), heard_));
  run_ready();
  advance(hours(1));
  EXPECT_EQ(heard_, (std::vector<bool>{true, false}));
}

TEST_F(BellTest, ARingTogetherWithTheTimeoutIsNotLost) {
  start(listen(bell_, seconds(1), heard_));
  run_ready();
  clock_.advance_to(noon + seconds(1));
  bell_.ring();
  run_ready();
  EXPECT_EQ(heard_, std::vector<bool>{true});
}

TEST_F(BellTest, WaitingThrowsWhenCancelledAndTheNextRingIsKept) {
  const auto outcome = start(listen(bell_, hours(1), heard_));
  run_ready();
  outcome->cancel.emit(asio::cancellation_type::terminal);
  run_ready();
  EXPECT_TRUE(outcome->cancelled);
  bell_.ring();
  start(listen(bell_, hours(1), heard_));
  run_ready();
  EXPECT_EQ(heard_, std::vector<bool>{true});
}

TEST_F(BellTest, ADestroyedBellEndsTheWait) {
  auto bell = std::make_unique<Bell>(loop_.get_executor(), clock_);
  const auto outcome = start(listen(*bell, hours(1), heard_));
  run_ready();
  bell.reset();
  run_ready();
  EXPECT_TRUE(outcome->cancelled);
  EXPECT_TRUE(heard_.empty());
}

}  // namespace
}  // namespace wirewatch::daemon
