#include "daemon/delivery/delivery_line.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/system/system_error.hpp>
#include <stdexcept>

#include "daemon/delivery/digest.h"
#include "feeds/url.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::size_t batch = 256;             // deliveries in memory per receiver
constexpr Span idle_wait = hours(1);           // nothing to send: ask the store anyway
constexpr Span store_wait = seconds(5);        // the database could not be read
constexpr Span give_up_after = hours(24 * 7);  // of a receiver's silence; then dead letters
constexpr Span give_up_proof = hours(24);      // waited for it in this run, whatever clocks say
constexpr Span suspicion_after = hours(1);     // of answers that may be about one message
constexpr std::size_t most_unmarked = 3;       // and the one in hand: a crash could repeat four
constexpr Span dead_log_every = seconds(60);   // a million refusals are one line a minute
constexpr Span paced_long = hours(1);          // a rate limit for longer than this is no pace

// Of its attempts those that were answered, and not with a yes.
std::uint32_t refusals(const DeliveryRow& row) {
  return row.attempts - std::min(row.attempts, row.unanswered);
}

// What an operator sends again stays that until it is through: no silence holds it back.
void stays_by_hand(const DeliveryRow& row, DeliveryMark& mark) {
  if (mark.state != DeliveryState::pending || !is_by_hand(row)) return;
  mark.answer.insert(0, replayed_by_hand + std::string("; "));
}

}  // namespace

DeliveryLine::DeliveryLine(std::shared_ptr<DeliveryTools> tools, const ReceiverConfig& config)
    : tools_(std::move(tools)),
      config_(config),
      receiver_(make_receiver(config)),
      bell_(tools_->loop, tools_->clock) {
  health_.name = config.name;
  health_.kind = config.kind;
}

void DeliveryLine::reconfigure(const ReceiverConfig& config) {
  config_ = config;
  receiver_ = make_receiver(config);
  health_.kind = config.kind;
  health_.refusing_since.reset();
  paced_since_.reset();
  pause_ = Span::zero();
  failures_ = 0;
  more_ = true;
  bell_.ring();
}

void DeliveryLine::wake() {
  more_ = true;
  if (idle_) bell_.ring();
}

// The store can have been asked between the commit and this: then the message is here already, or
// even out.
void DeliveryLine::wake_for(const DeliveryRow& row) {
  const auto same = [&row](const auto& other) { return other->id == row.id; };
  if (unmarked_.count(row.id) > 0 || std::any_of(ready_.begin(), ready_.end(), same)) return;
  const bool asks = more_ || asking_ || look_again_;
  if (!idle_ || asks || stopping_ || !owed_.empty()) return wake();
  ready_.push_back(std::make_shared<const DeliveryRow>(row));
  bell_.ring();
}

// A pause of a receiver that is down goes on: this is no reason to try it.
void DeliveryLine::look_again() {
  look_again_ = true;
  if (idle_) bell_.ring();
}

void DeliveryLine::stop() {
  stopping_ = true;
  bell_.ring();
}

void DeliveryLine::revive() {
  stopping_ = false;
  more_ = true;
  bell_.ring();  // it may be waiting for its last marks
}

ReceiverHealth DeliveryLine::health() const {
  ReceiverHealth health = health_;
  health.waiting = ready_.size() + owed_.size() + unmarked_.size();
  return health;
}

asio::awaitable<void> DeliveryLine::run(std::shared_ptr<DeliveryLine> line) {
  do {
    co_await line->take_steps();
    co_await line->wait_for_marks();
  } while (!line->stopping_);  // it may be wanted again before its last mark is written
  line->ended_ = true;
}

asio::awaitable<void> DeliveryLine::take_steps() {
  while (!stopping_) {
    ++tools_->steps;
    std::string failure;
    try {
      co_await step();
    } catch (const boost::system::system_error& error) {
      if (error.code() == asio::error::operation_aborted) {
        stopping_ = true;
        break;
      }
      failure = error.what();
    } catch (const std::exception& error) {
      failure = error.what();
    }
    if (failure.empty()) continue;
    spdlog::error("receiver \"{}\": {}", config_.name, failure);
    ready_.clear();  // of it something may have been silenced: the store is asked again
    more_ = true;
    asking_ = false;
    pause_ = store_wait;
  }
}

