// Microsoft Teams by a workflow ("Post to a channel when a webhook request is received") or an old
// connector: an Adaptive Card 1.5, https://adaptivecards.io/explorer/AdaptiveCard.html
#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/message.h"
#include "daemon/receivers/zone_clock.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

// All of a feed's text stands in text runs, which know no Markdown and no mentions:
// https://adaptivecards.io/explorer/TextRun.html
struct Run {
  std::string text;
  bool bold = false;
  bool marked = false;
  std::string link{};
};

void write_runs(JsonWriter& json, const std::vector<Run>& runs, bool subtle, bool first) {
  json.begin_object().member("type", "RichTextBlock");
  if (!first) json.member("spacing", "Small");
  json.key("inlines").begin_array();
  for (const Run& run : runs) {
    if (run.text.empty()) continue;
    json.begin_object().member("type", "TextRun").member("text", run.text);
    if (run.bold) json.member("weight", "Bolder");
    if (run.marked) json.member("highlight", true);
    if (subtle) json.member("isSubtle", true);
    if (!run.link.empty()) {
      json.key("selectAction").begin_object().member("type", "Action.OpenUrl");
      json.member("url", run.link).end_object();
    }
    json.end_object();
  }
  json.end_array().end_object();
}

std::vector<Run> headline_runs(const Message& message) {
  std::vector<Run> runs = {{message.severity + " \u00b7 ", true, false},
                           {isolated(message.headline), true, false, message.link}};
  if (!message.link_text.empty()) runs.push_back({" " + message.link_text});
  return runs;
}

// A block's runs are one line of text: an isolate may begin in one and end in another.
std::vector<Run> passage_runs(const Message& message) {
  std::vector<Run> runs;
  std::string whole;
  for (const Piece& piece : message.passage) {
    runs.push_back({piece.text, false, piece.marked});
    whole += piece.text;
  }
  if (has_rtl(whole)) {
    runs.insert(runs.begin(), {"\u2068"});
    runs.push_back({"\u2069"});
  }
  return runs;
}

std::vector<Run> source_runs(const Message& message, const ZoneClock& clock) {
  std::vector<Run> runs;
  for (const MessageSource& source : message.sources) {
    if (!runs.empty()) runs.push_back({", "});
    runs.push_back({source.name, false, false, source.link});
    runs.push_back({" " + clock.text(source.time, message.time)});
  }
  if (message.more_sources > 0) runs.push_back({", +" + std::to_string(message.more_sources)});
  return runs;
}

std::vector<Run> about_runs(const Message& message) {
  std::string text;
  for (const std::string& entity : message.entities) text += (text.empty() ? "" : ", ") + entity;
  if (message.more_entities > 0) text += ", +" + std::to_string(message.more_entities);
  if (!message.rule.empty()) text += (text.empty() ? "rule " : " \u00b7 rule ") + message.rule;
  if (!message.late.empty()) text += " \u00b7 " + message.late;
  return {{std::move(text)}};
}

void write_entries(JsonWriter& json, const Message& message) {
  for (const MessageEntry& entry : message.entries) {
    write_runs(json,
               {{"\u2022 " + entry.severity + ": "},
                {entry.headline, false, false, entry.link},
                {entry.rule.empty() ? "" : " (" + entry.rule + ")"}},
               false, false);
  }
  if (message.more_entries > 0) {
    write_runs(json, {{"+" + std::to_string(message.more_entries) + " more"}}, true, false);
  }
}

void write_actions(JsonWriter& json, const Message& message) {
  if (message.link.empty() && message.story_link.empty()) return;
  json.key("actions").begin_array();
  const auto action = [&](const char* title, const std::string& url) {
    if (url.empty()) return;
    json.begin_object().member("type", "Action.OpenUrl").member("title", title);
    json.member("url", url).end_object();
  };
  action("Open", message.link);
  action(message.entries.empty() ? "Story" : "All", message.story_link);
  json.end_array();
}

std::string payload(const Message& message, const DeliveryFacts& facts) {
  const ZoneClock clock(facts.time_zone);
  JsonWriter json;
  json.begin_object().member("type", "message").key("attachments").begin_array().begin_object();
  json.member("contentType", "application/vnd.microsoft.card.adaptive").key("contentUrl").null();
  json.key("content").begin_object();
  json.member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  json.member("type", "AdaptiveCard").member("version", "1.5");
  json.member("fallbackText", cut_text(message.severity + ": " + isolated(message.headline), 500));
  json.key("body").begin_array();
  write_runs(json, headline_runs(message), false, true);
  if (!message.update.empty()) {
    write_runs(json, {{message.update, true, false, message.update_link}}, false, false);
  }
  const std::vector<Run> passage = passage_runs(message);
  if (!passage.empty()) write_runs(json, passage, false, false);
  write_entries(json, message);
  const std::vector<Run> sources = source_runs(message, clock);
  if (!sources.empty()) write_runs(json, sources, true, false);
  const std::vector<Run> about = about_runs(message);
  if (!about.front().text.empty()) write_runs(json, about, true, false);
  json.end_array();
  write_actions(json, message);
  json.end_object().end_object().end_array().end_object();
  return json.take();
}

class Teams : public Receiver {
 public:
  explicit Teams(const ReceiverConfig& config) : config_(config) {}

  Result<HttpRequest> render(const AlertView& view, const DeliveryFacts& facts) const override {
    Message message = compose(view, facts);
    std::string json = payload(message, facts);
    while (json.size() > limits::teams_bytes &&
           (message.entries.size() + message.passage.size() + message.sources.size() +
                message.entities.size() >
            0)) {
      if (!message.entries.empty()) {
        message.entries.pop_back();
        ++message.more_entries;
      } else if (!message.entities.empty()) {
        message.entities.pop_back();
        ++message.more_entities;
      } else if (!message.passage.empty()) {
        message.passage.pop_back();
      } else {
        message.sources.pop_back();
        ++message.more_sources;
      }
      json = payload(message, facts);
    }
    return json_request(config_, std::move(json));
  }

  // A connector answers 200 and a workflow 202 even where Teams itself refused: the body says so,
  // with the inner status ("Rate limiting for connectors" in Teams' documentation).
  Answer judge(const feeds::Reply& reply) const override {
    const int status = reply.status;
    Answer answer;
    answer.text = answer_text(status, reply.body);
    if (status >= 200 && status < 300) {
      if (auto page = judge_page(reply)) return *page;
      const bool refused = reply.body.find("failed with error") != std::string::npos ||
                           reply.body.find("returned HTTP error") != std::string::npos;
      if (!refused) {
        answer.kind = AnswerKind::delivered;
        answer.text = std::to_string(status);
      } else if (reply.body.find("429") != std::string::npos) {
        answer.kind = AnswerKind::paced;
      } else {
        answer.kind = AnswerKind::retry;
      }
      return answer;
    }
    if (auto common = judge_common(reply)) return *common;
    const bool final = status == 400 || status == 404 || status == 410 || status == 413;
    answer.kind = final ? AnswerKind::refused : AnswerKind::retry;
    return answer;
  }

 private:
  ReceiverConfig config_;
};

}  // namespace

std::unique_ptr<Receiver> make_teams(const ReceiverConfig& config) {
  return std::make_unique<Teams>(config);
}

}  // namespace wirewatch::daemon
