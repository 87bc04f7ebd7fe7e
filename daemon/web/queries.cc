#include "daemon/web/queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "daemon/loop/log.h"
#include "daemon/web/story_facts.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

void write_time(JsonWriter& json, std::string_view key, Instant instant) {
  if (instant != Instant{}) json.member(key, to_iso8601(instant));
}

void write_alert(JsonWriter& json, const AlertRow& alert) {
  json.member("id", alert.state.id);
  json.member("rule", alert.state.rule);
  json.member("story", alert.state.story);
  json.member("severity", alert.severity);
  json.member("headline", alert.headline);
  json.member_if("url", alert.url);
  json.member("revision", alert.state.revision);
  json.member("reason", alert.reason);
  write_time(json, "created", alert.created);
  write_time(json, "updated", alert.updated);
  json.member("sources", alert.state.sources);
  json.member("items", rules::items_of(alert.state));
}

void write_alerts(JsonWriter& json, const std::vector<AlertRow>& alerts) {
  json.key("alerts").begin_array();
  for (const AlertRow& alert : alerts) {
    json.begin_object();
    write_alert(json, alert);
    json.end_object();
  }
  json.end_array();
}

// `rule`: of its alert, where the answer is about several.
void write_delivery(JsonWriter& json, const DeliveryRow& delivery, const std::string& rule = {}) {
  json.begin_object();
  json.member_if("rule", rule);
  json.member("id", delivery.id);
  json.member("alert", delivery.alert);
  json.member("revision", delivery.revision);
  json.member("receiver", delivery.receiver);
  json.member("state", to_string(delivery.state));
  json.member("attempts", delivery.attempts);
  write_time(json, "created", delivery.created);
  if (delivery.state == DeliveryState::pending) {
    write_time(json, "next_attempt", delivery.next_attempt);
  } else if (delivery.state == DeliveryState::held || delivery.state == DeliveryState::collected) {
    write_time(json, "due", delivery.next_attempt);
  }
  if (delivery.finished) write_time(json, "finished", *delivery.finished);
  json.member_if("answer", delivery.answer);
  json.end_object();
}

void write_deliveries(JsonWriter& json, const std::vector<DeliveryRow>& deliveries) {
  json.key("deliveries").begin_array();
  for (const DeliveryRow& delivery : deliveries) write_delivery(json, delivery);
  json.end_array();
}

void write_placement(JsonWriter& json, const DocumentRow& row) {
  json.member("story", row.placement.story);
  json.member("copy_group", row.placement.copy_group);
  json.member("relation", feeds::to_string(row.placement.relation));
  json.member_if("of", row.placement.of);
  json.member("similarity", row.placement.similarity);
  json.member("why", row.placement.why);
}

void write_document(JsonWriter& json, const DocumentRow& row) {
  json.member("id", row.input.id);
  json.member("title", row.input.title);
  json.member("source", row.input.source);
  json.member_if("link", row.input.url);
  write_time(json, "time", row.input.time);
  write_time(json, "first_seen", row.first_seen);
  if (row.baseline) json.member("baseline", true);
}

std::vector<DeliveryRow> deliveries_of(Reader& reader, const std::string& alert) {
  DeliveryFilter filter;
  filter.alert = alert;
  return reader.deliveries(filter);
}

std::vector<AlertRow> alerts_of_story(Reader& reader, const std::string& story) {
  AlertFilter filter;
  filter.story = story;
  return reader.alerts(filter);
}

// As of the last poll, and as the store keeps it (since when a feed is watched in whole seconds):
// the daemon and the store say the same to the last figure.
void write_rhythm(JsonWriter& json, const feeds::PollState& state) {
  using std::chrono::seconds;
  constexpr double day_s = 86400;
  const feeds::Rhythm rhythm = feeds::unpack_rhythm(feeds::pack_rhythm(state.rhythm));
  const double a_day = feeds::items_a_day(rhythm, rhythm.at);
  const bool known = rhythm.last_item != Instant{} && a_day > 0;
  json.member("rhythm", feeds::rhythm_words(rhythm, rhythm.at));
  json.member("rhythm_seconds", known ? static_cast<std::int64_t>(day_s / a_day) : 0);
  json.member("interval_seconds", std::chrono::duration_cast<seconds>(state.interval).count());
  json.member("gaps", state.gaps);
  write_time(json, "last_gap", state.last_gap);
  write_time(json, "stale_since", state.stale_since);
}

