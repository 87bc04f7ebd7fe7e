// Any address that takes JSON, signed as Standard Webhooks has it.
#include <memory>

#include "daemon/receivers/body_tree.h"
#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/message.h"
#include "daemon/receivers/signature.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t usual_body = 2048;  // bytes, or a few more

void write_clean(JsonWriter& json, std::string_view text, std::size_t limit) {
  if (text.size() <= limit && is_plain_line(text)) {  // as most is: no copy then
    json.value(text);
  } else {
    json.value(cut_text(clean_line(text), limit));
  }
}

void write_mark(JsonWriter& json, std::size_t start, std::size_t end) {
  json.begin_object().member("start", start).member("end", end).end_object();
}

// What the pieces would come to where cleaning and cutting change nothing: a mark leaves out the
// spaces at its ends.
void write_plain_passage(JsonWriter& json, const AlertView& view) {
  const std::string& passage = view.passage;
  json.member("passage", passage).key("marks").begin_array();
  std::size_t at = 0;
  for (const PassageMark& mark : view.marks) {
    if (mark.start < at || mark.start >= mark.end || mark.end > passage.size()) continue;
    at = mark.end;
    const std::size_t start = mark.start + (passage[mark.start] == ' ' ? 1 : 0);
    const std::size_t end = mark.end - (passage[mark.end - 1] == ' ' ? 1 : 0);
    if (start < end) write_mark(json, start, end);
  }
  json.end_array();
}

void write_passage(JsonWriter& json, const AlertView& view) {
  if (view.passage.size() <= limits::passage && is_plain_line(view.passage)) {
    return write_plain_passage(json, view);
  }
  const auto pieces = cut_pieces(clean_pieces(passage_pieces(view)), limits::passage);
  std::string passage;
  for (const Piece& piece : pieces) passage += piece.text;
  json.member("passage", passage);
  json.key("marks").begin_array();
  std::size_t at = 0;
  for (const Piece& piece : pieces) {
    const std::size_t end = at + piece.text.size();
    if (piece.marked) write_mark(json, at, end);
    at = end;
  }
  json.end_array();
}

void write_lists(JsonWriter& json, const AlertView& view) {
  json.key("entities").begin_array();
  const std::size_t entities = std::min(view.entities.size(), limits::webhook_entities);
  for (std::size_t i = 0; i < entities; ++i) write_clean(json, view.entities[i], limits::name);
  json.end_array();
  json.key("sources").begin_array();
  const std::size_t sources = std::min(view.sources.size(), limits::webhook_sources);
  for (std::size_t i = 0; i < sources; ++i) {
    const AlertSource& source = view.sources[i];
    write_clean(json.begin_object().key("name"), source.name, limits::name);
    write_clean(json.key("title"), source.title, limits::headline);
    json.member("url", safe_link(source.url).value_or(std::string()));
    json.member("time", to_iso8601(source.time)).end_object();
  }
  json.end_array();
  json.member("sources_count", view.sources.size());
  if (view.entries_count == 0) return;
  json.member("entries_count", view.entries_count).key("entries").begin_array();
  for (const DigestEntry& entry : view.entries) {
    json.begin_object().member("severity", entry.severity).member("rule", entry.rule);
    write_clean(json.key("headline"), entry.headline, limits::headline);
    json.member("url", safe_link(entry.url).value_or(std::string()));
    json.member("story_url", safe_link(entry.story_url).value_or(std::string()));
    json.member("time", to_iso8601(entry.time));
    write_clean(json.key("note"), entry.note, limits::reason);
    json.end_object();
  }
  json.end_array();
}

void write_data(JsonWriter& json, const AlertView& view, const DeliveryFacts& facts) {
  json.begin_object();
  json.member("alert", view.alert).member("story", view.story).member("rule", view.rule);
  json.member("severity", view.severity).member("revision", view.revision);
  write_clean(json.key("headline"), view.headline, limits::headline);
  json.member("url", safe_link(view.url).value_or(std::string()));
  write_clean(json.key("language"), view.language, limits::name);
  write_passage(json, view);
  write_lists(json, view);
  write_clean(json.key("reason"), view.reason, limits::reason);
  json.member("story_url", safe_link(view.story_url).value_or(std::string()));
  json.member("late", facts.late);
  json.end_object();
}

