#include "daemon/delivery/deliverer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <map>

#include "daemon/delivery/delivery_line.h"
#include "daemon/loop/task_group.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Span tick = seconds(10);       // how often progress() moves at least
constexpr Span insist_for = seconds(5);  // on lines that were told to end at once

// False when cancelled. The bell's own exception would end the caller.
asio::awaitable<bool> wait_at(Bell& bell, Span at_most) {
  try {
    const bool rung = co_await bell.wait(at_most);
    static_cast<void>(rung);
    co_return true;
  } catch (const boost::system::system_error&) {
    co_return false;
  }
}

asio::awaitable<bool> wait_for(TaskGroup& group, Span at_most) {
  try {
    const bool ended = co_await group.wait(at_most);
    static_cast<void>(ended);
    co_return true;
  } catch (const boost::system::system_error&) {
    co_return false;
  }
}

void tell_of_removed(const std::string& receiver, std::uint64_t waiting) {
  const char* const wait = waiting == 1 ? "delivery waits" : "deliveries wait";
  spdlog::warn("{} {} for receiver \"{}\", which the config does not have", waiting, wait,
               receiver);
}

}  // namespace

std::optional<Span> retry_delay(std::uint32_t attempt, double jitter) {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  static constexpr Span schedule[] = {seconds(5), minutes(5), minutes(30), hours(2), hours(5),
                                      hours(10),  hours(14),  hours(20),   hours(24)};
  if (attempt < 2 || attempt - 2 >= std::size(schedule)) return std::nullopt;
  const Span delay = schedule[attempt - 2];
  // Up to a tenth more, so that messages that failed together do not come back together.
  return delay + Span(static_cast<std::int64_t>(static_cast<double>(delay.count()) / 10 * jitter));
}

struct Deliverer::Impl {
  struct Entry {
    ReceiverConfig config;
    std::shared_ptr<DeliveryLine> line;
    bool running = false;
  };

  Impl(asio::any_io_executor loop, Clock& clock, Fetcher& http, std::unique_ptr<Outbox> outbox,
       std::function<void(const std::string&)> print, std::function<double()> random)
      : tools(std::make_shared<DeliveryTools>(DeliveryTools{loop, clock, http, std::move(outbox),
                                                            std::move(print), std::move(random)})),
        bell(loop, clock),
        group(loop, clock, [](const std::string& name, const std::string& what) {
          spdlog::error("receiver \"{}\" stopped: {}", name, what);
        }) {}

  void set(const std::vector<ReceiverConfig>& receivers);
  void start_lines();
  asio::awaitable<void> survey();
  static asio::awaitable<void> run(std::shared_ptr<Impl> self);
  static asio::awaitable<void> stop(std::shared_ptr<Impl> self, bool at_once);

  std::shared_ptr<DeliveryTools> tools;
  Bell bell;
  TaskGroup group;
  std::map<std::string, Entry> entries;  // those that are stopping included, until they end
  std::vector<std::string> order;        // names as the config has them
  Outbox::Waiting waiting;               // as the last survey found it
  bool survey_due = true;
  std::uint64_t ticks = 0;
};

void Deliverer::Impl::set(const std::vector<ReceiverConfig>& receivers) {
  order.clear();
  for (const ReceiverConfig& config : receivers) {
    order.push_back(config.name);
    const auto known = entries.find(config.name);
    if (known == entries.end() || known->second.line->ended()) {
      entries[config.name] = Entry{config, std::make_shared<DeliveryLine>(tools, config), false};
      continue;
    }
    Entry& entry = known->second;
    if (entry.config != config) entry.line->reconfigure(config);
    entry.config = config;
    if (entry.line->stopping()) entry.line->revive();
  }
  for (auto& [name, entry] : entries) {
    const bool wanted = std::find(order.begin(), order.end(), name) != order.end();
    if (!wanted) entry.line->stop();
  }
  survey_due = true;
  bell.ring();
}

void Deliverer::Impl::start_lines() {
  for (auto entry = entries.begin(); entry != entries.end();) {
    DeliveryLine& line = *entry->second.line;
    const bool never_ran = line.stopping() && !entry->second.running;
    if (line.ended() || never_ran) {
      entry = entries.erase(entry);
      continue;
    }
    if (!entry->second.running) {
      entry->second.running = true;
      group.spawn(entry->first, DeliveryLine::run(entry->second.line));
    }
    ++entry;
  }
}

// Pending deliveries of receivers that the config lacks are nobody's work: somebody must know.
asio::awaitable<void> Deliverer::Impl::survey() {
  survey_due = false;
  Result<Outbox::Waiting> found = co_await tools->outbox->waiting();
  if (!found) {
    survey_due = true;
    co_return;
  }
  waiting = std::move(*found);
  for (const auto& [name, count] : waiting) {
    if (std::find(order.begin(), order.end(), name) != order.end()) continue;
    tell_of_removed(name, count);
  }
}

