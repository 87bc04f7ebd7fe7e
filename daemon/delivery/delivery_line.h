// One receiver's queue: sends its pending deliveries in order, one at a time, at its own pace.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/delivery/deliverer.h"
#include "daemon/delivery/outbox.h"
#include "daemon/pipeline/stage_times.h"

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
  StageTimes* times = nullptr;
};

// Wait before a receiver that failed `failures` times in a row is probed again: 2 s doubling up to
// a minute, half of it jitter in [0, 1).
Span probe_delay(std::uint32_t failures, double jitter);

// Wait before a message that was sent `attempts` times and never answered is sent once more, where
// each copy is shown: 5 min, 6 h, 30 h, 40 h and up to a tenth more by jitter in [0, 1); nullopt:
// not again.
std::optional<Span> unclear_delay(std::uint32_t attempts, double jitter);

// `text` without `url` and its path and query, which may be secrets: the host alone stays.
std::string without_address(std::string text, const std::string& url);

Answer answered(AnswerKind kind, const std::string& text);

// A request that was made ready while its delivery was on the way to the disk. Good for a second:
// it says when it is sent, and secrets are those of the moment.
struct PreparedMessage {
  std::string delivery;
  std::string payload;  // another than was committed under this id: its commit failed
  std::shared_ptr<const Receiver> receiver;
  HttpRequest request;
  Instant made{};
};

// Loop thread only.
class DeliveryLine : public std::enable_shared_from_this<DeliveryLine> {
 public:
  DeliveryLine(std::shared_ptr<DeliveryTools> tools, const ReceiverConfig& config);

  // Sends until stopped, and then ends with what is in flight and its marks; terminal cancellation
  // ends it at once. Holds the line.
  static asio::awaitable<void> run(std::shared_ptr<DeliveryLine> line);

  void reconfigure(const ReceiverConfig& config);  // what has changed is tried at once
  void wake();                                     // there may be more to send
  void wake_for(const DeliveryRow& row);           // this: committed, and due
  void prepare_for(const DeliveryRow& row);        // this: due, and on its way to the disk
  void look_again();  // of what is ready something may have been silenced
  void stop();
  void revive();  // takes back a stop() that has not ended it yet

  bool stopping() const { return stopping_; }
  bool ended() const { return ended_; }
  ReceiverHealth health() const;

 private:
  asio::awaitable<void> step();
  asio::awaitable<void> refill();
  asio::awaitable<void> send_next();
  std::vector<DeliveryMark> owed_together() const;
  asio::awaitable<void> save_owed();
  bool may_run_ahead() const;
  void run_ahead();
  void marked(const std::string& id, const Result<void>& done);
  asio::awaitable<void> take_steps();      // until it is stopped or cancelled
  asio::awaitable<void> wait_for_marks();  // of messages that are out, or until it is wanted again
  asio::awaitable<void> pause(Span span);
  asio::awaitable<void> wait_for_work();
  asio::awaitable<Answer> attempt(const DeliveryRow& row);
  asio::awaitable<Answer> attempt_once(const DeliveryRow& row);
  DeliveryFacts facts_of(const DeliveryRow& row, const AlertView& view) const;
  asio::awaitable<DeliveryFacts> with_earlier(const DeliveryRow& row, bool more,
                                              DeliveryFacts facts);
  std::optional<HttpRequest> take_prepared(const DeliveryRow& row);

  DeliveryMark judged(const DeliveryRow& row, const Answer& answer);
  std::optional<DeliveryMark> not_reached(const DeliveryRow& row, const Answer& answer);
  DeliveryMark unanswered(const DeliveryRow& row, const Answer& answer);
  DeliveryMark mark_of(const DeliveryRow& row, const Answer& answer) const;
  void come_again(DeliveryMark& mark, std::optional<Span> delay);
  void is_down(const Answer& answer);
  void refused(const Answer& answer, Instant since);
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
  // The store may hold what is due and is not in `ready_`. While it does not, what comes is either
  // handed on with wake_for(), in order, or it makes this true.
  bool more_ = true;
  bool look_again_ = false;  // nothing of `ready_` is sent before the store was asked once more
  bool asking_ = false;  // the store, at the moment: what it answers may be older than what comes

  std::deque<std::shared_ptr<const DeliveryRow>> ready_;
  std::optional<Instant> paced_since_;  // answers with pauses alone
  std::optional<Instant> next_;         // when the next scheduled one is due
  std::deque<DeliveryMark> owed_;  // sent, but the mark is not written yet: no sending before it
  // Sent, their marks on the way to the disk, by id: sending goes on.
  std::map<std::string, DeliveryMark> unmarked_;
  bool marks_are_taken_ = false;     // the last one was, and the receiver has not failed since
  Span pause_ = Span::zero();        // before the next send
  std::uint32_t failures_ = 0;       // in a row without reaching the receiver
  std::string failing_answer_;       // when that was so
  Span failing_for_ = Span::zero();  // waited since the first of these; no wall clock
  bool message_suspect_ = false;     // the last answer may be about the first message alone
  std::string note_;                 // what an answer had this receiver remember
  std::optional<PreparedMessage> prepared_;
  bool handle_gone_ = false;  // the message to edit or answer, for the one in hand
  bool untold_ = false;       // the same: what came before of its alert was kept back
  bool newcomer_ = false;     // the same: what came before of its alert was for others alone
  std::string told_as_;       // the same: its payload, where it is sent as another kind
  std::uint32_t owed_tries_ = 0;
  std::uint64_t unlogged_dead_ = 0;
  std::optional<Instant> dead_logged_;
  ReceiverHealth health_;
};

}  // namespace wirewatch::daemon
