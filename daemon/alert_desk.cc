#include "daemon/alert_desk.h"

#include <map>
#include <set>

namespace wirewatch::daemon {

AlertDesk::AlertDesk(asio::any_io_executor loop, Clock& clock, Fetcher& http, Store& store,
                     Engine& engine, Deliverer& deliverer, Sources sources)
    : clock_(clock),
      store_(store),
      deliverer_(deliverer),
      releaser_(loop, clock, store, [this](const std::string& name) { deliverer_.wake(name); }),
      operator_(loop, clock, http, store,
                OperatorDesk::Sources{std::move(sources.feeds), std::move(sources.receivers),
                                      std::move(sources.progress),
                                      [this](const std::string& name) { deliverer_.wake(name); }}) {
  engine.on_holds([this] { releaser_.wake(); });
}

void AlertDesk::set_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  releaser_.set_snapshot(snapshot);
  operator_.set_snapshot(std::move(snapshot));
}

void AlertDesk::spawn(TaskGroup& tasks) {
  tasks.spawn("releaser", releaser_.run());
  tasks.spawn("operator", operator_.run());
  tasks.spawn("heartbeat", operator_.heartbeat());
}

asio::awaitable<Result<std::size_t>> AlertDesk::replay(std::vector<DeliveryRow> deliveries) {
  std::map<std::string, std::size_t> by_receiver;
  for (const DeliveryRow& delivery : deliveries) ++by_receiver[delivery.receiver];
  Commit commit;
  std::set<std::string> wake;
  for (const DeliveryRow& delivery : deliveries) {
    const bool many = by_receiver[delivery.receiver] > digest_above;
    DeliveryMark mark;
    mark.id = delivery.id;
    mark.state = many ? DeliveryState::collected : DeliveryState::pending;
    mark.next_attempt = clock_.now();
    mark.answer = "replayed by hand";
    mark.handle = delivery.handle;
    commit.marks.push_back(std::move(mark));
    if (!many) wake.insert(delivery.receiver);
  }
  const std::size_t count = commit.marks.size();
  const Result<void> committed = co_await store_.commit(std::move(commit));
  if (!committed) co_return committed.error();
  for (const std::string& receiver : wake) deliverer_.wake(receiver);
  releaser_.wake();
  co_return count;
}

asio::awaitable<Result<void>> AlertDesk::judge(VerdictRow verdict) {
  Commit commit;
  commit.verdicts.push_back(std::move(verdict));
  const Result<void> done = co_await store_.commit(std::move(commit));
  co_return done;
}

}  // namespace wirewatch::daemon
