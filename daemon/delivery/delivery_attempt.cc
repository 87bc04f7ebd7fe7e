// How a delivery line makes a message ready, sends it and hears what becomes of it.
#include <spdlog/spdlog.h>

#include <stdexcept>

#include "daemon/delivery/delivery_line.h"
#include "daemon/delivery/digest.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::seconds;

constexpr Span prepared_lasts = seconds(1);  // a message that was made ready
constexpr Span late_after = seconds(60);     // since the decision
constexpr int most_again = 3;                // of answers that change the request

// Of an alert of which there was a message before. Sent again by hand it goes out as it is.
bool tells_more(const DeliveryRow& row, const AlertView& view) {
  const bool more = view.kind == "updated" || view.kind == "corrected" || view.kind == "merged";
  return more && row.revision > 1 && !is_by_hand(row);
}

// All messages before it were silenced.
bool all_kept_back(const FollowUp& known, std::uint32_t revision) {
  const bool kept = known.first_kept > 0 && known.first_kept < revision;
  return kept && (known.first_told == 0 || known.first_told >= revision);
}

// There was none before it but for other receivers: this one is new to the rule, or has a new name.
// (Where nobody is known to have had one, the archive may have forgotten it.)
bool is_newcomer(const FollowUp& known, std::uint32_t revision) {
  const auto before = [revision](std::uint32_t first) { return first > 0 && first < revision; };
  return before(known.first_elsewhere) && !before(known.first_kept) && !before(known.first_told);
}

}  // namespace

// g++ 12 destroys braced aggregates twice in some coroutine expressions: they are made here.
Answer answered(AnswerKind kind, const std::string& text) {
  Answer answer;
  answer.kind = kind;
  answer.text = text;
  return answer;
}

DeliveryFacts DeliveryLine::facts_of(const DeliveryRow& row, const AlertView& view) const {
  const Instant now = tools_->clock.now();
  DeliveryFacts facts;
  facts.id = row.id;
  facts.attempt = row.attempts + 1;
  facts.late = now - view.time > late_after;
  facts.now = now;
  facts.time_zone = tools_->time_zone;
  facts.note = note_;
  return facts;
}

// What only the store knows is asked for where it can matter: earlier messages of this alert.
// `more`: whether the message tells more of an alert.
asio::awaitable<DeliveryFacts> DeliveryLine::with_earlier(const DeliveryRow& row, bool more,
                                                          DeliveryFacts facts) {
  std::string alert = row.alert;
  std::string receiver = config_.name;
  const Instant now = tools_->clock.now();
  const Result<FollowUp> known =
      co_await tools_->outbox->follow_up(std::move(alert), std::move(receiver), now);
  // Nothing was sent yet: better a little later than as a message of its own.
  if (!known) throw std::runtime_error("the store cannot be read: " + known.error().text);
  untold_ = more && all_kept_back(*known, row.revision);
  newcomer_ = more && is_newcomer(*known, row.revision);
  if (!handle_gone_) facts.first = known->first;
  if (facts.note.empty()) facts.note = known->note;
  co_return facts;
}

// Only where it would be sent as soon as it is durable, and where nothing has to be asked for.
void DeliveryLine::prepare_for(const DeliveryRow& row) {
  const bool next = idle_ && !more_ && !stopping_ && ready_.empty() && owed_.empty();
  if (!next || receiver_ == nullptr || receiver_->follows_up()) return;
  const Instant now = tools_->clock.now();
  const bool before = prepared_ && now >= prepared_->made && now - prepared_->made < prepared_lasts;
  if (before) return;  // for one that is first
  prepared_.reset();
  const auto view = alert_view_from_json(row.payload);
  if (!view || tells_more(row, *view)) return;
  try {
    auto request = receiver_->render(*view, facts_of(row, *view));
    if (request) {
      prepared_ = PreparedMessage{row.id, row.payload, receiver_, std::move(*request), now};
    }
  } catch (const std::exception&) {
    prepared_.reset();  // it is rendered again when it is sent, and then what is wrong is told
  }
}

std::optional<HttpRequest> DeliveryLine::take_prepared(const DeliveryRow& row) {
  if (!prepared_ || prepared_->delivery != row.id) return std::nullopt;
  PreparedMessage message = std::move(*prepared_);
  prepared_.reset();
  const Instant now = tools_->clock.now();
  const bool holds = message.payload == row.payload && message.receiver == receiver_ &&
                     row.attempts == 0 && now >= message.made &&
                     now - message.made < prepared_lasts;
  if (!holds) return std::nullopt;
  return std::move(message.request);
}

asio::awaitable<Answer> DeliveryLine::attempt(const DeliveryRow& row) {
  handle_gone_ = false;
  told_as_.clear();
  for (int tries = 0; tries < most_again; ++tries) {
    Answer answer = co_await attempt_once(row);
    if (!answer.note.empty() && answer.note != note_) {
      note_ = answer.note;
      ReceiverNote note{config_.name, answer.note};
      const Result<void> kept = co_await tools_->outbox->remember(std::move(note));
      if (!kept) spdlog::warn("receiver \"{}\": {}", config_.name, kept.error().text);
    }
    handle_gone_ = handle_gone_ || answer.forget_handle;
    if (answer.kind != AnswerKind::again) co_return answer;
  }
  co_return answered(AnswerKind::retry, "asked for the message in another way again and again");
}

asio::awaitable<Answer> DeliveryLine::attempt_once(const DeliveryRow& row) {
  const auto receiver = receiver_;  // a reload may replace it meanwhile
  const auto started = std::chrono::steady_clock::now();
  std::optional<HttpRequest> request = take_prepared(row);
  if (!request) {
    auto view = alert_view_from_json(row.payload);
    if (!view) co_return answered(AnswerKind::refused, view.error().text);
    DeliveryFacts facts = facts_of(row, *view);
    const bool more = tells_more(row, *view);
    untold_ = newcomer_ = false;
    if (more || (receiver != nullptr && receiver->follows_up())) {
      facts = co_await with_earlier(row, more, std::move(facts));
    }
    const bool first_here = untold_ || newcomer_;
    if (first_here && view->kind != "updated") {
      co_return answered(AnswerKind::needless,
                         "this receiver was not told of what it is about: not sent");
    }
    if (first_here) {
      view->kind = "new";
      told_as_ = to_json(*view);
    }
    if (receiver == nullptr) {
      tools_->print(render_console(*view, facts, ConsoleStyle{false, tools_->time_zone}));
      co_return answered(AnswerKind::delivered, "shown");
    }
    auto rendered = receiver->render(*view, facts);
    if (!rendered) co_return answered(AnswerKind::later, rendered.error().text);
    request = std::move(*rendered);
  }
  if (tools_->times != nullptr) tools_->times->sent(row.id);
  const std::string url = request->url;
  const feeds::Reply reply = co_await tools_->http.fetch(std::move(*request));
  if (tools_->times != nullptr) {
    tools_->times->observe(Stage::deliver, std::chrono::steady_clock::now() - started);
  }
  Answer answer = receiver->judge(reply);
  message_suspect_ = answer.about_message;
  answer.text = without_address(std::move(answer.text), url);
  co_return answer;
}

}  // namespace wirewatch::daemon
