// Matrix:
// https://spec.matrix.org/v1.8/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid
#include <fmt/format.h>

#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/markup.h"
#include "feeds/ascii.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

// Clients that know no m.mentions look for names in the text: '@' gives way.
Markup markup() {
  Markup html = Markup::html(without_mentions, "<br>");
  html.bold = [](const std::string& text) { return "<strong>" + text + "</strong>"; };
  html.quote_open = "<blockquote>";
  html.quote_close = "</blockquote>";
  return html;
}

Markup plain() {
  Markup text = Markup::plain();
  text.escape = without_mentions;
  text.quote_open = "> ";
  return text;
}

struct Content {
  std::string body;
  std::string html;
};

void write_content(JsonWriter& json, const Content& content) {
  json.member("msgtype", "m.text").member("body", content.body);
  json.member("format", "org.matrix.custom.html").member("formatted_body", content.html);
  json.key("m.mentions").begin_object().end_object();  // nobody is pinged
}

class Matrix : public Receiver {
 public:
  explicit Matrix(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    auto token = read_token(config_);
    if (!token) return token.error();
    const bool follows = !facts.first.empty() && view.revision > 1;
    const bool edits = follows && (config_.on_update == OnUpdate::edit || view.kind == "corrected");
    const bool replies = follows && !edits && config_.on_update != OnUpdate::post;
    const Message message = compose(view, facts);
    const ZoneClock clock(facts.time_zone);
    const auto written = [&](const Markup& how) {
      return replies ? follow_up(message, how, clock, limits::matrix_text)
                     : marked_up(message, how, clock, limits::matrix_text);
    };
    auto request = request_to(config_, address(facts),
                              event(facts, {written(plain()), written(markup())}, edits, replies));
    if (!request) return request;
    request->method = "PUT";
    request->headers.emplace_back("Authorization", "Bearer " + *token);
    return request;
  }

  // https://spec.matrix.org/v1.8/client-server-api/#standard-error-response
  Answer judge(const feeds::Reply& reply) const override {
    const JsonAnswer body(reply.body);
    const int status = reply.status;
    Answer answer;
    if (status == 200) {
      answer.handle = body.text("event_id");
      answer.kind = answer.handle.empty() ? AnswerKind::retry : AnswerKind::delivered;
      answer.text =
          answer.handle.empty() ? answer_text(200, "without an event_id: " + reply.body) : "200";
      return answer;
    }
    const std::string code = body.text("errcode");
    const std::string shown = code.empty() ? answer_text(status, reply.body)
                                           : answer_text(status, code + ": " + body.text("error"));
    if (auto common = judge_common(reply)) {
      if (status != 0) common->text = shown;
      const auto wait = body.number("retry_after_ms");
      if (status == 429 && wait) common->retry_after = clamp_retry(*wait / 1000);
      return *common;
    }
    // 401: the token was changed, and somebody will mend it. 403: not in the room; 404: no room.
    const bool final = status == 400 || status == 403 || status == 404 || status == 413;
    answer.kind = final ? AnswerKind::refused : AnswerKind::retry;
    answer.text = shown;
    return answer;
  }

  bool follows_up() const override { return true; }

 private:
  // The delivery's id is the transaction's: the server drops what it has taken under it before.
  std::string address(const DeliveryFacts& facts) const {
    return fmt::format("{}/_matrix/client/v3/rooms/{}/send/m.room.message/{}",
                       config_.option("server"), feeds::percent_encoded(config_.option("room")),
                       feeds::percent_encoded(facts.id));
  }

  static std::string event(const DeliveryFacts& facts, const Content& content, bool edits,
                           bool replies) {
    JsonWriter json;
    json.begin_object();
    write_content(json, edits ? Content{"* " + content.body, content.html} : content);
    if (edits) {
      json.key("m.new_content").begin_object();
      write_content(json, content);
      json.end_object();
    }
    if (edits || replies) {
      json.key("m.relates_to").begin_object();
      json.member("rel_type", edits ? "m.replace" : "m.thread").member("event_id", facts.first);
      if (replies) {  // clients without threads show a reply to the first message
        json.member("is_falling_back", true).key("m.in_reply_to").begin_object();
        json.member("event_id", facts.first).end_object();
      }
      json.end_object();
    }
    json.end_object();
    return json.take();
  }

  ReceiverConfig config_;
};

}  // namespace

std::unique_ptr<Receiver> make_matrix(const ReceiverConfig& config) {
  return std::make_unique<Matrix>(config);
}

}  // namespace wirewatch::daemon
