// Unix signals as calls from the loop.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

namespace wirewatch::daemon {

namespace asio = boost::asio;

// Loop thread only. Destroying it restores the signals' default action and drops what is queued.
class Signals {
 public:
  explicit Signals(asio::any_io_executor loop);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // From now on calls `handler` from the loop each time the process gets `signal` (SIGTERM, …);
  // signals that come faster than the loop turns may be told once. False when the signal cannot be
  // caught (SIGKILL, a number that is none). A second handler for a signal replaces the first.
  bool on(int signal, std::function<void()> handler);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace wirewatch::daemon
