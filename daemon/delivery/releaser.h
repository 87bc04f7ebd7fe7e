// Sends on what waited for quiet hours to end or for its digest's time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/config/snapshot.h"
#include "daemon/loop/clock.h"
#include "daemon/store/store.h"

namespace wirewatch::daemon {

// Loop thread only; clock and store outlive it.
class Releaser {
 public:
  Releaser(asio::any_io_executor loop, Clock& clock, Store& store,
           std::function<void(const std::string& receiver)> wake_receiver);

  // What is held is held under the new config from now on: quiet hours may have moved.
  void set_snapshot(std::shared_ptr<const Snapshot> snapshot) {
    snapshot_ = std::move(snapshot);
    bell_.ring();
  }
  void wake() { bell_.ring(); }  // deliveries were committed that wait
  asio::awaitable<void> run();   // until cancelled

 private:
  asio::awaitable<Span> step();

  Clock& clock_;
  Store& store_;
  std::function<void(const std::string&)> wake_receiver_;
  std::shared_ptr<const Snapshot> snapshot_;
  // What is held is looked at once under each config, batch by batch.
  std::shared_ptr<const Snapshot> looking_under_;
  std::optional<std::string> held_after_;  // the last that was; nullopt: all were
  Bell bell_;
};

}  // namespace wirewatch::daemon