// The body's shape is documented in docs/receivers.md; readers may rely on it.
std::string body_of(const AlertView& view, const DeliveryFacts& facts) {
  JsonWriter json;
  json.reserve(usual_body);
  json.begin_object();
  json.member("type", "alert." + view.kind).member("timestamp", to_iso8601(view.time));
  json.key("data");
  write_data(json, view, facts);
  json.end_object();
  return json.take();
}

// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
std::string cloud_event_of(const AlertView& view, const DeliveryFacts& facts) {
  JsonWriter json;
  json.begin_object().member("specversion", "1.0").member("id", facts.id);
  json.member("source", "/wirewatch/rules/" + (view.rule.empty() ? "none" : view.rule));
  json.member("type", "wirewatch.alert." + view.kind).member("subject", view.alert);
  json.member("time", to_iso8601(view.time)).member("datacontenttype", "application/json");
  json.key("data");
  write_data(json, view, facts);
  json.end_object();
  return json.take();
}

class Webhook : public Receiver {
 public:
  explicit Webhook(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    const bool event = config_.option("format") == "cloudevents";
    const std::string tree = config_.option("body");
    auto request = json_request(config_, !tree.empty() ? filled_body(tree, view, facts)
                                         : event       ? cloud_event_of(view, facts)
                                                       : body_of(view, facts));
    if (!request) return request;
    if (event && tree.empty()) {
      request->headers.front().second = "application/cloudevents+json; charset=utf-8";
    }
    if (auto known = know_secrets(); !known) return known.error();
    const std::int64_t timestamp =
        std::chrono::floor<std::chrono::seconds>(facts.now).time_since_epoch().count();
    request->headers.emplace_back("webhook-id", facts.id);
    request->headers.emplace_back("webhook-timestamp", std::to_string(timestamp));
    if (signer_) {
      request->headers.emplace_back("webhook-signature",
                                    signer_->sign(facts.id, timestamp, request->body));
    }
    return request;
  }

  // Standard Webhooks counts every answer but 2xx as a failure to be sent again, and 410 as the
  // end. The same bytes would be refused again after 400, 413, 415 and 422, so these are final too.
  Answer judge(const feeds::Reply& reply) const override {
    const int status = reply.status;
    if (status >= 200 && status < 300) return {AnswerKind::delivered, std::to_string(status), {}};
    if (auto answer = judge_common(reply)) return *answer;
    const bool final =
        status == 400 || status == 410 || status == 413 || status == 415 || status == 422;
    return judge_refusal(reply, final);
  }

 private:
  // Read for each message, as files may change; the signer is made anew only when they did.
  Result<void> know_secrets() const {
    std::vector<std::string> secrets;
    for (const SecretRef& reference : config_.secrets) {
      auto secret = read_secret(reference);
      if (!secret) return secret.error();
      secrets.push_back(std::move(*secret));
    }
    if (secrets == secrets_) return {};
    std::vector<std::string> keys;
    for (const std::string& secret : secrets) {
      auto key = signing_key(secret);
      if (!key) {
        return Error{key.error().kind, "receiver \"" + config_.name + "\": " + key.error().text};
      }
      keys.push_back(std::move(*key));
    }
    signer_ = std::make_unique<WebhookSigner>(keys);
    secrets_ = std::move(secrets);
    return {};
  }

  ReceiverConfig config_;
  mutable std::vector<std::string> secrets_;  // that the signer has; none: nothing is signed
  mutable std::unique_ptr<WebhookSigner> signer_;
};

}  // namespace

std::unique_ptr<Receiver> make_webhook(const ReceiverConfig& config) {
  return std::make_unique<Webhook>(config);
}

}  // namespace wirewatch::daemon
