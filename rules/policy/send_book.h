// When a message may go out: at once, after quiet hours, or as part of a digest.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "feeds/time.h"
#include "rules/match/severity.h"

namespace wirewatch::rules {

struct Budget {  // at most so many messages in any stretch of `per`; more become a digest
  std::uint32_t messages = 0;
  Span per{};
  bool operator==(const Budget&) const = default;
};
struct QuietHours {  // local minutes of the day; over midnight when `until` is not after `from`
  int from = 0;
  int until = 0;
  std::optional<AlertSeverity> except;  // this severity and higher ones are told all the same
  bool operator==(const QuietHours&) const = default;
};
struct DigestPlan {           // one of the two
  std::optional<Span> every;  // counted from local midnight
  std::vector<int> at;        // local minutes of the day
  bool operator==(const DigestPlan&) const = default;
};

// Of a rule or of a receiver; where both have one, both hold.
struct SendPolicy {
  std::optional<Budget> budget;
  std::optional<QuietHours> quiet;
  std::optional<DigestPlan> digest;
  bool operator==(const SendPolicy&) const = default;
};

inline constexpr std::uint32_t max_budget = 1000;
inline constexpr Span max_budget_span = std::chrono::hours(24);
// No quiet hours and no digest keep a message longer: what is to go out later got its time from a
// clock that was wrong, and is due.
inline constexpr Span longest_hold = std::chrono::hours(72);

enum class SendKind : std::uint8_t { now, held, digest };
struct Route {
  SendKind kind = SendKind::now;
  Instant until{};     // of held and digest: when it goes out
  std::string reason;  // "quiet hours until 07:00", "budget of 20 per 1h is used up"; empty for now
};

struct SendRequest {
  std::string rule;
  std::string receiver;
  AlertSeverity severity = AlertSeverity::normal;
  const SendPolicy& of_rule;
  const SendPolicy& of_receiver;
};

// Remembers what went out lately. Equal sequences of calls give equal routes.
class SendBook {
 public:
  // `zone`: the IANA name in which quiet hours and digests are meant; empty: the system's.
  Route route(const SendRequest& request, const std::string& zone, Instant now);
  // A digest at `due`, or once the quiet hours that are then have ended; uses no budget.
  static Route digest_at(const SendRequest& request, const std::string& zone, Instant due,
                         std::string reason);
  // The quiet hours that hold the message at `now`, of the receiver or else of the rule.
  static std::optional<Route> quiet_at(const SendRequest& request, const std::string& zone,
                                       Instant now);

  // From the store, oldest first: what was sent, and digests that wait.
  void restore_sent(const std::string& rule, const std::string& receiver, Instant sent);
  void restore_digest(const std::string& receiver, Instant due);
  void clear();

 private:
  using Sent = std::deque<Instant>;  // at most max_budget
  static std::optional<Instant> full_until(Sent& sent, const Budget& budget, Instant now);
  static void put_right(Sent& sent, Instant now);
  void note(const std::string& rule, const std::string& receiver, Instant now);

  std::map<std::string, Sent> rules_;
  std::map<std::string, Sent> receivers_;
  std::map<std::string, Instant> digests_;  // receiver → when its overflow goes out
};

}  // namespace wirewatch::rules
