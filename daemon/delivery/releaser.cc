#include "daemon/delivery/releaser.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <iterator>
#include <map>
#include <set>

#include "daemon/delivery/digest.h"
#include "daemon/delivery/held.h"
#include "daemon/store/failure.h"

namespace wirewatch::daemon {
namespace {

constexpr Span idle_wait = std::chrono::hours(1);
constexpr Span store_wait = std::chrono::seconds(5);
// Deliveries of a kind; the rest follows at once. Of more than these a digest would be several.
constexpr std::size_t at_once = 10'000;

// What becomes of some of what waits, ready to be committed.
struct Look {
  Commit commit;
  std::set<std::string> receivers;  // that have something to send
  std::string last_held;            // behind it others are held for later; empty: nothing is
  std::optional<Instant> next;      // when more is due
};

// What is due at `now`; and with `held_after` what is held for later, behind that delivery.
Look look_at(Reader& reader, const Snapshot& snapshot, const std::optional<std::string>& held_after,
             Instant now) {
  Look look;
  // A merge that is committed meanwhile moves alerts and silences: what either list says holds.
  std::vector<rules::Silence> silences = reader.silences(now);
  DueDeliveries due = reader.due_holds(now, at_once);
  look.next = due.next;
  std::vector<DeliveryRow> rows = std::move(due.rows);
  if (held_after) {
    std::vector<DeliveryRow> held = reader.held_for_later(now, *held_after, at_once);
    if (held.size() == at_once) look.last_held = held.back().id;
    std::move(held.begin(), held.end(), std::back_inserter(rows));
  }
  std::vector<HeldMessage> messages;
  for (DeliveryRow& row : rows) messages.push_back(with_its_alert(reader, std::move(row)));
  StoryOf stories;
  for (const HeldMessage& message : messages) {
    if (!message.story.empty()) stories.emplace(message.row.alert, message.story);
  }
  for (rules::Silence& silence : reader.silences(now)) silences.push_back(std::move(silence));
  std::map<std::string, std::vector<DeliveryRow>> by_receiver;
  for (DeliveryRow& row :
       still_to_send(std::move(messages), snapshot, silences, now, look.commit)) {
    by_receiver[row.receiver].push_back(std::move(row));
  }
  const Settings& settings = snapshot.settings;
  for (auto& [receiver, sent] : by_receiver) {
    look.receivers.insert(receiver);
    release_due(std::move(sent), settings.public_url, settings.time_zone, now, look.commit,
                stories);
  }
  return look;
}

}  // namespace

Releaser::Releaser(asio::any_io_executor loop, Clock& clock, Store& store,
                   std::function<void(const std::string&)> wake_receiver)
    : clock_(clock),
      store_(store),
      wake_receiver_(std::move(wake_receiver)),
      bell_(std::move(loop), clock) {}

// What is due now; answers how long there is nothing more to do. There may be thousands: they are
// looked at aside, and this thread only commits what becomes of them.
asio::awaitable<Span> Releaser::step() {
  const Instant now = clock_.now();
  const std::shared_ptr<const Snapshot> snapshot = snapshot_;
  if (looking_under_ != snapshot) {
    looking_under_ = snapshot;
    held_after_ = std::string();
  }
  const bool config_moved = held_after_.has_value();
  std::function<Look(Reader&)> query = [snapshot, after = held_after_, now](Reader& reader) {
    return look_at(reader, *snapshot, after, now);
  };
  Look look = co_await store_.read_aside(std::move(query));
  const bool changes = !look.commit.marks.empty();
  if (changes) {
    const Result<void> done = co_await store_.commit(std::move(look.commit));
    if (!done) {
      spdlog::error("what waited for its time cannot be sent on: {}", done.error().text);
      co_return store_wait;
    }
    for (const std::string& receiver : look.receivers) wake_receiver_(receiver);
  }
  held_after_.reset();
  if (!look.last_held.empty()) held_after_ = look.last_held;
  if (changes || config_moved) co_return Span::zero();
  co_return look.next ? std::clamp<Span>(*look.next - now, Span::zero(), idle_wait) : idle_wait;
}

// Waiting is nothing to finish: both kinds of cancellation end it.
asio::awaitable<void> Releaser::run() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  for (;;) {
    Span wait = store_wait;
    try {
      wait = co_await step();
    } catch (const StoreFailure& failure) {
      spdlog::warn("what waits for its time cannot be read: {}", failure.error().text);
    } catch (const boost::system::system_error& failure) {
      if (failure.code() == asio::error::operation_aborted) throw;  // asked to stop
      spdlog::error("what waits for its time cannot be sent on: {}", failure.what());
    } catch (const std::exception& failure) {
      spdlog::error("what waits for its time cannot be sent on: {}", failure.what());
    }
    if (wait == Span::zero()) continue;
    const bool rung = co_await bell_.wait(wait);
    static_cast<void>(rung);
  }
}

}  // namespace wirewatch::daemon