// One thing at a time: a mark that is owed, what is to be asked for once more, then a pause that is
// owed, then a message.
asio::awaitable<void> DeliveryLine::step() {
  if (!owed_.empty()) {
    co_await save_owed();
    co_return;
  }
  if (look_again_) {
    co_await refill();
    co_return;
  }
  if (pause_ > Span::zero()) {
    const Span span = std::exchange(pause_, Span::zero());
    co_await pause(span);
    co_return;
  }
  const bool needs_another = suspects_first() && ready_.size() == 1 && more_;
  if (!ready_.empty() && !needs_another) {
    co_await send_next();
    co_return;
  }
  const bool due = next_ && *next_ <= tools_->clock.now();
  if (more_ || due) co_await refill();
  if (!ready_.empty() || !owed_.empty() || more_ || pause_ > Span::zero()) co_return;
  co_await wait_for_work();
}

asio::awaitable<void> DeliveryLine::wait_for_work() {
  const Instant now = tools_->clock.now();
  const Span wait = next_ ? std::clamp<Span>(*next_ - now, Span::zero(), idle_wait) : idle_wait;
  idle_ = true;
  const bool rung = co_await bell_.wait(wait);
  idle_ = false;
  if (rung) co_return;
  more_ = true;  // something is due, or nobody has asked for an hour
  if (failures_ > 0) failing_for_ += wait;
}

// Waits `span` on the steady clock, or less when the line is stopped or has a new config.
asio::awaitable<void> DeliveryLine::pause(Span span) {
  const bool rung = co_await bell_.wait(span);
  if (!rung && failures_ > 0) failing_for_ += span;
}

asio::awaitable<void> DeliveryLine::refill() {
  more_ = look_again_ = false;
  std::string name = config_.name;
  const auto sent = unmarked_;  // which the store may still call pending
  const Instant now = tools_->clock.now();
  asking_ = true;
  Result<DueDeliveries> due = co_await tools_->outbox->due(std::move(name), now, batch);
  asking_ = false;
  if (!due) {
    spdlog::warn("receiver \"{}\": the store cannot be read: {}", config_.name, due.error().text);
    ready_.clear();  // of it something may have been silenced
    more_ = true;
    pause_ = std::max(pause_, store_wait);
    co_return;
  }
  next_ = due->next;
  if (due->rows.size() + due->kept_back.size() >= batch) more_ = true;
  const auto is_out = [&sent](const auto& one) { return sent.count(one.id) > 0; };
  std::erase_if(due->rows, is_out);
  std::erase_if(due->kept_back, is_out);
  for (DeliveryMark& mark : due->kept_back) owed_.push_back(std::move(mark));
  ready_.clear();
  for (DeliveryRow& row : due->rows) {
    ready_.push_back(std::make_shared<const DeliveryRow>(std::move(row)));
  }
}

// A server may fail over one message for ever and take all others. Once that may be so, every
// tenth probe is made with the message behind it.
bool DeliveryLine::suspects_first() const {
  return message_suspect_ && failing_for_ >= suspicion_after && failures_ % 10 == 0;
}

asio::awaitable<void> DeliveryLine::send_next() {
  const bool past_first = suspects_first() && ready_.size() > 1;
  const auto index = past_first ? 1 : 0;
  const auto kept = ready_[static_cast<std::size_t>(index)];
  const DeliveryRow& row = *kept;
  Answer answer = co_await attempt(row);
  ++tools_->steps;
  const bool asked = answer.kind != AnswerKind::needless;
  if (asked) health_.last_answer = answer.text;
  // A message that was refused before while others were taken holds up nobody a second time.
  const bool follows_schedule = refusals(row) > 0 && answer.about_message;
  if (follows_schedule && answer.kind == AnswerKind::later) answer.kind = AnswerKind::retry;
  const bool reached = answer.kind != AnswerKind::later && answer.kind != AnswerKind::paced;
  std::optional<DeliveryMark> mark;
  if (!asked) {
    mark = mark_of(row, answer);
    mark->state = DeliveryState::absorbed;
    mark->finished = mark->next_attempt;
  } else if (reached) {
    mark = judged(row, answer);
  } else if (answer.maybe_taken && !knows_repeats(config_.kind)) {
    mark = unanswered(row, answer);
  } else {
    mark = not_reached(row, answer);
  }
  if (mark) {
    stays_by_hand(row, *mark);
    const bool moves_on = mark->state != DeliveryState::pending || mark->attempts > row.attempts;
    if (moves_on) ready_.erase(ready_.begin() + index);
    owed_.push_back(std::move(*mark));
  }
  if (past_first && answer.kind == AnswerKind::delivered) set_first_aside();
  if (message_suspect_) failing_answer_ = answer.text;
  if (may_run_ahead()) {
    run_ahead();
    co_return;
  }
  co_await save_owed();
}

