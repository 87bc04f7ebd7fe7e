// Discord's webhooks: https://discord.com/developers/docs/resources/webhook#execute-webhook
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/message.h"
#include "daemon/receivers/zone_clock.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

constexpr std::int64_t invalid_form_body = 50035;
constexpr std::int64_t unknown_message = 10008;

// Literal text in Discord's Markdown: a backslash before whatever it gives a meaning, mentions,
// timestamps and bare links ("https:") included.
std::string escape(std::string_view text) {
  constexpr std::string_view special = "\\*_~`|>#-+.!()[]<@:";
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string linked(const std::string& link, const std::string& escaped_text) {
  return link.empty() ? escaped_text : "[" + escaped_text + "](<" + link + ">)";
}

// Shown in the reader's zone, which only Discord knows; whether the day is named follows the
// config's. https://discord.com/developers/docs/reference#message-formatting
std::string time_text(const ZoneClock& clock, Instant time, Instant shown_at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return fmt::format("<t:{}:{}>", seconds, clock.same_day(time, shown_at) ? 't' : 'f');
}

int colour_of(const std::string& severity) {
  if (severity == "Critical") return 0xb3261e;
  if (severity == "High") return 0xe8710a;
  if (severity == "Low") return 0x80868b;
  return 0x1a73e8;
}

std::string footer_of(const Message& message) {  // plain text to Discord: nothing to escape
  std::string out = message.severity;
  if (!message.rule.empty()) out += " \u00b7 " + message.rule;
  if (!message.late.empty()) out += " \u00b7 " + message.late;
  return cut_text(out, limits::discord_footer);
}

std::string entries_of(const Message& message, std::size_t limit) {
  std::string out;
  std::size_t left = message.entries.size();
  for (const MessageEntry& entry : message.entries) {
    const std::string line = (out.empty() ? "\u2022 " : "\n\u2022 ") + entry.severity + ": " +
                             linked(entry.link, escape(entry.headline)) +
                             (entry.rule.empty() ? "" : " (" + escape(entry.rule) + ")");
    if (utf16_length(out) + utf16_length(line) + 32 > limit) break;
    out += line;
    --left;
  }
  const std::size_t more = message.more_entries + left;
  return more > 0 ? out + fmt::format("\n+{} more", more) : out;
}

std::string description_of(const Message& message, const ZoneClock& clock, std::size_t limit) {
  std::string tail;
  const auto add = [&](const std::string& separator, const std::string& text) {
    if (utf16_length(tail) + utf16_length(separator) + utf16_length(text) > limit / 2) return false;
    tail += separator + text;
    return true;
  };
  std::string separator = "\n";
  for (const MessageSource& source : message.sources) {
    const std::string name = escape(source.name);
    const std::string time = " " + time_text(clock, source.time, message.time);
    if (!add(separator, linked(source.link, name) + time)) add(separator, name + time);
    separator = ", ";
  }
  if (message.more_sources > 0) add(", ", fmt::format("+{}", message.more_sources));
  separator = "\n";
  for (const std::string& entity : message.entities) {
    add(separator, escape(entity));
    separator = ", ";
  }
  if (message.more_entities > 0) add(", ", fmt::format("+{}", message.more_entities));
  if (!message.story_link.empty()) add(" \u00b7 ", linked(message.story_link, "story"));

  std::string head;
  if (!message.link_text.empty()) head += escape(message.link_text) + "\n";
  if (!message.update.empty()) head += "**" + escape(message.update) + "**\n";
  head = cut_text(head, limit / 4);  // never shorter than its parts' own bounds allow
  std::string quoted;
  const std::size_t marks = 4 * message.passage.size() + 4;
  const std::size_t spent = utf16_length(head) + utf16_length(tail) + marks;
  const std::size_t room = limit > spent ? limit - spent : 0;
  for (const Piece& piece : cut_pieces(message.passage, room, escape)) {
    const std::string text = escape(piece.text);
    quoted += piece.marked ? "**" + text + "**" : text;
  }
  if (!quoted.empty()) head += "> " + isolated(quoted);
  if (!message.entries.empty()) {
    head += entries_of(message, limit - std::min(limit, utf16_length(head) + utf16_length(tail)));
  }
  const bool first_line = head.empty() && !tail.empty();
  return head + (first_line ? tail.substr(1) : tail);
}

std::string payload(const AlertView& view, const DeliveryFacts& facts) {
  const Message message = compose(view, facts);
  const std::string title =
      isolated(escape(cut_text(message.headline, limits::discord_title - 2, escape)));
  const std::string footer = footer_of(message);
  const std::size_t left = limits::discord_total - utf16_length(title) - utf16_length(footer);
  JsonWriter json;
  json.begin_object();
  json.key("allowed_mentions").begin_object().key("parse").begin_array().end_array().end_object();
  json.key("embeds").begin_array().begin_object();
  json.member("title", title).member_if("url", message.link);
  json.member_if("description", description_of(message, ZoneClock(facts.time_zone),
                                               std::min(left, limits::discord_description)));
  json.member("color", colour_of(message.severity));
  json.member("timestamp", to_iso8601(message.time));
  json.key("footer").begin_object().member("text", footer).end_object();
  json.end_object().end_array().end_object();
  return json.take();
}

struct ErrorBody {
  std::int64_t code = 0;
  std::string message;
  std::optional<double> retry_after;  // seconds
};

ErrorBody read_error(const std::string& body) {
  ErrorBody error;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(body).get(object) != simdjson::SUCCESS) return error;
  std::string_view text;
  if (object["message"].get(text) == simdjson::SUCCESS) error.message = text;
  if (object["code"].get(error.code) != simdjson::SUCCESS) error.code = 0;
  double seconds = 0;
  if (object["retry_after"].get(seconds) == simdjson::SUCCESS) error.retry_after = seconds;
  return error;
}

