#include "daemon/delivery/held.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "daemon/delivery/digest.h"
#include "daemon/receivers/alert_view.h"
#include "rules/policy/send_book.h"

namespace wirewatch::daemon {
namespace {

rules::AlertSeverity severity_named(const std::string& name) {
  using rules::AlertSeverity;
  for (const AlertSeverity one :
       {AlertSeverity::low, AlertSeverity::high, AlertSeverity::critical}) {
    if (name == rules::to_string(one)) return one;
  }
  return AlertSeverity::normal;
}

// Quiet hours that leave no gap hold nothing for ever: those of a whole day, which begin anew at
// the minute at which they end (a day may have 23 hours), and those of rule and receiver together.
bool too_long(const DeliveryRow& row, Instant until, Instant now) {
  constexpr Span whole_day = std::chrono::hours(23);
  constexpr Span most = std::chrono::hours(24);
  constexpr Span most_of_a_digest = std::chrono::hours(36);
  const bool alone = row.state == DeliveryState::held;
  return until - now >= whole_day || until - row.created > (alone ? most : most_of_a_digest);
}

// There may be 20,000 rules and as many messages: names are sorted out once.
class Gate {
 public:
  Gate(const Snapshot& snapshot, const std::vector<rules::Silence>& silences, Instant now)
      : snapshot_(snapshot), silences_(silences), now_(now) {
    for (const rules::RuleDef& rule : snapshot.rules.rules()) rules_.emplace(rule.name, &rule);
    for (const rules::RuleDef& rule : snapshot.rules.rules()) {
      for (const std::string& earlier : rule.was) rules_.emplace(earlier, &rule);
    }
    for (const ReceiverConfig& one : snapshot.receivers) receivers_.emplace(one.name, &one);
  }

  const rules::RuleDef* rule_of(const HeldMessage& message) const {
    const auto found = rules_.find(message.rule);
    return found == rules_.end() ? nullptr : found->second;
  }
  const ReceiverConfig* receiver_of(const HeldMessage& message) const {
    const auto found = receivers_.find(message.row.receiver);
    return found == receivers_.end() ? nullptr : found->second;
  }

  // Of one whose rule or receiver is gone nothing says when else it should go out.
  bool may_move(const HeldMessage& message) const {
    return rule_of(message) != nullptr && receiver_of(message) != nullptr;
  }

  std::optional<rules::Route> quiet(const HeldMessage& message) const {
    static const rules::SendPolicy none;
    const rules::RuleDef* const rule = rule_of(message);
    const ReceiverConfig* const receiver = receiver_of(message);
    const rules::SendRequest request{message.rule, message.row.receiver, message.severity,
                                     rule == nullptr ? none : rule->policy.send,
                                     receiver == nullptr ? none : receiver->send};
    return rules::SendBook::quiet_at(request, snapshot_.settings.time_zone, now_);
  }

  // Why it is not sent; empty: it is.
  std::string silenced(const HeldMessage& message) const {
    rules::SilenceFacts facts{message.rule, message.story, message.row.feed, message.severity, {}};
    if (const rules::RuleDef* const rule = rule_of(message)) {
      facts.rule = rule->name;
      facts.was = rule->was;
    }
    std::string why = rules::silenced(silences_, facts, now_);
    return why.empty() ? rules::silenced_for(silences_, facts, message.row.receiver, now_) : why;
  }

 private:
  const Snapshot& snapshot_;
  const std::vector<rules::Silence>& silences_;
  Instant now_;
  std::unordered_map<std::string_view, const rules::RuleDef*> rules_;
  std::unordered_map<std::string_view, const ReceiverConfig*> receivers_;
};

}  // namespace

HeldMessage with_its_alert(Reader& reader, DeliveryRow row) {
  HeldMessage message;
  if (const auto view = alert_view_from_json(row.payload)) {
    message.severity = severity_named(view->severity);
  }
  if (const auto place = reader.place_of_alert(row.alert)) {
    message.rule = place->rule;
    message.story = place->story;
  }
  message.row = std::move(row);
  return message;
}

std::vector<DeliveryRow> still_to_send(std::vector<HeldMessage> messages, const Snapshot& snapshot,
                                       const std::vector<rules::Silence>& silences, Instant now,
                                       Commit& commit) {
  std::vector<DeliveryRow> sent;
  if (messages.empty()) return sent;
  const Gate gate(snapshot, silences, now);
  for (HeldMessage& message : messages) {
    const Instant until = message.row.next_attempt;
    const bool due = until <= now || until > now + rules::longest_hold;
    if (is_by_hand(message.row)) {
      if (due) sent.push_back(std::move(message.row));
      continue;
    }
    if (!due && !gate.may_move(message)) continue;
    const auto held = gate.quiet(message);
    if (held && !(due && too_long(message.row, held->until, now))) {
      if (held->until == message.row.next_attempt) continue;
      const bool alone = message.row.state == DeliveryState::held;
      commit.marks.push_back(mark_of(message.row, message.row.state, held->until,
                                     alone ? held->reason : message.row.answer));
    } else if (std::string why = gate.silenced(message); !why.empty()) {
      commit.marks.push_back(mark_of(message.row, DeliveryState::absorbed, now, std::move(why)));
    } else {
      sent.push_back(std::move(message.row));
    }
  }
  return sent;
}

std::vector<DeliveryMark> take_silenced(std::vector<HeldMessage>& messages,
                                        const Snapshot& snapshot,
                                        const std::vector<rules::Silence>& silences, Instant now) {
  std::vector<DeliveryMark> marks;
  if (messages.empty() || silences.empty()) return marks;
  const Gate gate(snapshot, silences, now);
  std::erase_if(messages, [&](const HeldMessage& message) {
    if (message.story.empty() || is_by_hand(message.row)) return false;
    std::string why = gate.silenced(message);
    if (why.empty()) return false;
    DeliveryMark mark = mark_of(message.row, DeliveryState::absorbed, now, std::move(why));
    mark.attempts = message.row.attempts;
    mark.handle = message.row.handle;
    mark.unanswered = message.row.unanswered;
    marks.push_back(std::move(mark));
    return true;
  });
  return marks;
}

}  // namespace wirewatch::daemon
