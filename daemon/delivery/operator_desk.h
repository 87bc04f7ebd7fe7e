// Tells the operator, over receivers of their own, of what needs a hand; and a watchman elsewhere,
// by a heartbeat, that this daemon lives.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/delivery/deliverer.h"
#include "daemon/loop/clock.h"
#include "daemon/pipeline/operator_notice.h"
#include "daemon/polling/feed_health.h"
#include "daemon/store/store.h"

namespace wirewatch::daemon {

class OperatorDesk {
 public:
  struct Sources {
    std::function<std::vector<FeedHealth>()> feeds;  // the troubled ones
    std::function<std::vector<ReceiverHealth>()> receivers;
    std::function<std::uint64_t()> progress;  // moves while the daemon does its work
    std::function<void(const std::string&)> wake_receiver;
  };
  OperatorDesk(asio::any_io_executor loop, Clock& clock, Fetcher& http, Store& store,
               Sources sources);

  void set_snapshot(std::shared_ptr<const Snapshot> snapshot) { snapshot_ = std::move(snapshot); }
  // One message to each operator receiver, in the next round. The same kind about the same feed or
  // receiver is told again after six hours at the earliest.
  void tell(OperatorNotice notice);
  asio::awaitable<void> run();        // looks around every minute and sends what was told
  asio::awaitable<void> heartbeat();  // while the progress moves

 private:
  // What tells once its patience is over.
  using Watch = std::function<void(const std::string& subject, Span patience, OperatorNotice)>;
  void look_around();
  void look_at_receivers(Instant now, const Watch& watch);
  asio::awaitable<void> send();
  void put_back(const std::vector<OperatorNotice>& notices);

  Clock& clock_;
  Fetcher& http_;
  Store& store_;
  Sources sources_;
  std::shared_ptr<const Snapshot> snapshot_;
  Bell bell_;
  std::vector<OperatorNotice> outgoing_;       // at most most_outgoing
  std::map<std::string, Instant> told_;        // kind and subject → when
  std::map<std::string, Instant> failing_;     // feed or receiver → since when
  std::map<std::string, std::uint64_t> dead_;  // receiver → dead letters when last looked at
};

}  // namespace wirewatch::daemon
