// What the daemon does for items that wait: their pages, the operator's word on what is held, and
// the notices of both.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/pipeline/articles.h"
#include "daemon/pipeline/operator_notice.h"
#include "daemon/pipeline/waiting_list.h"

namespace wirewatch::daemon {

// Loop thread only; all that it is given outlives it. It sets the engine's hooks.
class WaitingDesk {
 public:
  WaitingDesk(asio::any_io_executor loop, Clock& clock, Fetcher& http, Pool& pool, Engine& engine,
              Store& store);

  // Takes up what the store has waiting; before run. Error: it cannot be read.
  asio::awaitable<Result<void>> start(std::shared_ptr<const Snapshot> snapshot);
  void set_snapshot(std::shared_ptr<const Snapshot> snapshot);  // after every reload
  asio::awaitable<void> run() { return articles_.run(); }

  // `name`: a feed's name, key, or the key of one that is no longer configured and has held items.
  // How many items there were. Error: no such feed, or the store failed.
  asio::awaitable<Result<std::size_t>> release(std::string name, bool drop);

  void on_notice(NoticeHook hook) { hook_ = std::move(hook); }  // beside the list of notices
  void tell(const OperatorNotice& notice);                      // logs it, lists it, calls the hook

  const std::map<std::string, HeldItems>& held() const;  // by feed
  std::vector<OperatorNotice> notices() const;  // the last twenty since the start, oldest first

 private:
  Engine& engine_;
  Store& store_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::deque<OperatorNotice> notices_;
  NoticeHook hook_;
  Articles articles_;
};

}  // namespace wirewatch::daemon