asio::awaitable<void> Deliverer::Impl::run(std::shared_ptr<Impl> self) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_await asio::this_coro::throw_if_cancelled(false);
  bool asked = true;
  while (asked) {
    ++self->ticks;
    self->start_lines();
    if (self->survey_due) {
      co_await self->survey();
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) break;
    asked = co_await wait_at(self->bell, tick);
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  const auto terminal = state.cancelled() & asio::cancellation_type::terminal;
  const bool at_once = terminal != asio::cancellation_type::none;
  co_await stop(self, at_once);
}

asio::awaitable<void> Deliverer::Impl::stop(std::shared_ptr<Impl> self, bool at_once) {
  for (auto& [name, entry] : self->entries) entry.line->stop();
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_await asio::this_coro::throw_if_cancelled(false);
  bool patient = !at_once;
  while (patient && self->group.size() > 0) patient = co_await wait_for(self->group, tick);
  if (self->group.size() == 0) co_return;
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const auto left = co_await self->group.stop(Span::zero(), insist_for);
  for (const std::string& name : left) spdlog::warn("receiver \"{}\" did not stop", name);
}

Deliverer::Deliverer(asio::any_io_executor loop, Clock& clock, Fetcher& http, Store& store,
                     std::function<void(const std::string&)> print, std::function<double()> random)
    : Deliverer(loop, clock, http, make_outbox(store), std::move(print), std::move(random)) {}

Deliverer::Deliverer(asio::any_io_executor loop, Clock& clock, Fetcher& http,
                     std::unique_ptr<Outbox> outbox, std::function<void(const std::string&)> print,
                     std::function<double()> random)
    : impl_(std::make_shared<Impl>(std::move(loop), clock, http, std::move(outbox),
                                   std::move(print), std::move(random))) {}

Deliverer::~Deliverer() = default;

asio::awaitable<void> Deliverer::run() {
  return Impl::run(impl_);
}

void Deliverer::set_receivers(const std::vector<ReceiverConfig>& receivers,
                              const std::string& time_zone) {
  impl_->tools->time_zone = time_zone;
  impl_->set(receivers);
}

void Deliverer::set_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  impl_->tools->outbox->set_snapshot(std::move(snapshot));
}

void Deliverer::look_again() {
  for (auto& [name, entry] : impl_->entries) entry.line->look_again();
}

void Deliverer::measure(StageTimes& times) {
  impl_->tools->times = &times;
}

void Deliverer::wake(const std::string& receiver) {
  const auto entry = impl_->entries.find(receiver);
  if (entry != impl_->entries.end()) {
    entry->second.line->wake();
  } else {
    impl_->survey_due = true;
  }
}

void Deliverer::wake(const std::vector<DeliveryRow>& rows) {
  for (const DeliveryRow& row : rows) {
    const auto entry = impl_->entries.find(row.receiver);
    if (entry != impl_->entries.end()) {
      entry->second.line->wake_for(row);
    } else {
      impl_->survey_due = true;
    }
  }
}

void Deliverer::prepare(const std::vector<DeliveryRow>& rows) {
  for (const DeliveryRow& row : rows) {
    const auto entry = impl_->entries.find(row.receiver);
    if (entry != impl_->entries.end()) entry->second.line->prepare_for(row);
  }
}

std::vector<ReceiverHealth> Deliverer::health() const {
  std::vector<ReceiverHealth> health;
  for (const std::string& name : impl_->order) {
    const auto entry = impl_->entries.find(name);
    if (entry != impl_->entries.end()) health.push_back(entry->second.line->health());
  }
  for (const auto& [name, count] : impl_->waiting) {
    const auto& order = impl_->order;
    if (std::find(order.begin(), order.end(), name) != order.end()) continue;
    ReceiverHealth removed;
    removed.name = name;
    removed.kind = "removed";
    removed.waiting = count;
    removed.last_answer = "not in the config";
    health.push_back(std::move(removed));
  }
  return health;
}

void add_stored(std::vector<ReceiverHealth>& receivers, const std::vector<ReceiverCounts>& stored) {
  for (ReceiverHealth& receiver : receivers) {
    const auto found = std::find_if(stored.begin(), stored.end(), [&](const ReceiverCounts& one) {
      return one.receiver == receiver.name;
    });
    if (found == stored.end()) continue;
    receiver.pending = found->pending;
    receiver.dead_letters = found->dead;
    if (receiver.last_answer.empty()) receiver.last_answer = found->answer;
  }
}

std::uint64_t Deliverer::progress() const {
  return impl_->ticks + impl_->tools->steps;
}

}  // namespace wirewatch::daemon
