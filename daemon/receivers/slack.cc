// Slack: an incoming webhook, which posts, or a bot, which also edits and answers in threads.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
// https://docs.slack.dev/reference/methods/chat.postMessage
#include <algorithm>
#include <array>

#include "daemon/receivers/kinds.h"
#include "daemon/receivers/slack_message.h"
#include "daemon/receivers/text.h"

namespace wirewatch::daemon {
namespace {

constexpr const char* public_api = "https://slack.com/api";

class SlackWebhook : public Receiver {
 public:
  explicit SlackWebhook(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    JsonWriter json;
    json.begin_object();
    write_slack_message(json, view, facts);
    json.end_object();
    return json_request(config_, json.take());
  }

  // 200 with "ok" alone is success. 400 invalid_payload, 403 action_prohibited, 404
  // channel_not_found or no_service, 410 channel_is_archived do not change by themselves.
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
  Answer judge(const feeds::Reply& reply) const override {
    const int status = reply.status;
    if (status == 200) return judge_success(reply, says_ok(reply), "\"ok\"");
    if (auto answer = judge_common(reply)) return *answer;
    return judge_refusal(reply, status == 400 || status == 403 || status == 404 || status == 410);
  }

 private:
  ReceiverConfig config_;
};

// A handle is "CHANNEL TS": chat.update wants the channel's id, whatever name the config has for
// it.
class SlackBot : public Receiver {
 public:
  explicit SlackBot(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    auto token = read_token(config_);
    if (!token) return token.error();
    const std::size_t blank = facts.first.find(' ');
    const bool follows = blank != std::string::npos && view.revision > 1;
    const bool edits = follows && (config_.on_update == OnUpdate::edit || view.kind == "corrected");
    const bool replies = follows && !edits && config_.on_update != OnUpdate::post;
    JsonWriter json;
    json.begin_object();
    json.member("channel",
                follows && edits ? facts.first.substr(0, blank) : config_.option("channel"));
    if (edits) json.member("ts", facts.first.substr(blank + 1));
    if (replies) json.member("thread_ts", facts.first.substr(blank + 1));
    write_slack_message(json, view, facts);
    json.end_object();
    const std::string server = config_.option("server");
    auto request = request_to(
        config_,
        (server.empty() ? public_api : server) + (edits ? "/chat.update" : "/chat.postMessage"),
        json.take());
    if (!request) return request;
    request->headers.emplace_back("Authorization", "Bearer " + *token);
    std::erase_if(request->headers, [](const auto& h) { return h.first == "Content-Type"; });
    request->headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    return request;
  }

  // Slack answers 200 with "ok": false and a word: which of them another try can mend?
  // https://docs.slack.dev/reference/methods/chat.postMessage#errors
  Answer judge(const feeds::Reply& reply) const override {
    Answer answer;
    const JsonAnswer body(reply.body);
    if (reply.status == 200 && body.is_true("ok")) {
      answer.kind = AnswerKind::delivered;
      answer.text = "200 ok";
      if (!body.text("ts").empty()) answer.handle = body.text("channel") + " " + body.text("ts");
      return answer;
    }
    if (auto common = judge_common(reply)) return *common;
    const std::string error = body.text("error");
    answer.text =
        answer_text(reply.status, error.empty() ? "without \"ok\": " + reply.body : error);
    answer.kind = kind_of(error);
    answer.forget_handle = answer.kind == AnswerKind::again;
    return answer;
  }

  bool follows_up() const override { return true; }

 private:
  static AnswerKind kind_of(const std::string& error) {
    constexpr std::array gone = {"message_not_found", "cant_update_message", "thread_not_found",
                                 "edit_window_closed"};
    constexpr std::array down = {"internal_error", "fatal_error", "service_unavailable",
                                 "request_timeout", "team_added_to_org"};
    constexpr std::array final = {
        "channel_not_found",   "is_archived",    "not_in_channel",    "msg_too_long",
        "msg_blocks_too_long", "invalid_blocks", "restricted_action", "no_text",
        "invalid_arguments"};
    const auto among = [&](const auto& words) {
      return std::find(words.begin(), words.end(), error) != words.end();
    };
    if (error == "ratelimited" || error == "rate_limited") return AnswerKind::paced;
    if (among(gone)) return AnswerKind::again;
    if (among(down)) return AnswerKind::later;
    return among(final) ? AnswerKind::refused : AnswerKind::retry;  // a token that can be mended
  }

  ReceiverConfig config_;
};

}  // namespace

std::unique_ptr<Receiver> make_slack(const ReceiverConfig& config) {
  if (config.token.from != SecretRef::From::none) return std::make_unique<SlackBot>(config);
  return std::make_unique<SlackWebhook>(config);
}

}  // namespace wirewatch::daemon
