// Mattermost's incoming webhooks: https://developers.mattermost.com/integrate/webhooks/incoming/
#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/markup.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

// A backslash before what Markdown gives a meaning. Mentions and hash tags are found in escaped
// text too, so '@' and '#' give way to their full-width forms, and ':' to one that opens no emoji.
// https://docs.mattermost.com/collaborate/format-messages.html
std::string escape(std::string_view text) {
  constexpr std::string_view special = "\\`*_{}[]()<>+-.!|~=$";
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool opens =
        i + 1 < text.size() && text[i + 1] != ' ' && !(text[i + 1] >= '0' && text[i + 1] <= '9');
    if (c == '@') {
      out += "\uff20";
    } else if (c == '#') {
      out += "\uff03";
    } else if (c == ':' && opens) {
      out += "\ua789";
    } else {
      if (special.find(c) != std::string_view::npos) out.push_back('\\');
      out.push_back(c);
    }
  }
  return out;
}

Markup markup() {
  Markup markdown;
  markdown.escape = escape;
  markdown.bold = [](const std::string& text) { return "**" + text + "**"; };
  markdown.link = [](const std::string& link, const std::string& text) {
    return "[" + text + "](<" + link + ">)";
  };
  markdown.quote_open = "> ";
  markdown.quote_close = "\n";
  return markdown;
}

class Mattermost : public Receiver {
 public:
  explicit Mattermost(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    const Message message = compose(view, facts);
    const ZoneClock clock(facts.time_zone);
    JsonWriter json;
    json.begin_object();
    json.member_if("channel", config_.option("channel"));
    json.member("text", marked_up(message, markup(), clock, limits::mattermost_text));
    json.end_object();
    return json_request(config_, json.take());
  }

  // 200 "ok" is success. 400 and 404 name a hook or a channel that is not there, 413 a text that
  // is too long: https://developers.mattermost.com/integrate/webhooks/incoming/#troubleshooting
  Answer judge(const feeds::Reply& reply) const override {
    const int status = reply.status;
    if (status == 200) return judge_success(reply, says_ok(reply), "\"ok\"");
    if (auto common = judge_common(reply)) return *common;
    const bool final = status == 400 || status == 404 || status == 413;
    return judge_refusal(reply, final, JsonAnswer(reply.body).text("message"));
  }

 private:
  ReceiverConfig config_;
};

}  // namespace

std::unique_ptr<Receiver> make_mattermost(const ReceiverConfig& config) {
  return std::make_unique<Mattermost>(config);
}

}  // namespace wirewatch::daemon