// A webhook knows a repeated message by its id, so a few may be out before their marks are durable:
// the next message need not wait for the sync of the one before. Only while marks are known to be
// written, so that a full disk stops sending at the first. (Matrix knows repeats as well, but a
// reply needs the handle that stands in the mark.)
bool DeliveryLine::may_run_ahead() const {
  return config_.kind == "webhook" && marks_are_taken_ && owed_.size() == 1 &&
         unmarked_.size() < most_unmarked && owed_.front().state == DeliveryState::delivered;
}

void DeliveryLine::run_ahead() {
  DeliveryMark mark = owed_.front();
  const auto kept = unmarked_.emplace(mark.id, std::move(owed_.front())).first;
  owed_.pop_front();
  tools_->outbox->mark_behind(
      std::move(mark), [line = shared_from_this(), id = kept->first](const Result<void>& done) {
        line->marked(id, done);
      });
}

void DeliveryLine::marked(const std::string& id, const Result<void>& done) {
  auto found = unmarked_.extract(id);
  if (!done) {
    marks_are_taken_ = false;
    owed_.push_back(std::move(found.mapped()));
  }
  if (!done || stopping_) bell_.ring();
}

// A message that is out and not marked would be sent again after a restart: a disk that fails is
// tried as long as nobody insists on the end.
asio::awaitable<void> DeliveryLine::wait_for_marks() {
  try {
    while (stopping_ && !(owed_.empty() && unmarked_.empty())) {
      if (!owed_.empty()) {
        co_await save_owed();
        continue;
      }
      const bool rung = co_await bell_.wait(idle_wait);
      static_cast<void>(rung);
    }
  } catch (const std::exception&) {
    stopping_ = true;  // told to end at once, or no memory
  }
}

// The receiver takes others: what it answered was about this message, which follows the schedule.
void DeliveryLine::set_first_aside() {
  const auto first = ready_.front();
  ready_.pop_front();
  const Answer answer =
      answered(AnswerKind::retry, failing_answer_ + ", while other messages are taken");
  DeliveryMark mark = judged(*first, answer);
  stays_by_hand(*first, mark);
  owed_.push_back(std::move(mark));
}

// The receiver has looked at this message: it is done, dead, or comes again by the schedule.
DeliveryMark DeliveryLine::judged(const DeliveryRow& row, const Answer& answer) {
  came_back();
  paced_since_.reset();
  DeliveryMark mark = mark_of(row, answer);
  ++mark.attempts;
  mark.handle = answer.handle;
  const Instant now = mark.next_attempt;
  if (answer.kind == AnswerKind::delivered) {
    ++health_.delivered;
    health_.refusing_since.reset();
    mark.state = DeliveryState::delivered;
    mark.finished = now;
    mark.payload = std::move(told_as_);
    pause_ = answer.retry_after.value_or(Span::zero());
    return mark;
  }
  ++health_.failed;
  refused(answer, now);
  std::optional<Span> delay;
  if (answer.kind == AnswerKind::retry) delay = retry_delay(refusals(row) + 2, tools_->random());
  come_again(mark, delay);
  return mark;
}

// What a mark says of a message that stays as it was, now.
DeliveryMark DeliveryLine::mark_of(const DeliveryRow& row, const Answer& answer) const {
  return {row.id,     DeliveryState::pending, row.attempts, tools_->clock.now(), {}, answer.text,
          row.handle, row.unanswered};
}

// By its schedule, or never: then it is a dead letter.
void DeliveryLine::come_again(DeliveryMark& mark, std::optional<Span> delay) {
  if (delay) {
    mark.next_attempt += *delay;
    next_ = next_ ? std::min(*next_, mark.next_attempt) : mark.next_attempt;
    return;
  }
  mark.state = DeliveryState::dead;
  mark.finished = mark.next_attempt;
  count_dead(mark.answer);
}

