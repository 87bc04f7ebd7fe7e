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

enum class AnswerKind : std::uint8_t { delivered, later, paced, refused };
struct Answer {
  AnswerKind kind = AnswerKind::later;
  std::string text;                 // one line, users' words: "200", "404 no_team: …"
  std::optional<Span> retry_after;  // with `later` and `paced`
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
  // The exact request. Errors (a secret that cannot be read) count as `later`.
  virtual Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const = 0;
  // What an answer means; `reply.status` 0 is no answer.
  virtual Answer judge(const feeds::Reply& reply) const = 0;
};

// nullptr for kinds that are not sent over HTTP ("console").
std::unique_ptr<Receiver> make_receiver(const ReceiverConfig& config);
const std::vector<std::string>& receiver_kinds();

// The readable text of the console receiver; `colour` adds ANSI codes of ours, never the feed's.
std::string render_console(const AlertView& view, bool colour);

}  // namespace wirewatch::daemon
