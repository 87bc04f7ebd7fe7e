// What the parts of Engine share: engine.cc decides documents, engine_waiting.cc what had to wait.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "daemon/pipeline/alert_book.h"
#include "daemon/pipeline/decide.h"
#include "daemon/pipeline/engine.h"
#include "daemon/pipeline/last_documents.h"
#include "daemon/pipeline/policy_book.h"
#include "daemon/pipeline/prepare.h"
#include "daemon/pipeline/turnstile.h"

namespace wirewatch::daemon {

struct Engine::Impl : std::enable_shared_from_this<Engine::Impl> {
  Impl(asio::any_io_executor loop_in, Clock& clock_in, Pool& pool_in, Store& store_in,
       StageTimes& times_in, std::function<void(const std::string&)> wake_in)
      : loop(std::move(loop_in)),
        clock(clock_in),
        pool(pool_in),
        store(store_in),
        times(times_in),
        wake_receiver(std::move(wake_in)),
        turnstile(loop),
        wall_ahead(wall_ahead_now()),
        mended(loop, clock) {}

  Span wall_ahead_now() const { return clock.now().time_since_epoch() - clock.steady(); }

  asio::awaitable<Result<Taken>> take(Arrival arrival);
  asio::awaitable<Result<void>> turn(Turnstile::Ticket& ticket);
  asio::awaitable<void> bring_up_to_date(std::shared_ptr<const Snapshot>& snapshot,
                                         std::vector<Prepared>& prepared);
  asio::awaitable<Result<void>> commit(Commit changes);
  void wake_all(const std::set<std::string>& receivers);
  void prepare_soon(const std::shared_ptr<const std::vector<DeliveryRow>>& due);
  void hand_on(const std::vector<DeliveryRow>& due, const std::set<std::string>& receivers,
               std::uint64_t repeated_before);
  asio::awaitable<Result<void>> rebuild();
  asio::awaitable<void> restore_policy();
  bool clock_was_set() const;
  void distrust_memory();
  void mend_when_quiet();
  void open_store_again();
  static asio::awaitable<void> mend(std::shared_ptr<Impl> self);
  Ahead ahead_of(Arrival arrival) const;
  asio::awaitable<std::shared_ptr<LookedUp>> look_ahead(Arrival& arrival);
  Commit decide_all(const Arrival& arrival, PreparedDocument prepared, Taken& taken,
                    std::set<std::string>& wake);

  // engine_waiting.cc
  bool let_wait(DecideContext& context, Prepared& one, Commit& changes, DecideCounts& counts,
                Taken& taken);
  void take_up_wait(DecideContext& context, Prepared& one, Commit& changes);
  void after_wait(const Arrival& arrival, const Taken& taken, std::vector<WaitingRow> pages) const;
  asio::awaitable<Result<Taken>> decide_settled(std::vector<Settled> settled);
  Commit decide_those(const Snapshot& snapshot, const std::vector<Settled>& settled,
                      std::vector<Prepared> prepared, Taken& taken, std::set<std::string>& wake);
  asio::awaitable<Result<std::size_t>> release(std::string feed, bool drop);
  asio::awaitable<void> learn_usual(std::string feed, std::size_t count);
  asio::awaitable<Result<std::size_t>> fetch_after_all(std::vector<WaitingRow> rows);

  // engine_past.cc
  asio::awaitable<Result<std::size_t>> catch_up(std::shared_ptr<const Snapshot> snapshot,
                                                std::vector<PastMatch> past,
                                                std::vector<KnownRule> known);
  asio::awaitable<Commit> decide_those_past(std::shared_ptr<const Snapshot> snapshot,
                                            std::vector<PastMatch> past, DecideCounts& counts,
                                            std::set<std::string>& wake);
  void decide_one_past(const Snapshot& snapshot, PastMatch& one,
                       std::unique_ptr<feeds::Document> document, Instant now, Commit& changes,
                       DecideCounts& counts, std::set<std::string>& wake);

  asio::any_io_executor loop;
  Clock& clock;
  Pool& pool;
  Store& store;
  StageTimes& times;
  std::function<void(const std::string&)> wake_receiver;
  Hooks hooks;
  Turnstile turnstile;
  feeds::StoryLimits limits;
  feeds::StoryIndex stories;
  AlertBook book;
  WaitingList waiting;
  PolicyBook policy;
  std::uint64_t policy_puts = 0;  // silences and follows that people made
  // About 600 feeds of 50 items.
  std::shared_ptr<LastDocuments> last_documents = std::make_shared<LastDocuments>(16U << 20U);
  std::function<void(const std::vector<DeliveryRow>&)> send_due;
  std::function<void(const std::vector<DeliveryRow>&)> prepare_due;
  std::function<void()> wake_releaser;
  bool held_back = false;  // decided since the last wake_all: deliveries for the releaser
  std::shared_ptr<const Snapshot> live;  // null: whatever an arrival brings
  Instant forgotten{};                   // when the book was last tidied
  Span wall_ahead;  // wall clock less steady clock, when memory was last read from the store
  std::size_t uncommitted = 0;  // decided, not yet answered by the store
  bool broken = false;          // memory may hold what the store does not
  bool mending = false;
  Bell mended;  // rung when a rebuild ended, well or not; the first in the turnstile waits
};

}  // namespace wirewatch::daemon