// The receiver did not look at it: it waits, and the message stays first. One mark says why when
// the silence begins; every further one would only wear the disk.
std::optional<DeliveryMark> DeliveryLine::not_reached(const DeliveryRow& row,
                                                      const Answer& answer) {
  const Instant now = tools_->clock.now();
  marks_are_taken_ = false;
  ++health_.failed;
  ++failures_;
  const Span probe = probe_delay(failures_, tools_->random());
  if (answer.kind == AnswerKind::paced) {
    pause_ = std::max<Span>(answer.retry_after.value_or(probe), std::chrono::milliseconds(100));
    if (!paced_since_) paced_since_ = now;
    if (now - *paced_since_ + pause_ >= paced_long) refused(answer, *paced_since_);
  } else {
    pause_ = std::max(probe, answer.retry_after.value_or(Span::zero()));
    is_down(answer);
  }
  DeliveryMark mark = mark_of(row, answer);
  mark.next_attempt = row.next_attempt;
  if (now - row.created > give_up_after && failing_for_ > give_up_proof) {
    mark.state = DeliveryState::dead;
    mark.finished = now;
    mark.answer = "given up after 7 days: " + answer.text;
    count_dead(mark.answer);
    return mark;
  }
  if (failures_ > 1) return std::nullopt;
  return mark;
}

// It was sent, and a chat may show it. The line waits as for a receiver that is down, but each
// probe is another message: this one comes again by a schedule of its own, and only a few times.
DeliveryMark DeliveryLine::unanswered(const DeliveryRow& row, const Answer& answer) {
  marks_are_taken_ = false;
  ++health_.failed;
  ++failures_;
  pause_ = probe_delay(failures_, tools_->random());
  is_down(answer);
  DeliveryMark mark = mark_of(row, answer);
  ++mark.attempts;
  ++mark.unanswered;
  mark.answer += "; it may have arrived";
  come_again(mark, unclear_delay(mark.unanswered, tools_->random()));
  return mark;
}

void DeliveryLine::is_down(const Answer& answer) {
  if (health_.down_since) return;
  health_.down_since = tools_->clock.now();
  spdlog::warn("receiver \"{}\" {}: {}", config_.name,
               answer.maybe_taken ? "does not answer" : "cannot be reached", answer.text);
}

// One warning when it begins: until a message is taken again, all that follow fare alike.
void DeliveryLine::refused(const Answer& answer, Instant since) {
  if (health_.refusing_since) return;
  health_.refusing_since = since;
  spdlog::warn("receiver \"{}\" did not take a message: {}", config_.name, answer.text);
}

void DeliveryLine::came_back() {
  if (health_.down_since) spdlog::info("receiver \"{}\" answers again", config_.name);
  health_.down_since.reset();
  failures_ = 0;
  failing_for_ = Span::zero();
}

void DeliveryLine::count_dead(const std::string& answer) {
  ++health_.dead;
  ++unlogged_dead_;
  const Instant now = tools_->clock.now();
  const bool quiet = dead_logged_ && now >= *dead_logged_ && now - *dead_logged_ < dead_log_every;
  if (quiet) return;
  spdlog::warn("receiver \"{}\": {} dead letter(s), the last with the answer: {}", config_.name,
               unlogged_dead_, answer);
  dead_logged_ = now;
  unlogged_dead_ = 0;
}

// The next mark that is owed; of a backlog that was silenced all, or each would be a sync.
std::vector<DeliveryMark> DeliveryLine::owed_together() const {
  std::vector<DeliveryMark> marks = {owed_.front()};
  while (marks.size() < owed_.size()) {
    const DeliveryMark& next = owed_[marks.size()];
    const bool alike =
        marks.back().state == DeliveryState::absorbed && next.state == marks.back().state;
    if (!alike) break;
    marks.push_back(next);
  }
  return marks;
}

// What cannot be marked would be sent again after a restart: nothing more is sent until it can.
asio::awaitable<void> DeliveryLine::save_owed() {
  while (!owed_.empty()) {
    std::vector<DeliveryMark> marks = owed_together();
    const auto count = static_cast<std::ptrdiff_t>(marks.size());
    const Result<void> done = co_await tools_->outbox->mark(std::move(marks));
    if (done) {
      if (owed_tries_ > 0) spdlog::info("receiver \"{}\": sending goes on", config_.name);
      owed_tries_ = 0;
      if (owed_.front().state == DeliveryState::delivered) marks_are_taken_ = true;
      owed_.erase(owed_.begin(), owed_.begin() + count);  // others may be behind them by now
      continue;
    }
    ++owed_tries_;
    marks_are_taken_ = false;
    if (owed_tries_ == 1) {
      spdlog::error("receiver \"{}\": sending pauses, because what was sent cannot be noted: {}",
                    config_.name, done.error().text);
    }
    const Span wait = probe_delay(owed_tries_, tools_->random());
    co_await pause(wait);
    co_return;
  }
}

}  // namespace wirewatch::daemon
