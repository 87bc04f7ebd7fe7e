// What happens to alerts between their commit and their sending, and what people do with them:
// quiet hours and digests, the operator's messages, replays, verdicts.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "daemon/delivery/deliverer.h"
#include "daemon/delivery/operator_desk.h"
#include "daemon/delivery/releaser.h"
#include "daemon/loop/task_group.h"
#include "daemon/pipeline/engine.h"

namespace wirewatch::daemon {

// Loop thread only; all that it is given outlives it.
class AlertDesk {
 public:
  struct Sources {
    std::function<std::vector<FeedHealth>()> feeds;  // the troubled ones
    std::function<std::vector<ReceiverHealth>()> receivers;
    std::function<std::uint64_t()> progress;
  };
  // `folder`: of the state, where the archive is read for catch_up.
  AlertDesk(asio::any_io_executor loop, Clock& clock, Pool& pool, Fetcher& http, Store& store,
            Engine& engine, Deliverer& deliverer, std::string folder, Sources sources);

  void set_snapshot(std::shared_ptr<const Snapshot> snapshot);  // before spawn, after each reload
  void spawn(TaskGroup& tasks);
  // After set_snapshot: rules that were never live are known from now on, and those of them with
  // `catch_up` tell what they would have told lately, as one digest.
  asio::awaitable<void> catch_up();
  void tell(OperatorNotice notice) { operator_.tell(std::move(notice)); }

  // Puts deliveries of any state back in the queue under their own ids; more than `digest_above` of
  // one receiver go out as one digest.
  static constexpr std::size_t digest_above = 20;
  asio::awaitable<Result<std::size_t>> replay(std::vector<DeliveryRow> deliveries);
  asio::awaitable<Result<void>> judge(VerdictRow verdict);
  // Of what is decided from now on nothing that is silenced is told, nor of what waits to be sent.
  asio::awaitable<Result<void>> silence(rules::Silence silence);

 private:
  Clock& clock_;
  Pool& pool_;
  Store& store_;
  Engine& engine_;
  Deliverer& deliverer_;
  std::string folder_;
  std::shared_ptr<const Snapshot> snapshot_;
  Releaser releaser_;
  OperatorDesk operator_;
};

}  // namespace wirewatch::daemon
