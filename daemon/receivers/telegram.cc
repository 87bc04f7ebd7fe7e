// Telegram bots: https://core.telegram.org/bots/api#sendmessage
#include <fmt/format.h>

#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/markup.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

constexpr const char* public_api = "https://api.telegram.org";

// In plain text Telegram itself finds @names, #tags and /commands: the first two give way to their
// full-width forms, a command to one after an invisible joiner.
std::string defused(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool word_before = i > 0 && text[i - 1] != ' ' && text[i - 1] != '\n';
    if (c == '@') {
      out += "\uff20";
    } else if (c == '#') {
      out += "\uff03";
    } else if (c == '/' && !word_before) {
      out += "\u2060/";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

Markup markup() {
  Markup html = Markup::html(defused, "\n");
  html.quote_open = "<blockquote>";
  html.quote_close = "</blockquote>";
  return html;
}

class Telegram : public Receiver {
 public:
  explicit Telegram(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    auto token = read_token(config_);
    if (!token) return token.error();
    const bool edits = !facts.first.empty() && view.revision > 1 &&
                       (config_.on_update == OnUpdate::edit || view.kind == "corrected");
    const bool replies =
        !facts.first.empty() && view.revision > 1 && !edits && config_.on_update != OnUpdate::post;
    const Message message = compose(view, facts);
    const ZoneClock clock(facts.time_zone);
    JsonWriter json;
    json.begin_object().member("chat_id", facts.note.empty() ? config_.option("chat") : facts.note);
    if (edits) json.key("message_id").raw(facts.first);
    json.member("text", replies ? follow_up(message, markup(), clock, limits::telegram_text)
                                : marked_up(message, markup(), clock, limits::telegram_text));
    json.member("parse_mode", "HTML");
    json.key("link_preview_options").begin_object().member("is_disabled", true).end_object();
    if (replies) {
      json.key("reply_parameters").begin_object().key("message_id").raw(facts.first);
      json.member("allow_sending_without_reply", true).end_object();
    }
    if (view.severity == "low" && !edits) json.member("disable_notification", true);
    json.end_object();
    const std::string api = config_.option("server");
    return request_to(config_,
                      fmt::format("{}/bot{}/{}", api.empty() ? public_api : api, *token,
                                  edits ? "editMessageText" : "sendMessage"),
                      json.take());
  }

  // https://core.telegram.org/bots/api#making-requests and #responseparameters. A group that has
  // become a supergroup has another id, which the answer gives: kept, and sent there at once.
  Answer judge(const feeds::Reply& reply) const override {
    const JsonAnswer body(reply.body);
    const int status = reply.status;
    Answer answer;
    if (status == 200 && body.is_true("ok")) {
      answer.kind = AnswerKind::delivered;
      answer.text = "200 ok";
      const auto id = body.integer("result", "message_id");
      if (id && *id > 0) answer.handle = std::to_string(*id);
      return answer;
    }
    const std::string description = body.text("description");
    const std::string shown = answer_text(status, description.empty() ? reply.body : description);
    if (const auto chat = body.integer("parameters", "migrate_to_chat_id")) {
      answer.kind = AnswerKind::again;
      answer.note = std::to_string(*chat);
      answer.text = shown;
      return answer;
    }
    if (auto common = judge_common(reply)) {
      if (status != 0 && !description.empty()) common->text = shown;
      const auto seconds = body.integer("parameters", "retry_after");
      if (seconds) common->retry_after = clamp_retry(static_cast<double>(*seconds));
      return *common;
    }
    return refusal(status, description, shown);
  }

  bool follows_up() const override { return true; }

 private:
  static Answer refusal(int status, const std::string& description, const std::string& shown) {
    Answer answer;
    answer.text = shown;
    if (status == 200) {
      answer.kind = AnswerKind::retry;
      answer.text = "200 without \"ok\":" + shown.substr(std::string_view("200").size());
      return answer;
    }
    if (description.find("message is not modified") != std::string::npos) {
      answer.kind = AnswerKind::delivered;
      return answer;
    }
    if (description.find("message to edit not found") != std::string::npos ||
        description.find("message can't be edited") != std::string::npos) {
      answer.kind = AnswerKind::again;
      answer.forget_handle = true;
      return answer;
    }
    // 401 and 404: the token is wrong, which somebody will mend; 400 and 403 are about the message
    // or the chat.
    const bool final = status == 400 || status == 403;
    answer.kind = final ? AnswerKind::refused : AnswerKind::retry;
    return answer;
  }

  ReceiverConfig config_;
};

}  // namespace

std::unique_ptr<Receiver> make_telegram(const ReceiverConfig& config) {
  return std::make_unique<Telegram>(config);
}

}  // namespace wirewatch::daemon
