// ntfy: https://docs.ntfy.sh/publish/#publish-as-json
#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/markup.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

int priority_of(const std::string& severity) {  // https://docs.ntfy.sh/publish/#message-priority
  if (severity == "Critical") return 5;
  if (severity == "High") return 4;
  if (severity == "Low") return 2;
  return 3;
}

std::string body_text(const Message& message, const ZoneClock& clock) {
  Markup plain = Markup::plain();
  // The title is the headline and a tap opens the link: the text begins with what is new.
  Message rest = message;
  rest.story_link.clear();  // a button of its own
  if (rest.update.empty() && rest.passage.empty() && rest.entries.empty()) rest.update = rest.rule;
  plain.link = [](const std::string&, const std::string& text) { return text; };
  std::string text = marked_up(rest, plain, clock, limits::ntfy_bytes / 4);
  const std::size_t first_line = text.find('\n');
  text = first_line == std::string::npos ? std::string() : text.substr(first_line + 1);
  while (text.size() > limits::ntfy_bytes - 1) {  // bytes count here, not characters
    text = cut_text(text, utf16_length(text) * 3 / 4);
  }
  return text;
}

class Ntfy : public Receiver {
 public:
  explicit Ntfy(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    const Message message = compose(view, facts);
    const ZoneClock clock(facts.time_zone);
    JsonWriter json;
    json.begin_object().member("topic", config_.option("topic"));
    json.member("title", cut_text(message.headline, limits::ntfy_title));
    json.member("message", body_text(message, clock));
    json.member("priority", priority_of(message.severity));
    json.member_if("click", message.link.empty() ? message.story_link : message.link);
    if (!message.story_link.empty()) {
      json.key("actions").begin_array().begin_object().member("action", "view");
      json.member("label", "Story").member("url", message.story_link);
      json.end_object().end_array();
    }
    json.end_object();
    auto request = request_to(config_, config_.option("server"), json.take());
    if (!request || config_.token.from == SecretRef::From::none) return request;
    auto token = read_token(config_);
    if (!token) return token.error();
    request->headers.emplace_back("Authorization", "Bearer " + *token);
    return request;
  }

  // https://docs.ntfy.sh/publish/#limitations: 413 too long, 429 too many (paced by judge_common)
  Answer judge(const feeds::Reply& reply) const override {
    const int status = reply.status;
    const JsonAnswer body(reply.body);
    if (status == 200) return judge_success(reply, !body.text("id").empty(), "an id");
    if (auto common = judge_common(reply)) return *common;
    return judge_refusal(reply, status == 400 || status == 413, body.text("error"));
  }

 private:
  ReceiverConfig config_;
};

}  // namespace

std::unique_ptr<Receiver> make_ntfy(const ReceiverConfig& config) {
  return std::make_unique<Ntfy>(config);
}

}  // namespace wirewatch::daemon