// With the last request of a bucket Discord says when the next may come.
// https://discord.com/developers/docs/topics/rate-limits#header-format
std::optional<Span> bucket_pause(const feeds::Headers& headers) {
  if (feeds::header(headers, "x-ratelimit-remaining") != "0") return std::nullopt;
  return retry_after(
      {{"retry-after", std::string(feeds::header(headers, "x-ratelimit-reset-after"))}});
}

class Discord : public Receiver {
 public:
  explicit Discord(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    auto request = json_request(config_, payload(view, facts));
    if (!request) return request;
    std::string& url = request->url;
    // An edit pings nobody and moves nothing: later reports stand in the message itself.
    // https://discord.com/developers/docs/resources/webhook#edit-webhook-message
    if (!facts.first.empty() && view.revision > 1 && config_.on_update != OnUpdate::post) {
      url.insert(std::min(url.find('?'), url.size()), "/messages/" + facts.first);
      request->method = "PATCH";
      return request;
    }
    // wait=true: the answer comes once the message stands in the channel, with its errors and id.
    url += url.find('?') == std::string::npos ? "?wait=true" : "&wait=true";
    return request;
  }

  bool follows_up() const override { return true; }

  // 400 is about the message (50035: a field is wrong), 401 and 404 mean that the webhook was
  // deleted or its token changed: nothing that another try would mend.
  Answer judge(const feeds::Reply& reply) const override {
    const int status = reply.status;
    if (status >= 200 && status < 300) {
      if (auto page = judge_page(reply)) return *page;
      Answer answer{AnswerKind::delivered, std::to_string(status), bucket_pause(reply.headers)};
      const std::string id = JsonAnswer(reply.body).text("id");
      const bool digits =
          std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (digits) answer.handle = id;
      return answer;
    }
    const ErrorBody error = read_error(reply.body);
    if (status == 404 && error.code == unknown_message) {
      Answer answer{AnswerKind::again, answer_text(status, "the message to edit is gone"), {}};
      answer.forget_handle = true;
      return answer;
    }
    auto answer = judge_common(reply);
    if (!answer) {
      const bool final =
          status == 400 || status == 401 || status == 404 || error.code == invalid_form_body;
      answer = Answer{final ? AnswerKind::refused : AnswerKind::retry, {}, {}};
      answer->text = answer_text(status, reply.body);
    }
    if (error.code != 0 && status != 0) {
      answer->text = answer_text(status, fmt::format("{} {}", error.code, error.message));
    } else if (!error.message.empty() && status != 0) {
      answer->text = answer_text(status, error.message);
    }
    if (status == 429 && error.retry_after) answer->retry_after = clamp_retry(*error.retry_after);
    return *answer;
  }

 private:
  ReceiverConfig config_;
};

}  // namespace

std::unique_ptr<Receiver> make_discord(const ReceiverConfig& config) {
  return std::make_unique<Discord>(config);
}

}  // namespace wirewatch::daemon
