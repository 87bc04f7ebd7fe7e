#include "daemon/held.h"

#include <algorithm>

#include "daemon/digest.h"
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

const rules::RuleDef* rule_called(const Snapshot& snapshot, const std::string& name) {
  for (const rules::RuleDef& rule : snapshot.rules.rules()) {
    const bool was = std::find(rule.was.begin(), rule.was.end(), name) != rule.was.end();
    if (rule.name == name || was) return &rule;
  }
  return nullptr;
}

const ReceiverConfig* receiver_called(const Snapshot& snapshot, const std::string& name) {
  const auto found = std::find_if(snapshot.receivers.begin(), snapshot.receivers.end(),
                                  [&](const ReceiverConfig& one) { return one.name == name; });
  return found == snapshot.receivers.end() ? nullptr : &*found;
}

// Quiet hours of rule and receiver that leave no gap between them hold nothing for ever.
bool too_long(const DeliveryRow& row, Instant until) {
  constexpr Span most = std::chrono::hours(24);
  constexpr Span most_of_a_digest = std::chrono::hours(36);
  return until - row.created > (row.state == DeliveryState::held ? most : most_of_a_digest);
}

class Gate {
 public:
  Gate(const Snapshot& snapshot, const std::vector<rules::Silence>& silences, Instant now)
      : snapshot_(snapshot), silences_(silences), now_(now) {}

  // Of one whose rule or receiver is gone nothing says when else it should go out.
  bool may_move(const HeldMessage& message) const {
    return rule_called(snapshot_, message.rule) != nullptr &&
           receiver_called(snapshot_, message.row.receiver) != nullptr;
  }

  std::optional<rules::Route> quiet(const HeldMessage& message) const {
    static const rules::SendPolicy none;
    const rules::RuleDef* const rule = rule_called(snapshot_, message.rule);
    const ReceiverConfig* const receiver = receiver_called(snapshot_, message.row.receiver);
    const rules::SendRequest request{message.rule, message.row.receiver, message.severity,
                                     rule == nullptr ? none : rule->policy.send,
                                     receiver == nullptr ? none : receiver->send};
    return rules::SendBook::quiet_at(request, snapshot_.settings.time_zone, now_);
  }

  // Why it is not sent; empty: it is.
  std::string silenced(const HeldMessage& message) const {
    rules::SilenceFacts facts{message.rule, message.story, message.feed, message.severity, {}};
    if (const rules::RuleDef* const rule = rule_called(snapshot_, message.rule)) {
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
};

}  // namespace

HeldMessage with_its_alert(Reader& reader, DeliveryRow row) {
  HeldMessage message;
  if (const auto view = alert_view_from_json(row.payload)) {
    message.severity = severity_named(view->severity);
    const bool of_the_last = view->kind == "updated";
    if (!view->sources.empty()) {
      const AlertSource& source = of_the_last ? view->sources.back() : view->sources.front();
      if (const auto item = reader.item(source.item)) message.feed = item->feed;
    }
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
  const Gate gate(snapshot, silences, now);
  std::vector<DeliveryRow> sent;
  for (HeldMessage& message : messages) {
    const bool due = message.row.next_attempt <= now;
    if (message.row.answer == replayed_by_hand) {
      if (due) sent.push_back(std::move(message.row));
      continue;
    }
    if (!due && !gate.may_move(message)) continue;
    const auto held = gate.quiet(message);
    if (held && !(due && too_long(message.row, held->until))) {
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

}  // namespace wirewatch::daemon
