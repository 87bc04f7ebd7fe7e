#include "daemon/loop/signals.h"

#include <csignal>

#include "tests/daemon/loop/loop_test.h"

namespace wirewatch::daemon {
namespace {

class SignalsTest : public LoopTest {
 protected:
  void TearDown() override {
    for (const int signal : {SIGUSR1, SIGUSR2}) std::signal(signal, SIG_DFL);
  }
  std::unique_ptr<Signals> signals_ = std::make_unique<Signals>(loop_.get_executor());
};

TEST_F(SignalsTest, EachSignalCallsItsOwnHandlerEveryTime) {
  std::string called;
  EXPECT_TRUE(signals_->on(SIGUSR1, [&called] { called += '1'; }));
  EXPECT_TRUE(signals_->on(SIGUSR2, [&called] { called += '2'; }));
  for (const int signal : {SIGUSR1, SIGUSR2, SIGUSR1}) {
    std::raise(signal);
    run_ready();
  }
  EXPECT_EQ(called, "121");
}

TEST_F(SignalsTest, ASecondHandlerReplacesTheFirst) {
  std::string called;
  signals_->on(SIGUSR1, [&called] { called += 'a'; });
  signals_->on(SIGUSR1, [&called] { called += 'b'; });
  std::raise(SIGUSR1);
  run_ready();
  EXPECT_EQ(called, "b");
}

TEST_F(SignalsTest, ASignalThatCannotBeCaughtIsToldSo) {
  EXPECT_FALSE(signals_->on(SIGKILL, [] {}));
  EXPECT_FALSE(signals_->on(-1, [] {}));
}

TEST_F(SignalsTest, AHandlerMayDestroyItsSignals) {
  int called = 0;
  signals_->on(SIGUSR1, [this, &called] {
    ++called;
    signals_.reset();
  });
  std::raise(SIGUSR1);
  run_ready();
  EXPECT_EQ(called, 1);
  EXPECT_EQ(signals_, nullptr);
}

TEST_F(SignalsTest, NothingIsCalledAfterTheyAreGone) {
  int called = 0;
  signals_->on(SIGUSR1, [&called] { ++called; });
  std::raise(SIGUSR1);
  signals_.reset();
  run_ready();
  EXPECT_EQ(called, 0);
}

}  // namespace
}  // namespace wirewatch::daemon