bool is_meant(const feeds::PollState& state, std::string_view only) {
  if (only == "failing") return state.failures > 0 || state.paused;
  return only == "stale" ? is_stale(state) : true;
}

void write_feed(JsonWriter& json, const FeedHealth& feed) {
  const feeds::PollState& state = feed.state;
  json.begin_object();
  json.member("name", feed.name);
  json.member("url", feed.url);
  json.member_if("title", feed.title);
  json.member("status", feed_status(state));
  json.member_if("failure", state.failure);
  json.member("failures", state.failures);
  write_time(json, "last_poll", state.last_poll);
  write_time(json, "last_success", state.last_success);
  write_time(json, "last_change", state.last_change);
  if (!state.paused && !feed.finished) write_time(json, "next_poll", state.next_due);
  if (feed.finished) json.member("finished", true);
  write_rhythm(json, state);
  json.member("polls", feed.polls);
  json.member("items", feed.items);
  json.member("would_alert", feed.would_alert);
  json.member("held", feed.held);
  write_time(json, "held_since", feed.held_since);
  json.member_if("moved_to", state.moved_to);
  json.member_if("websub", feed.websub);
  json.member("warnings", feed.warnings);
  json.end_object();
}

// One that is known but not decided: what it waits for.
std::string waiting_json(Reader& reader, const WaitingRow& row) {
  const std::optional<ItemRow> item = reader.item(row.input.id);
  JsonWriter json;
  json.begin_object();
  json.member("id", row.input.id);
  json.member("title", row.input.title);
  json.member("source", row.input.source);
  json.member_if("link", row.input.url);
  write_time(json, "time", row.input.time);
  json.member("feed", row.input.feed);
  if (item) {
    json.member("identified", item->reason);
    write_time(json, "first_seen", item->first_seen);
    write_time(json, "last_seen", item->last_seen);
  }
  json.member("revision", row.revision);
  json.key("waiting").begin_object();
  json.member("for", row.what == WaitingFor::article ? "its page" : "the operator");
  json.member_if("reason", row.reason);
  write_time(json, "since", row.since);
  json.end_object();
  json.key("revisions").begin_array();
  json.end_array();
  json.key("sent").begin_array();
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace

std::string alerts_json(Reader& reader, const AlertFilter& filter) {
  JsonWriter json;
  json.begin_object();
  write_alerts(json, reader.alerts(filter));
  json.end_object();
  return json.take();
}

std::optional<std::string> alert_json(Reader& reader, const std::string& id) {
  const std::optional<AlertRow> alert = reader.alert(id);
  if (!alert) return std::nullopt;
  JsonWriter json;
  json.begin_object();
  write_alert(json, *alert);
  json.key("message").raw(alert->view.empty() ? "null" : alert->view);
  write_deliveries(json, deliveries_of(reader, alert->state.id));
  json.key("verdicts").begin_array();
  for (const VerdictRow& verdict : reader.verdicts(alert->state.id)) {
    json.begin_object().member("verdict", verdict.good ? "right" : "wrong");
    write_time(json, "at", verdict.at);
    json.member_if("note", verdict.note).member_if("who", verdict.who).end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

std::string deliveries_json(Reader& reader, const DeliveryFilter& filter) {
  JsonWriter json;
  json.begin_object();
  write_deliveries(json, reader.deliveries(filter));
  json.end_object();
  return json.take();
}

std::string items_json(Reader& reader, const std::string& text, std::size_t limit) {
  JsonWriter json;
  json.begin_object();
  json.key("items").begin_array();
  for (const DocumentRow& row : reader.find_items(text, limit)) {
    json.begin_object();
    write_document(json, row);
    json.member("story", row.placement.story);
    json.member("relation", feeds::to_string(row.placement.relation));
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

std::string no_story(std::string_view text) {
  return fmt::format(
      "no story is known by \"{}\": write its id or the beginning of it, or of one of its reports "
      "the link or words of the title",
      escape_for_log(text));
}

std::string no_item(std::string_view text) {
  return fmt::format(
      "no item is known by \"{}\": write its id or the beginning of it, its link, or words of its "
      "title",
      escape_for_log(text));
}

std::optional<std::string> story_json(Reader& reader, const std::string& text) {
  if (text.empty()) return std::nullopt;
  std::vector<DocumentRow> documents = reader.story_documents(text);
  if (documents.empty()) {  // a story has the id of its first report
    const std::vector<DocumentRow> found = reader.find_items(text, 1);
    if (!found.empty()) documents = reader.story_documents(found.front().placement.story);
  }
  if (documents.empty()) return std::nullopt;
  JsonWriter json;
  json.begin_object();
  json.member("story", documents.front().placement.story);
  const feeds::Independence facts = independence_of(documents);
  json.key("documents").begin_array();
  for (std::size_t i = 0; i < documents.size(); ++i) {
    json.begin_object();
    write_document(json, documents[i]);
    write_placement(json, documents[i]);
    if (i < facts.reports.size()) write_part(json, facts.reports[i]);
    json.end_object();
  }
  json.end_array();
  write_independence(json, documents, facts);
  write_alerts(json, alerts_of_story(reader, documents.front().placement.story));
  json.end_object();
  return json.take();
}

std::optional<std::string> why_json(Reader& reader, const std::string& text) {
  const std::vector<DocumentRow> found = reader.find_items(text, 1);
  if (found.empty()) {
    const std::vector<WaitingRow> waiting = reader.find_waiting(text, 1);
    if (waiting.empty()) return std::nullopt;
    return waiting_json(reader, waiting.front());
  }
  const std::string id = found.front().input.id;
  const std::optional<ItemRow> item = reader.item(id);
  const std::vector<DocumentRow> revisions = reader.item_documents(id);
  JsonWriter json;
  json.begin_object();
  write_document(json, revisions.empty() ? found.front() : revisions.back());
  json.member("feed", found.front().input.feed);
  json.member("feed_known_by", feeds::identified_by(reader.publisher(found.front().input.feed)));
  if (item) {
    json.member("identified", item->reason);
    json.member("revision", item->revision);
    write_time(json, "last_seen", item->last_seen);
  }
  json.key("revisions").begin_array();
  for (const DocumentRow& row : revisions) {
    json.begin_object();
    json.member("revision", row.revision);
    write_time(json, "decided", row.first_seen);
    write_placement(json, row);
    json.key("entities").begin_array();
    for (const feeds::Mention& mention : row.mentions) json.value(mention.entity);
    json.end_array();
    json.member("notes", reader.notes(id, row.revision));
    json.key("rules").raw(row.trace.empty() ? "[]" : row.trace);
    json.end_object();
  }
  json.end_array();
  json.key("sent").begin_array();
  for (const AlertRow& alert : alerts_of_story(reader, found.front().placement.story)) {
    if (rules::report_of(alert.state, id) == nullptr) continue;
    for (const DeliveryRow& delivery : deliveries_of(reader, alert.state.id)) {
      write_delivery(json, delivery, alert.state.rule);
    }
  }
  json.end_array();
  json.end_object();
  return json.take();
}

std::string feeds_json(const std::vector<FeedHealth>& feeds, std::string_view only) {
  JsonWriter json;
  json.begin_object();
  json.key("feeds").begin_array();
  for (const FeedHealth& feed : feeds) {
    if (is_meant(feed.state, only)) write_feed(json, feed);
  }
  json.end_array();
  json.end_object();
  return json.take();
}

std::string stored_feeds_json(Reader& reader, std::string_view only) {
  std::map<std::string, std::pair<std::size_t, Instant>> held;
  for (const WaitingEntry& entry : reader.waiting_entries()) {
    if (entry.what != WaitingFor::operator_) continue;
    auto& [count, since] = held[entry.feed];
    since = count == 0 ? entry.since : std::min(since, entry.since);
    ++count;
  }
  std::vector<FeedHealth> all;
  for (FeedRow& row : reader.feeds()) {
    FeedHealth health;
    health.key = row.key;
    health.name = row.name;
    health.url = row.key;
    health.title = row.title;
    health.state = std::move(row.state);
    // A replay that ended: what is polled is due within its longest time, 30 days and a quarter.
    health.finished = health.state.next_due - health.state.last_poll > std::chrono::hours(24 * 60);
    const auto waits = held.find(health.key);
    if (waits != held.end()) std::tie(health.held, health.held_since) = waits->second;
    all.push_back(std::move(health));
  }
  return feeds_json(all, only);
}

}  // namespace wirewatch::daemon
