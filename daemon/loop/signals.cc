#include "daemon/loop/signals.h"

#include <boost/asio/signal_set.hpp>
#include <map>
#include <utility>

namespace wirewatch::daemon {

using boost::system::error_code;

struct Signals::State : std::enable_shared_from_this<State> {
  explicit State(asio::any_io_executor loop) : set(std::move(loop)) {}

  void wait() {
    waiting = true;
    set.async_wait([weak = weak_from_this()](const error_code& error, int signal) {
      const auto self = weak.lock();
      if (!self || error) return;
      self->wait();  // before the handler, which may take its time or destroy the owner
      const auto found = self->handlers.find(signal);
      if (found == self->handlers.end()) return;
      const auto handler = found->second;
      handler();
    });
  }

  asio::signal_set set;
  std::map<int, std::function<void()>> handlers{};
  bool waiting = false;
};

Signals::Signals(asio::any_io_executor loop) : state_(std::make_shared<State>(std::move(loop))) {}

Signals::~Signals() {
  state_->handlers.clear();
}

bool Signals::on(int signal, std::function<void()> handler) {
  error_code error;
  state_->set.add(signal, error);
  if (error) return false;
  state_->handlers.insert_or_assign(signal, std::move(handler));
  if (!state_->waiting) state_->wait();
  return true;
}

}  // namespace wirewatch::daemon
