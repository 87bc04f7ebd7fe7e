// Google Chat's incoming webhooks: https://developers.google.com/workspace/chat/quickstart/webhooks
#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/markup.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

// Card text knows <b>, <i>, <font>, <a> and <br>, and no mentions:
// https://developers.google.com/workspace/chat/format-messages#card-formatting
Markup markup() {
  return Markup::html({}, "<br>");
}

std::string payload(const AlertView& view, const DeliveryFacts& facts, OnUpdate on_update) {
  const Message message = compose(view, facts);
  const ZoneClock clock(facts.time_zone);
  const bool replies = view.follows_another() && on_update != OnUpdate::post;
  const std::string text = replies ? follow_up(message, markup(), clock, limits::google_chat_text)
                                   : marked_up(message, markup(), clock, limits::google_chat_text);
  JsonWriter json;
  json.begin_object();
  json.member("fallbackText", cut_text(message.severity + ": " + isolated(message.headline), 500));
  json.key("cardsV2").begin_array().begin_object().member("cardId", facts.id);
  json.key("card").begin_object().key("sections").begin_array().begin_object();
  json.key("widgets").begin_array().begin_object().key("textParagraph").begin_object();
  json.member("text", text).end_object().end_object().end_array();
  json.end_object().end_array().end_object();
  json.end_object().end_array();
  json.key("thread").begin_object().member("threadKey", view.alert).end_object();
  json.end_object();
  return json.take();
}

class GoogleChat : public Receiver {
 public:
  explicit GoogleChat(const ReceiverConfig& config) : config_(config) {}

  // Messages of one alert share a thread by its key; where the space has no threads, they stand
  // one after the other.
  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    auto request = json_request(config_, payload(view, facts, config_.on_update));
    if (!request) return request;
    request->url += request->url.find('?') == std::string::npos ? "?" : "&";
    request->url += "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD";
    return request;
  }

  // https://cloud.google.com/apis/design/errors#handling_errors
  Answer judge(const feeds::Reply& reply) const override {
    const int status = reply.status;
    if (status >= 200 && status < 300) {
      const bool taken = !JsonAnswer(reply.body).text("name").empty();
      return judge_success(reply, taken, "a message's name");
    }
    if (auto common = judge_common(reply)) return *common;
    return judge_refusal(reply, status == 400 || status == 403 || status == 404);
  }

 private:
  ReceiverConfig config_;
};

}  // namespace

std::unique_ptr<Receiver> make_google_chat(const ReceiverConfig& config) {
  return std::make_unique<GoogleChat>(config);
}

}  // namespace wirewatch::daemon
