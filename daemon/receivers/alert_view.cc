#include "daemon/receivers/alert_view.h"

#include <simdjson.h>

#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

std::string text_at(const simdjson::dom::object& object, const char* key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

std::int64_t number_at(const simdjson::dom::object& object, const char* key) {
  std::int64_t number = 0;
  if (object[key].get(number) != simdjson::SUCCESS) return 0;
  return number;
}

void read_lists(const simdjson::dom::object& object, AlertView& view) {
  simdjson::dom::array list;
  if (object["marks"].get(list) == simdjson::SUCCESS) {
    for (const simdjson::dom::element element : list) {
      simdjson::dom::object mark;
      if (element.get(mark) != simdjson::SUCCESS) continue;
      view.marks.push_back({static_cast<std::uint32_t>(number_at(mark, "start")),
                            static_cast<std::uint32_t>(number_at(mark, "end"))});
    }
  }
  if (object["entities"].get(list) == simdjson::SUCCESS) {
    for (const simdjson::dom::element element : list) {
      std::string_view name;
      if (element.get(name) == simdjson::SUCCESS) view.entities.emplace_back(name);
    }
  }
  if (object["sources"].get(list) == simdjson::SUCCESS) {
    for (const simdjson::dom::element element : list) {
      simdjson::dom::object source;
      if (element.get(source) != simdjson::SUCCESS) continue;
      view.sources.push_back({text_at(source, "name"), text_at(source, "title"),
                              text_at(source, "url"), from_unix_micros(number_at(source, "time")),
                              text_at(source, "item")});
    }
  }
}

void read_entries(const simdjson::dom::object& object, AlertView& view) {
  view.entries_count = static_cast<std::size_t>(number_at(object, "entries_count"));
  simdjson::dom::array list;
  if (object["entries"].get(list) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element element : list) {
    simdjson::dom::object entry;
    if (element.get(entry) != simdjson::SUCCESS) continue;
    view.entries.push_back({text_at(entry, "severity"), text_at(entry, "rule"),
                            text_at(entry, "headline"), text_at(entry, "url"),
                            text_at(entry, "story_url"), from_unix_micros(number_at(entry, "time")),
                            text_at(entry, "note")});
  }
}

void write_entries(JsonWriter& json, const AlertView& view) {
  json.member("entries_count", view.entries_count).key("entries").begin_array();
  for (const DigestEntry& entry : view.entries) {
    json.begin_object().member("severity", entry.severity).member("rule", entry.rule);
    json.member("headline", entry.headline).member_if("url", entry.url);
    json.member_if("story_url", entry.story_url);
    json.member("time", to_unix_micros(entry.time)).member_if("note", entry.note).end_object();
  }
  json.end_array();
}

}  // namespace

// Times are microseconds since 1970, so that nothing is lost on the way through the store.
std::string to_json(const AlertView& view) {
  JsonWriter json;
  json.begin_object();
  json.member("alert", view.alert).member("story", view.story).member("rule", view.rule);
  json.member("kind", view.kind).member("severity", view.severity);
  json.member("revision", view.revision);
  json.member("headline", view.headline).member("url", view.url);
  json.member("language", view.language).member("passage", view.passage);
  json.key("marks").begin_array();
  for (const PassageMark& mark : view.marks) {
    json.begin_object().member("start", mark.start).member("end", mark.end).end_object();
  }
  json.end_array();
  json.member("entities", view.entities);
  json.key("sources").begin_array();
  for (const AlertSource& source : view.sources) {
    json.begin_object().member("name", source.name).member("title", source.title);
    json.member("url", source.url).member("time", to_unix_micros(source.time));
    json.member_if("item", source.item).end_object();
  }
  json.end_array();
  json.member("reason", view.reason).member("story_url", view.story_url);
  json.member("time", to_unix_micros(view.time));
  if (view.entries_count > 0) write_entries(json, view);
  json.end_object();
  return json.take();
}

Result<AlertView> alert_view_from_json(const std::string& json) {
  thread_local simdjson::dom::parser parser;  // keeps its buffers, which cost more than a message
  simdjson::dom::object object;
  const auto error = parser.parse(json).get(object);
  if (error != simdjson::SUCCESS) {
    return Error{ErrorKind::invalid, "a stored alert is not a JSON object: " +
                                         std::string(simdjson::error_message(error))};
  }
  AlertView view;
  view.alert = text_at(object, "alert");
  if (view.alert.empty()) {
    return Error{ErrorKind::invalid, "a stored alert has no \"alert\", which names it"};
  }
  view.story = text_at(object, "story");
  view.rule = text_at(object, "rule");
  view.kind = text_at(object, "kind");
  view.severity = text_at(object, "severity");
  view.revision = static_cast<std::uint32_t>(number_at(object, "revision"));
  view.headline = text_at(object, "headline");
  view.url = text_at(object, "url");
  view.language = text_at(object, "language");
  view.passage = text_at(object, "passage");
  view.reason = text_at(object, "reason");
  view.story_url = text_at(object, "story_url");
  view.time = from_unix_micros(number_at(object, "time"));
  read_lists(object, view);
  read_entries(object, view);
  return view;
}

}  // namespace wirewatch::daemon
