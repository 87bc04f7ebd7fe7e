#include "feeds/stories/docs_jsonl.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cmath>

#include "feeds/json_writer.h"

namespace wirewatch::feeds {
namespace {

Error invalid(std::string text) {
  return {ErrorKind::invalid, std::move(text)};
}

// Absent and null are the same.
Result<std::string> text_of(const simdjson::dom::object& object, std::string_view key) {
  simdjson::dom::element element;
  if (object[key].get(element) != simdjson::SUCCESS || element.is_null()) return std::string();
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS)
    return invalid(fmt::format("\"{}\" must be a text", key));
  return std::string(text);
}

Result<std::vector<std::string>> texts_of(const simdjson::dom::object& object,
                                          std::string_view key) {
  std::vector<std::string> texts;
  simdjson::dom::element element;
  if (object[key].get(element) != simdjson::SUCCESS || element.is_null()) return texts;
  std::string_view text;
  simdjson::dom::array array;
  if (element.get(text) == simdjson::SUCCESS) {
    texts.emplace_back(text);
    return texts;
  }
  bool good = element.get(array) == simdjson::SUCCESS;
  if (good) {
    for (const simdjson::dom::element one : array) {
      good = good && one.get(text) == simdjson::SUCCESS;
      if (good) texts.emplace_back(text);
    }
  }
  if (!good) return invalid(fmt::format("\"{}\" must be a text or a list of texts", key));
  return texts;
}

}  // namespace

Result<DocumentInput> read_document_line(std::string_view line, std::string_view id,
                                         std::string* doubt) {
  // Its room is used again for the next line.
  static thread_local simdjson::dom::parser parser;
  simdjson::dom::object object;
  const simdjson::padded_string padded(line);
  const auto problem = parser.parse(padded).get(object);
  if (problem == simdjson::INCORRECT_TYPE) return invalid("a line must be a JSON object");
  if (problem != simdjson::SUCCESS)
    return invalid(fmt::format("a line is not JSON: {}", simdjson::error_message(problem)));
  DocumentInput input;
  std::string published;
  const std::pair<const char*, std::string*> fields[] = {
      {"id", &input.id},        {"lang", &input.language}, {"source", &input.source},
      {"url", &input.url},      {"title", &input.title},   {"text", &input.text},
      {"published", &published}};
  for (const auto& [key, target] : fields) {
    Result<std::string> text = text_of(object, key);
    if (!text) return text.error();
    *target = std::move(*text);
  }
  if (input.id.empty()) input.id = id;
  if (input.id.empty()) return invalid("a line must have an \"id\"");
  Result<std::vector<std::string>> tags = texts_of(object, "tags");
  if (!tags) return tags.error();
  input.feed_tags = std::move(*tags);
  if (published.empty()) return input;
  auto time = from_iso8601(published);
  // ISO 8601 allows a time without its zone; here it is UTC.
  if (!time) time = from_iso8601(published + "Z");
  if (time) {
    input.time = *time;
    return input;
  }
  std::string wrong =
      fmt::format("\"published\" of \"{}\" is \"{}\"; a date looks like 2024-12-26T16:00:00Z",
                  input.id, published);
  if (doubt == nullptr) return invalid(std::move(wrong));
  *doubt = std::move(wrong);
  return input;
}

std::string placement_line(std::string_view id, const Placement& placement) {
  JsonWriter json;
  json.begin_object();
  json.member("id", id);
  json.member("story", placement.story);
  json.member("copy_group", placement.copy_group);
  json.member("relation", to_string(placement.relation));
  json.key("of");
  if (placement.of.empty()) {
    json.null();
  } else {
    json.value(placement.of);
  }
  json.member("similarity", std::round(placement.similarity * 1e4) / 1e4);
  json.member("why", placement.why);
  json.end_object();
  return json.take();
}

std::string merge_line(const StoryMerge& merge) {
  JsonWriter json;
  json.begin_object();
  json.key("merge").begin_object();
  json.member("story", merge.story);
  json.member("into", merge.into);
  json.end_object();
  json.end_object();
  return json.take();
}

std::string split_line(const StorySplit& split) {
  std::vector<std::string> ids;
  for (const StorySplit::Left& document : split.documents) ids.push_back(document.id);
  JsonWriter json;
  json.begin_object();
  json.key("split").begin_object();
  json.member("story", split.story);
  json.member("from", split.from);
  json.member("documents", ids);
  json.end_object();
  json.end_object();
  return json.take();
}

std::string near_line(const NearPair& pair) {
  JsonWriter json;
  json.begin_object();
  json.member("id", pair.id);
  json.member("of", pair.of);
  json.member("similarity", std::round(pair.similarity * 1e4) / 1e4);
  json.end_object();
  return json.take();
}

}  // namespace wirewatch::feeds
