// The daemon's long-lived coroutines under their names, and how all of them are stopped: asked
// first, then made to.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/clock.h"

namespace wirewatch::daemon {

namespace asio = boost::asio;

// Loop thread only. A task that is still running when its group is destroyed runs on, unwatched.
class TaskGroup {
 public:
  // Called from the loop when a task ended by an exception; `what` is the exception's text. A task
  // that ends by being cancelled while the group stops is no error.
  using ErrorHook = std::function<void(const std::string& name, const std::string& what)>;

  TaskGroup(asio::any_io_executor loop, Clock& clock, ErrorHook on_error);
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts `task`; names may repeat. A task started after stop() began is asked to stop at once.
  void spawn(std::string name, asio::awaitable<void> task);

  std::size_t size() const;                // tasks that have not ended
  std::vector<std::string> names() const;  // theirs, in the order they were started
  bool stopping() const;                   // stop() has begun

  // True when every task has ended, false when `at_most` passed first. One waiter at a time.
  asio::awaitable<bool> wait(Span at_most);

  // Asks (`total` cancellation: a task that enables it finishes the piece of work in hand), waits
  // up to `grace`, insists (`terminal`), waits up to `insistence`. Returns the names of the tasks
  // that were still running then. Must not be called by a task of the group.
  asio::awaitable<std::vector<std::string>> stop(Span grace, Span insistence);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace wirewatch::daemon
