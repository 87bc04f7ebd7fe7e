#include "daemon/loop/offload.h"

#include <boost/asio/detached.hpp>
#include <latch>
#include <stdexcept>
#include <thread>

#include "daemon/loop/activity.h"
#include "tests/daemon/loop/loop_test.h"

namespace wirewatch::daemon {
namespace {

struct Work {
  std::string text{};
  std::thread::id ran_on{};
};

class OffloadTest : public LoopTest {
 protected:
  static asio::awaitable<void> double_text(Pool& pool, std::string text, Work& result) {
    auto work = [text = std::move(text)] {
      if (text.empty()) throw std::runtime_error("nothing to double");
      return Work{.text = text + text, .ran_on = std::this_thread::get_id()};
    };
    Work done = co_await offload(pool, std::move(work));
    result = std::move(done);
  }
  static asio::awaitable<void> wait_idle(Activity& activity, bool& idle) {
    co_await activity.idle();
    idle = true;
  }
  Activity activity_{loop_.get_executor()};
};

TEST_F(OffloadTest, TheWorkRunsInThePoolAndItsValueComesBackToTheLoop) {
  Pool pool(activity_, 2);
  std::vector<Work> results(100);
  std::vector<std::shared_ptr<Outcome>> outcomes;
  for (Work& result : results) {
    outcomes.push_back(start(double_text(pool, std::string(40, 'a'), result)));
  }
  for (const auto& outcome : outcomes) run_until([&] { return outcome->ended; });
  for (const Work& result : results) {
    EXPECT_EQ(result.text, std::string(80, 'a'));
    EXPECT_NE(result.ran_on, std::this_thread::get_id());
  }
  EXPECT_EQ(activity_.count(), 0U);
}

TEST_F(OffloadTest, AnExceptionOfTheWorkIsTheCallers) {
  Pool pool(activity_, 1);
  Work result;
  const auto outcome = start(double_text(pool, "", result));
  run_until([&] { return outcome->ended; });
  EXPECT_EQ(outcome->error, "nothing to double");
}

TEST_F(OffloadTest, ActivityIsIdleOnlyOnceTheWorkIsBack) {
  Pool pool(activity_, 1);
  Work result;
  bool idle = false;
  std::latch gate(1);
  asio::post(pool.threads(), [&gate] { gate.wait(); });
  const auto outcome = start(double_text(pool, "ab", result));
  start(wait_idle(activity_, idle));
  run_ready();
  EXPECT_EQ(activity_.count(), 1U);
  EXPECT_FALSE(idle);
  gate.count_down();
  run_until([&idle] { return idle; });
  EXPECT_TRUE(outcome->ended);
  EXPECT_EQ(result.text, "abab");
}

TEST_F(OffloadTest, ALoopThatIsDestroyedFirstDropsTheAnswer) {
  auto activity = std::make_unique<Activity>(loop_.get_executor());
  Pool pool(*activity, 1);
  Work result;
  {
    asio::io_context short_lived;
    asio::co_spawn(short_lived, double_text(pool, "ab", result), asio::detached);
    short_lived.poll();
    pool.stop();  // the answer is posted, and nobody runs the loop any more
  }
  EXPECT_LE(result.text.size(), 4U);
  EXPECT_EQ(activity->count(), 0U);
}

}  // namespace
}  // namespace wirewatch::daemon
