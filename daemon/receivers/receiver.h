// Where alerts go: one file a kind. A receiver turns an alert into a request and judges the answer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/loop/http.h"
#include "daemon/receivers/alert_view.h"
#include "feeds/poll/poll.h"

namespace wirewatch::daemon {

// A secret is named, never held in the config and never printed.
struct SecretRef {
  enum class From : std::uint8_t { none, file, environment, literal };
  From from = From::none;
  std::string where;  // path, variable name, or (literal: tests and non-secret URLs) the value
};
// Read at each use, so that a rotated file counts at once. Trailing line breaks are dropped.
// Errors name the file or the variable, never the content.
Result<std::string> read_secret(const SecretRef& secret);

struct ReceiverConfig {
  std::string name;
  std::string kind;  // "slack", "discord", "webhook", "console"
  SecretRef url;
  std::vector<SecretRef> secrets;  // signing keys, newest first; all sign (rotation)
  feeds::Headers headers;          // extra, not secret
  std::vector<std::string> allow;  // CIDRs, beyond network.allow
};

enum class AnswerKind : std::uint8_t {
  delivered,
  later,    // the receiver is down: it is probed with its oldest message until it answers
  paced,    // the receiver asks for patience: no attempt is used up
  retry,    // it did not take this message: again by the schedule, out of the way of the others
  refused,  // it will never take this message: dead letter
};
struct Answer {
  AnswerKind kind = AnswerKind::later;
  std::string text;                 // one line, users' words: "200", "404 no_team: …"
  std::optional<Span> retry_after;  // with `later`, `paced` and `delivered`: nothing before that
};

struct DeliveryFacts {
  std::string id;  // webhook-id
  std::uint32_t attempt = 1;
  bool late = false;  // more than a minute after its decision
  Instant now{};
};

class Receiver {
 public:
  virtual ~Receiver() = default;
  // The exact request. Errors (a secret that cannot be read) count as `later`; their text names
  // files and variables, never a secret.
  virtual Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const = 0;
  // What an answer means; `reply.status` 0 is no answer.
  virtual Answer judge(const feeds::Reply& reply) const = 0;
};

// nullptr for kinds that are not sent over HTTP ("console").
std::unique_ptr<Receiver> make_receiver(const ReceiverConfig& config);
const std::vector<std::string>& receiver_kinds();

// The readable text of the console receiver; `colour` adds ANSI codes of ours, never the feed's.
// Ends with a line break; two to seven lines.
std::string render_console(const AlertView& view, bool colour);
struct ConsoleStyle {
  bool colour = false;
  std::string time_zone;  // IANA name in which times are shown; empty: the system's
};
std::string render_console(const AlertView& view, const DeliveryFacts& facts,
                           const ConsoleStyle& style);

}  // namespace wirewatch::daemon
