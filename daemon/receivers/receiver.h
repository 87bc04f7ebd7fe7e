// Where alerts go: one file a kind. A receiver turns an alert into a request and judges the answer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/loop/network.h"
#include "daemon/receivers/alert_view.h"
#include "feeds/poll/poll.h"
#include "rules/policy/send_book.h"

namespace wirewatch::daemon {

// A secret is named, never held in the config and never printed.
struct SecretRef {
  enum class From : std::uint8_t { none, file, environment, literal };
  From from = From::none;
  std::string where;  // path, variable name, or (literal: tests and non-secret URLs) the value
  bool operator==(const SecretRef&) const = default;
};
// Read at each use, so that a rotated file counts at once. Trailing line breaks are dropped.
// Errors name the file or the variable, never the content.
Result<std::string> read_secret(const SecretRef& secret);

// What becomes of later revisions where the service lets the first message be found again.
enum class OnUpdate : std::uint8_t {
  by_kind,  // as the kind does best
  reply,    // in the first message's thread
  edit,     // the first message itself
  post,     // a message of its own
};

struct ReceiverConfig {
  std::string name;
  std::string kind;  // one of receiver_kinds()
  SecretRef url;
  SecretRef token;                 // of a bot, an access token, or a password
  SecretRef user;                  // of a login with a password; not secret by itself
  std::vector<SecretRef> secrets;  // signing keys, newest first; all sign (rotation)
  feeds::Headers headers;          // extra, not secret
  std::vector<std::string> allow;  // CIDRs, beyond network.allow
  // The kind's own words: "channel", "chat", "room", "topic", "server", "format" …
  std::map<std::string, std::string> options;
  OnUpdate on_update = OnUpdate::by_kind;
  rules::SendPolicy send;  // budget, quiet hours, digest
  bool operator==(const ReceiverConfig&) const = default;

  std::string option(const std::string& key) const {
    const auto found = options.find(key);
    return found == options.end() ? std::string() : found->second;
  }
};

enum class AnswerKind : std::uint8_t {
  delivered,
  later,    // the receiver is down: it is probed with its oldest message until it answers
  paced,    // the receiver asks for patience: no attempt is used up
  retry,    // it did not take this message: again by the schedule, out of the way of the others
  refused,  // it will never take this message: dead letter
  again,    // at once, with what `note` or a forgotten handle changes
  // It was not asked: nobody there was told of what the message corrects or ends.
  needless,
};
struct Answer {
  AnswerKind kind = AnswerKind::later;
  std::string text;                   // one line, users' words: "200", "404 no_team: …"
  std::optional<Span> retry_after{};  // with `later`, `paced` and `delivered`: nothing before that
  // How the service calls the message that it took, so that later ones can edit or answer it.
  std::string handle{};
  // What the receiver is to remember from now on, over restarts (Telegram: where a chat has moved
  // to); empty: nothing new.
  std::string note{};
  bool forget_handle = false;  // with `again`: the message to edit or answer is gone
  bool about_message = false;  // with `later`: it may be this message and not the receiver
  bool maybe_taken = false;    // with `later`: it was sent whole, only the answer is missing
};

struct DeliveryFacts {
  std::string id;  // webhook-id
  std::uint32_t attempt = 1;
  bool late = false;  // more than a minute after its decision
  Instant now{};
  std::string first{};      // handle of the alert's first message here; empty: none, or it is gone
  std::string note{};       // what an earlier answer had it remember
  std::string time_zone{};  // in which times are shown; empty: the system's
};

class Receiver {
 public:
  virtual ~Receiver() = default;
  // The exact request. Errors (a secret that cannot be read) count as `later`; their text names
  // files and variables, never a secret.
  virtual Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const = 0;
  // What an answer means; `reply.status` 0 is no answer.
  virtual Answer judge(const feeds::Reply& reply) const = 0;
  // Does it edit or answer earlier messages, so that their handles are worth a look-up?
  virtual bool follows_up() const { return false; }
};

// Does a service of this kind show a message once that it gets twice under the same id?
bool knows_repeats(std::string_view kind);

// nullptr for kinds that are not sent anywhere ("console").
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
