// E-mail by SMTP: RFC 5321 (transport), 5322 (message), 3834 (Auto-Submitted), 2919 (List-Id).
#include <fmt/format.h>

#include "daemon/receivers/email_text.h"
#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/mime.h"
#include "rules/policy/policy.h"

namespace wirewatch::daemon {
namespace {

// RFC 5321, 4.5.3.2 would have a client wait up to ten minutes for the last answer: one who gives
// up sooner sends the message twice. A line waits for itself alone.
constexpr Span answer_within = std::chrono::minutes(5);

// "X-Priority" (1 to 5, what mail programs show) and "Importance" (RFC 4021, 2.1.61).
struct Priority {
  const char* number;
  const char* importance;
};
Priority priority_of(const std::string& severity) {
  if (severity == "critical") return {"1 (Highest)", "high"};
  if (severity == "high") return {"2 (High)", "high"};
  if (severity == "low") return {"5 (Lowest)", "low"};
  return {"3 (Normal)", "normal"};
}

// All revisions have the first one's subject: mail programs thread by it too.
std::string subject_of(const Message& message, const AlertView& view, bool follows) {
  std::string subject = message.headline;
  if (view.kind == "test") subject = "Test: " + subject;
  if (follows) return "Re: " + subject;
  return subject;
}

class Email : public Receiver {
 public:
  explicit Email(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    const auto from = parse_mail_address(config_.option("from"));
    if (!from) return from.error();
    auto envelope = envelope_from(*from);
    if (!envelope) return envelope.error();
    HttpRequest request;
    request.method = "MAIL";
    request.url = config_.option("server");
    request.mail = std::move(*envelope);
    request.body = message_of(view, facts, *from);
    request.deadline = answer_within;
    request.body_cap = limits::answer_bytes;
    request.follow_redirects = false;
    request.allow = config_.allow;
    return request;
  }

  // https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1: 4yz may pass, 5yz will not. What comes
  // before the message is about the server or our login, and somebody will mend it.
  Answer judge(const feeds::Reply& reply) const override {
    const int status = reply.status;
    Answer answer;
    if (status == 0) {
      answer.text = answer_text(0, reply.failure_text);
      answer.maybe_taken = reply.sent;  // each probe would be another copy of the mail
      return answer;
    }
    const std::string_view stage = feeds::header(reply.headers, "stage");
    std::string refused;
    for (const auto& [name, value] : reply.headers) {
      if (name == "refused") refused += (refused.empty() ? "" : ", ") + value;
    }
    answer.text = answer_text(status, reply.body);
    if (status >= 200 && status < 300) {
      answer.kind = AnswerKind::delivered;
      if (!refused.empty()) answer.text = answer_text(status, "but not for " + refused);
      return answer;
    }
    if (status < 400 || status > 599) {
      answer.kind = AnswerKind::retry;
      return answer;
    }
    // RFC 4954, 6: these are about the login wherever they come.
    const bool login = status == 530 || status == 534 || status == 535 || status == 538;
    const bool in_transaction = stage == "sender" || stage == "recipient" || stage == "message";
    const bool final = status >= 500 && in_transaction && !login;
    answer.kind = final ? AnswerKind::refused : AnswerKind::later;
    answer.about_message = status < 500 && stage == "message";
    if (final && !refused.empty()) answer.text = answer_text(status, "for " + refused);
    return answer;
  }

 private:
  Result<MailEnvelope> envelope_from(const MailAddress& from) const {
    MailEnvelope envelope;
    envelope.from = from.mailbox;
    for (const MailAddress& to : mail_addresses(config_.option("to"))) {
      envelope.to.push_back(to.mailbox);
    }
    envelope.encrypt = config_.option("tls") != "none";
    envelope.hello = from.domain();
    if (config_.user.from == SecretRef::From::none) return envelope;
    auto user = read_secret(config_.user);
    if (!user) return user.error();
    auto password = read_secret(config_.token);
    if (!password) return password.error();
    envelope.user = std::move(*user);
    envelope.password = std::move(*password);
    return envelope;
  }

  std::string message_of(const AlertView& view, const DeliveryFacts& facts,
                         const MailAddress& from) const {
    const Message message = compose(view, facts);
    const ZoneClock clock(facts.time_zone);
    const Priority priority = priority_of(view.severity);
    const bool in_thread = view.revision > 1 && config_.on_update != OnUpdate::post;
    const bool follows = in_thread && view.follows_another();
    std::string out = "Date: " + mail_date(facts.now) + "\r\n";
    out += address_header("From", {from});
    out += address_header("To", mail_addresses(config_.option("to")));
    const auto reply_to = mail_addresses(config_.option("reply_to"));
    if (!reply_to.empty()) out += address_header("Reply-To", reply_to);
    out += text_header("Subject", subject_of(message, view, follows));
    const auto id = [&](const std::string& delivery) {
      return fmt::format("<{}@{}>", delivery, from.domain());
    };
    out += fmt::format("Message-ID: {}\r\n", id(facts.id));
    // The same everywhere and after any restart: ids come from the alert's. Also where the first
    // mail was for others, all that follow are one thread by it.
    const std::string first = id(rules::delivery_id(view.alert, 1, config_.name));
    if (follows) out += fmt::format("In-Reply-To: {}\r\n", first);
    if (in_thread) out += fmt::format("References: {}\r\n", first);
    out += fmt::format("List-Id: <{}.wirewatch.{}>\r\n", config_.name, from.domain());
    out += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";
    out +=
        fmt::format("X-Priority: {}\r\nImportance: {}\r\n", priority.number, priority.importance);
    out += text_header("X-Wirewatch-Rule", message.rule);
    out += text_header("X-Wirewatch-Severity", message.severity);
    out += "MIME-Version: 1.0\r\n";
    const MimePart plain{"text/plain; charset=utf-8", email_plain(message, clock)};
    const MimePart html{"text/html; charset=utf-8", email_html(message, view.language, clock)};
    return out + mime_alternatives({plain, html}, facts.id);
  }

  ReceiverConfig config_;
};

}  // namespace

std::unique_ptr<Receiver> make_email(const ReceiverConfig& config) {
  return std::make_unique<Email>(config);
}

}  // namespace wirewatch::daemon
