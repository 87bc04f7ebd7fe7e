#include "daemon/delivery/alert_desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/delivery/digest.h"
#include "daemon/pipeline/past.h"
#include "daemon/pipeline/policy_book.h"
#include "daemon/store/failure.h"

namespace wirewatch::daemon {
namespace {

struct NewRules {
  std::vector<KnownRule> rules;
  std::set<std::string> to_catch_up;
};

// One that had another name before is no new rule.
NewRules new_rules(const Snapshot& snapshot, const std::set<std::string>& known, Instant now) {
  NewRules fresh;
  for (const rules::RuleDef& rule : snapshot.rules.rules()) {
    if (rule.only_named || known.count(rule.name) > 0) continue;
    fresh.rules.push_back({rule.name, now});
    const bool renamed = std::any_of(rule.was.begin(), rule.was.end(),
                                     [&](const std::string& was) { return known.count(was) > 0; });
    if (!renamed && rule.policy.catch_up) fresh.to_catch_up.insert(rule.name);
  }
  return fresh;
}

}  // namespace

AlertDesk::AlertDesk(asio::any_io_executor loop, Clock& clock, Pool& pool, Fetcher& http,
                     Store& store, Engine& engine, Deliverer& deliverer, std::string folder,
                     Sources sources)
    : clock_(clock),
      pool_(pool),
      store_(store),
      engine_(engine),
      deliverer_(deliverer),
      folder_(std::move(folder)),
      releaser_(loop, clock, store, [this](const std::string& name) { deliverer_.wake(name); }),
      operator_(loop, clock, http, store,
                OperatorDesk::Sources{std::move(sources.feeds), std::move(sources.receivers),
                                      std::move(sources.progress),
                                      [this](const std::string& name) { deliverer_.wake(name); }}) {
  engine.on_holds([this] { releaser_.wake(); });
}

void AlertDesk::set_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  snapshot_ = snapshot;
  deliverer_.set_snapshot(snapshot);
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
    mark.answer = replayed_by_hand;
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

asio::awaitable<void> AlertDesk::catch_up() {
  const std::shared_ptr<const Snapshot> snapshot = snapshot_;
  const Instant now = clock_.now();
  try {
    std::function<std::set<std::string>(Reader&)> query = [](Reader& reader) {
      return reader.known_rules();
    };
    const std::set<std::string> known = co_await store_.read(std::move(query));
    NewRules fresh = new_rules(*snapshot, known, now);
    if (fresh.rules.empty()) co_return;
    std::vector<PastMatch> past;
    if (!fresh.to_catch_up.empty()) {
      // A connection of its own: a long look back must not keep those waiting who send.
      auto look_back = [snapshot, folder = folder_, names = fresh.to_catch_up, now] {
        const auto reader = Reader::open(folder);
        if (!reader) throw StoreFailure(reader.error());
        return past_matches(**reader, *snapshot, names, now);
      };
      past = co_await offload(pool_, std::move(look_back));
    }
    const std::size_t matches = past.size();
    const Result<std::size_t> told =
        co_await engine_.catch_up(snapshot, std::move(past), std::move(fresh.rules));
    if (!told) {
      spdlog::warn("new rules are not caught up: {}", told.error().text);
    } else if (matches > 0) {
      spdlog::info("new rules were caught up: {} alerts, told as one digest", *told);
    }
  } catch (const StoreFailure& failure) {
    spdlog::warn("new rules are not caught up: {}", failure.error().text);
  }
}

asio::awaitable<Result<void>> AlertDesk::silence(rules::Silence silence) {
  const Result<void> done = co_await engine_.silence(std::move(silence));
  if (done) deliverer_.look_again();
  co_return done;
}

asio::awaitable<Result<void>> AlertDesk::judge(VerdictRow verdict) {
  Commit commit;
  commit.verdicts.push_back(std::move(verdict));
  const Result<void> done = co_await store_.commit(std::move(commit));
  co_return done;
}

}  // namespace wirewatch::daemon
