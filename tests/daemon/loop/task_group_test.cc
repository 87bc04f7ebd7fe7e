#include "daemon/loop/task_group.h"

#include <boost/asio/this_coro.hpp>
#include <stdexcept>

#include "tests/daemon/loop/loop_test.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using Names = std::vector<std::string>;

// Ends at any cancellation that a coroutine does not ask to be spared of.
asio::awaitable<void> sleep_long(Clock& clock) {
  co_await sleep_for(clock, hours(1000));
}

// Notices `total` and finishes its piece of work, which takes two seconds.
asio::awaitable<void> finish_piece(Clock& clock, int& finished) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_await asio::this_coro::throw_if_cancelled(false);
  try {
    co_await sleep_for(clock, hours(1000));
  } catch (const boost::system::system_error&) {
    ++finished;
  }
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_await sleep_for(clock, seconds(2));
  ++finished;
}

// Goes on whatever it is told.
asio::awaitable<void> stay(Clock& clock) {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await sleep_for(clock, hours(1000));
}

asio::awaitable<void> fail_after(Clock& clock, Span delay) {
  co_await sleep_for(clock, delay);
  throw std::runtime_error("out of paper");
}

class TaskGroupTest : public LoopTest {
 protected:
  static asio::awaitable<void> stop(TaskGroup& group, std::optional<Names>& left) {
    const Names names = co_await group.stop(seconds(10), seconds(5));
    left = names;
  }
  static asio::awaitable<void> wait(TaskGroup& group, Span at_most, std::optional<bool>& ended) {
    const bool all = co_await group.wait(at_most);
    ended = all;
  }
  void start_stop() {
    start(stop(group_, left_));
    run_ready();
  }

  Names errors_;
  TaskGroup group_{loop_.get_executor(), clock_,
                   [this](const std::string& name, const std::string& what) {
                     errors_.push_back(name + ": " + what);
                   }};
  std::optional<Names> left_;
};

TEST_F(TaskGroupTest, KnowsItsTasksByNameUntilTheyEnd) {
  group_.spawn("deliverer", sleep_long(clock_));
  group_.spawn("nap", sleep_for(clock_, seconds(1)));
  run_ready();
  EXPECT_EQ(group_.names(), (Names{"deliverer", "nap"}));
  advance(seconds(1));
  EXPECT_EQ(group_.names(), Names{"deliverer"});
  EXPECT_EQ(errors_, Names());
}

TEST_F(TaskGroupTest, AnExceptionIsReportedWithTheTasksNameAndTheOthersRunOn) {
  group_.spawn("printer", fail_after(clock_, seconds(1)));
  group_.spawn("deliverer", sleep_long(clock_));
  run_ready();
  advance(seconds(1));
  EXPECT_EQ(errors_, Names{"printer: out of paper"});
  EXPECT_EQ(group_.names(), Names{"deliverer"});
}

TEST_F(TaskGroupTest, PoliteTasksFinishTheirPieceOfWork) {
  int finished = 0;
  group_.spawn("poller", finish_piece(clock_, finished));
  start_stop();
  EXPECT_EQ(finished, 1);
  EXPECT_TRUE(group_.stopping());
  EXPECT_EQ(left_, std::nullopt);
  advance(seconds(2));
  EXPECT_EQ(finished, 2);
  EXPECT_EQ(left_, Names());
  EXPECT_EQ(errors_, Names());
}

TEST_F(TaskGroupTest, WhoDoesNotListenIsMadeToStopAfterTheGrace) {
  group_.spawn("dreamer", sleep_long(clock_));
  start_stop();
  advance(seconds(9));
  EXPECT_EQ(left_, std::nullopt);
  advance(seconds(1));
  EXPECT_EQ(left_, Names());
  EXPECT_EQ(errors_, Names());
}

TEST_F(TaskGroupTest, WhoCannotBeStoppedIsNamed) {
  group_.spawn("rock", stay(clock_));
  group_.spawn("dreamer", sleep_long(clock_));
  start_stop();
  advance(seconds(10));
  EXPECT_EQ(left_, std::nullopt);
  advance(seconds(5));
  EXPECT_EQ(left_, Names{"rock"});
}

TEST_F(TaskGroupTest, ATaskStartedWhileStoppingIsAskedAtOnce) {
  group_.spawn("rock", stay(clock_));
  start_stop();
  int finished = 0;
  group_.spawn("late", finish_piece(clock_, finished));
  run_ready();
  EXPECT_EQ(finished, 1);
  advance(seconds(2));
  EXPECT_EQ(group_.names(), Names{"rock"});
}

TEST_F(TaskGroupTest, StoppingAnEmptyGroupTakesNoTime) {
  start_stop();
  EXPECT_EQ(left_, Names());
}

TEST_F(TaskGroupTest, WaitingTellsWhetherAllHaveEnded) {
  std::optional<bool> early;
  std::optional<bool> late;
  group_.spawn("nap", sleep_for(clock_, seconds(3)));
  start(wait(group_, seconds(1), early));
  run_ready();
  advance(seconds(1));
  EXPECT_EQ(early, false);
  start(wait(group_, seconds(5), late));
  run_ready();
  advance(seconds(2));
  EXPECT_EQ(late, true);
}

TEST_F(TaskGroupTest, AGroupEmptiedEarlierStillWaitsForLaterTasks) {
  group_.spawn("nap", sleep_for(clock_, seconds(1)));
  run_ready();
  advance(seconds(1));
  group_.spawn("second nap", sleep_for(clock_, seconds(2)));
  std::optional<bool> ended;
  start(wait(group_, seconds(5), ended));
  run_ready();
  EXPECT_EQ(ended, std::nullopt);
  advance(seconds(2));
  EXPECT_EQ(ended, true);
}

}  // namespace
}  // namespace wirewatch::daemon
