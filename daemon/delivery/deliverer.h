// Sends what the store holds as pending: in order for each receiver, each at its own pace.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/http.h"
#include "daemon/receivers/receiver.h"
#include "daemon/store/store.h"

namespace wirewatch::daemon {

struct ReceiverHealth {
  std::string name;
  std::string kind;
  std::uint64_t delivered = 0;  // since start
  std::uint64_t failed = 0;     // attempts, since start
  std::uint64_t dead = 0;       // since start
  std::size_t waiting = 0;      // in memory; all of them for kind "removed"
  std::string last_answer;
  std::optional<Instant> down_since;      // does not answer
  std::optional<Instant> refusing_since;  // answers, and has taken nothing since
  // As the store has it, over restarts; see add_stored().
  std::uint64_t pending = 0;
  std::uint64_t dead_letters = 0;
};

// Fills `pending` and `dead_letters`; and `last_answer` where nothing was tried since the start.
void add_stored(std::vector<ReceiverHealth>& receivers, const std::vector<ReceiverCounts>& stored);

class Outbox;
struct Snapshot;
class StageTimes;

class Deliverer {
 public:
  // `print` receives what the console receiver shows. `random` is uniform in [0, 1). Clock, http
  // and store must outlive every coroutine of it.
  Deliverer(asio::any_io_executor loop, Clock& clock, Fetcher& http, Store& store,
            std::function<void(const std::string&)> print, std::function<double()> random);
  Deliverer(asio::any_io_executor loop, Clock& clock, Fetcher& http, std::unique_ptr<Outbox> outbox,
            std::function<void(const std::string&)> print, std::function<double()> random);
  ~Deliverer();
  Deliverer(const Deliverer&) = delete;
  Deliverer& operator=(const Deliverer&) = delete;

  // Reads pending deliveries from the store and sends until cancelled (total: finishes what is in
  // flight and its mark; terminal: at once).
  asio::awaitable<void> run();

  // At start and after a reload. What a receiver has in flight is finished first; what is pending
  // for one that is gone stays pending and is reported. `time_zone`: IANA name in which the console
  // shows times; empty: the system's.
  void set_receivers(const std::vector<ReceiverConfig>& receivers,
                     const std::string& time_zone = std::string());
  // What rules are called, and were, for silences; at start and after a reload.
  void set_snapshot(std::shared_ptr<const Snapshot> snapshot);
  void look_again();  // a silence was made: what is in memory may not be for sending any more
  void measure(StageTimes& times);         // stages `deliver` and `total`, from now on
  void wake(const std::string& receiver);  // new pending deliveries were committed for it
  // The same, with all that one commit brought: pending, due, in order. A receiver that has nothing
  // else to do sends them without asking the store.
  void wake(const std::vector<DeliveryRow>& rows);
  // These are on their way to the disk: what can be made ready meanwhile is. Sends nothing.
  void prepare(const std::vector<DeliveryRow>& rows);
  // In the config's order, then, as kind "removed", what deliveries wait for but the config lacks.
  std::vector<ReceiverHealth> health() const;
  std::uint64_t progress() const;  // moves while it lives; for the watchdog

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// Delay before attempt number `attempt` (2, 3, …), with jitter in [0, 1): Standard Webhooks'
// schedule 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; nullopt: no further attempt.
std::optional<Span> retry_delay(std::uint32_t attempt, double jitter);

}  // namespace wirewatch::daemon
