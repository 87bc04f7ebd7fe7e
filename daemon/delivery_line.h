// One receiver's queue: sends its pending deliveries in order, one at a time, at its own pace.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/deliverer.h"
#include "daemon/outbox.h"

namespace wirewatch::daemon {

// What all lines share; outlives them.
struct DeliveryTools {
  asio::any_io_executor loop;
  Clock& clock;
  Fetcher& http;
  std::unique_ptr<Outbox> outbox;
  std::function<void(const std::string&)> print;
  std::function<double()> random;  // uniform in [0, 1)
  std::string time_zone{};         // in which the console shows times; empty: the system's
  std::uint64_t steps = 0;         // moves with everything a line does
};

// Wait before a receiver that failed `failures` times in a row is probed again: 2 s doubling up to
// a minute, half of it jitter in [0, 1).
Span probe_delay(std::uint32_t failures, double jitter);

// `text` without `url` and its path and query, which may be secrets: the host alone stays.
std::string without_address(std::string text, const std::string& url);

// Loop thread only.
class DeliveryLine {
 public:
  DeliveryLine(std::shared_ptr<DeliveryTools> tools, const ReceiverConfig& config);

  // Sends until stopped, and then ends with what is in flight and its mark; terminal cancellation
  // ends it at once. Holds the line.
  static asio::awaitable<void> run(std::shared_ptr<DeliveryLine> line);

  void reconfigure(const ReceiverConfig& config);  // what has changed is tried at once
  void wake();                                     // there may be more to send
  void stop();
  void revive();  // takes back a stop() that has not ended it yet

  bool stopping() const { return stopping_; }
  bool ended() const { return ended_; }
  ReceiverHealth health() const;

 private:
  asio::awaitable<void> step();
  asio::awaitable<void> refill();
  asio::awaitable<void> send_next();
  asio::awaitable<void> save_owed();
  asio::awaitable<void> pause(Span span);
  asio::awaitable<Answer> attempt(const DeliveryRow& row);
  asio::awaitable<Answer> attempt_once(const DeliveryRow& row, const AlertView& view);
  asio::awaitable<DeliveryFacts> facts_for(const DeliveryRow& row, const AlertView& view);

  DeliveryMark judged(const DeliveryRow& row, const Answer& answer);
  std::optional<DeliveryMark> not_reached(const DeliveryRow& row, const Answer& answer);
  bool suspects_first() const;
  void set_first_aside();
  void count_dead(const std::string& answer);
  void came_back();

  std::shared_ptr<DeliveryTools> tools_;
  ReceiverConfig config_;
  std::shared_ptr<const Receiver> receiver_;  // null for the console
  Bell bell_;
  bool stopping_ = false;
  bool ended_ = false;
  bool idle_ = false;  // waits for work, not for time to pass
  bool more_ = true;   // woken since the store was last asked

  std::deque<DeliveryRow> ready_;
  std::optional<Instant> next_;      // when the next scheduled one is due
  std::deque<DeliveryMark> owed_;    // sent, but the mark is not written yet: no sending before it
  Span pause_ = Span::zero();        // before the next send
  std::uint32_t failures_ = 0;       // in a row without reaching the receiver
  Span failing_for_ = Span::zero();  // waited since the first of these; no wall clock
  int last_status_ = 0;              // of the last answer; 0 for none
  std::string note_;                 // what an answer had this receiver remember
  bool handle_gone_ = false;         // the message to edit or answer, for the one in hand
  std::uint32_t owed_tries_ = 0;
  std::uint64_t unlogged_dead_ = 0;
  std::optional<Instant> dead_logged_;
  ReceiverHealth health_;
};

}  // namespace wirewatch::daemon
