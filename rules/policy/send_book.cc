#include "rules/policy/send_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "feeds/local_time.h"

namespace wirewatch::rules {
namespace {

std::string clock_text(int minute) {
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

std::string span_words(Span span) {
  using namespace std::chrono;
  const auto total = duration_cast<seconds>(span).count();
  if (total % 3600 == 0) return fmt::format("{}h", total / 3600);
  if (total % 60 == 0) return fmt::format("{}m", total / 60);
  return fmt::format("{}s", total);
}

// A rule's messages are counted for each of its receivers.
std::string to_one(const std::string& rule, const std::string& receiver) {
  return rule + "\n" + receiver;
}

bool is_quiet(const QuietHours& quiet, int minute) {
  if (quiet.from < quiet.until) return minute >= quiet.from && minute < quiet.until;
  return minute >= quiet.from || minute < quiet.until;
}

std::optional<Route> digest_route(const SendPolicy& policy, const std::string& zone, Instant now) {
  if (!policy.digest) return std::nullopt;
  const DigestPlan& plan = *policy.digest;
  Route route;
  route.kind = SendKind::digest;
  route.until = plan.every ? feeds::next_local_step(zone, *plan.every, now)
                           : feeds::next_local_time(zone, plan.at, now);
  route.reason = plan.every ? fmt::format("digest every {}", span_words(*plan.every)) : "digest at";
  for (const int minute : plan.at) route.reason += " " + clock_text(minute);
  return route;
}

std::optional<Route> quiet_route(const SendPolicy& policy, AlertSeverity severity,
                                 const std::string& zone, Instant now) {
  if (!policy.quiet) return std::nullopt;
  const QuietHours& quiet = *policy.quiet;
  if (quiet.except && severity >= *quiet.except) return std::nullopt;
  if (!is_quiet(quiet, feeds::local_minute(zone, now))) return std::nullopt;
  Route route;
  route.kind = SendKind::held;
  route.until = feeds::next_shown(zone, quiet.until, now);
  route.reason = "quiet hours until " + clock_text(quiet.until);
  return route;
}

}  // namespace

// A clock that was ahead and was put right: what was sent a little later than now was sent by now,
// and a date farther ahead says nothing of when it was.
void SendBook::put_right(Sent& sent, Instant now) {
  while (!sent.empty() && sent.back() > now + max_budget_span) sent.pop_back();
  for (auto late = sent.rbegin(); late != sent.rend() && *late > now; ++late) *late = now;
}

// nullopt: there is room for one more. Else when the oldest message in the stretch leaves it.
std::optional<Instant> SendBook::full_until(Sent& sent, const Budget& budget, Instant now) {
  put_right(sent, now);
  while (!sent.empty() && (sent.front() + max_budget_span < now || sent.size() > max_budget)) {
    sent.pop_front();
  }
  const auto begin = std::upper_bound(sent.begin(), sent.end(), now - budget.per);
  const auto inside = static_cast<std::size_t>(std::distance(begin, sent.end()));
  if (inside < budget.messages) return std::nullopt;
  const auto first = sent.end() - static_cast<std::ptrdiff_t>(budget.messages);
  return *first + budget.per;
}

Route SendBook::route(const SendRequest& request, const std::string& zone, Instant now) {
  for (const SendPolicy* policy : {&request.of_rule, &request.of_receiver}) {
    if (auto digest = digest_route(*policy, zone, now)) {
      return digest_at(request, zone, digest->until, std::move(digest->reason));
    }
  }
  if (auto held = quiet_at(request, zone, now)) return *held;
  const auto open = digests_.find(request.receiver);
  // One digest for all that overflows before it goes out.
  const bool joins =
      open != digests_.end() && open->second > now && open->second <= now + longest_hold;
  const auto over = [&](Sent& sent, const SendPolicy& policy, const std::string& whose) {
    std::optional<Route> route;
    if (!policy.budget) return route;
    const auto until = full_until(sent, *policy.budget, now);
    if (!until) return route;
    route = digest_at(request, zone, joins ? open->second : *until,
                      fmt::format("the budget of {} of {} per {} is used up", whose,
                                  policy.budget->messages, span_words(policy.budget->per)));
    return route;
  };
  auto route = over(receivers_[request.receiver], request.of_receiver,
                    fmt::format("receiver \"{}\"", request.receiver));
  if (!route) {
    route = over(rules_[to_one(request.rule, request.receiver)], request.of_rule,
                 fmt::format("rule \"{}\"", request.rule));
  }
  if (route) {
    // What joins may wait longer for quiet hours of its own: the next joins the first all the same.
    if (!joins) digests_[request.receiver] = route->until;
    return *route;
  }
  note(request.rule, request.receiver, now);
  return {};
}

Route SendBook::digest_at(const SendRequest& request, const std::string& zone, Instant due,
                          std::string reason) {
  Route route;
  route.kind = SendKind::digest;
  route.until = due;
  route.reason = std::move(reason);
  for (const SendPolicy* policy : {&request.of_receiver, &request.of_rule}) {
    const auto held = quiet_route(*policy, request.severity, zone, route.until);
    if (!held) continue;
    route.until = held->until;
    route.reason += ", after the " + held->reason;
  }
  return route;
}

std::optional<Route> SendBook::quiet_at(const SendRequest& request, const std::string& zone,
                                        Instant now) {
  for (const SendPolicy* policy : {&request.of_receiver, &request.of_rule}) {
    if (auto held = quiet_route(*policy, request.severity, zone, now)) return held;
  }
  return std::nullopt;
}

void SendBook::note(const std::string& rule, const std::string& receiver, Instant now) {
  for (Sent* sent : {&rules_[to_one(rule, receiver)], &receivers_[receiver]}) {
    put_right(*sent, now);
    sent->push_back(now);
    if (sent->size() > max_budget) sent->pop_front();
  }
}

void SendBook::restore_sent(const std::string& rule, const std::string& receiver, Instant sent) {
  note(rule, receiver, sent);
}

void SendBook::restore_digest(const std::string& receiver, Instant due) {
  digests_[receiver] = due;
}

void SendBook::clear() {
  rules_.clear();
  receivers_.clear();
  digests_.clear();
}

}  // namespace wirewatch::rules
