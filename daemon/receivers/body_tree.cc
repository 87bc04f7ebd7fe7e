#include "daemon/receivers/body_tree.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <functional>

#include "daemon/receivers/limits.h"
#include "daemon/receivers/message.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

struct Filling {
  const AlertView& view;
  const DeliveryFacts& facts;
  Message message;
};

std::string one_line(const std::string& text, std::size_t limit) {
  return cut_text(clean_line(text), limit);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

std::vector<std::string> source_names(const AlertView& view) {
  std::vector<std::string> names;
  for (const AlertSource& source : view.sources) {
    if (names.size() == limits::webhook_sources) break;
    names.push_back(one_line(source.name, limits::name));
  }
  return names;
}

std::vector<std::string> entity_names(const AlertView& view) {
  std::vector<std::string> names;
  for (const std::string& entity : view.entities) {
    if (names.size() == limits::webhook_entities) break;
    names.push_back(one_line(entity, limits::name));
  }
  return names;
}

// What a field is: text, and for some a JSON value of another kind when it stands alone.
struct Field {
  const char* name;
  std::string (*text)(const Filling&);
  void (*alone)(const Filling&, JsonWriter&) = nullptr;
};

const Field fields[] = {
    {"alert", [](const Filling& f) { return f.view.alert; }},
    {"entities", [](const Filling& f) { return joined(entity_names(f.view)); },
     [](const Filling& f, JsonWriter& json) {
       json.begin_array();
       for (const std::string& name : entity_names(f.view)) json.value(name);
       json.end_array();
     }},
    {"headline", [](const Filling& f) { return f.message.headline; }},
    {"id", [](const Filling& f) { return f.facts.id; }},
    {"kind", [](const Filling& f) { return f.view.kind; }},
    {"language", [](const Filling& f) { return one_line(f.view.language, limits::name); }},
    {"late", [](const Filling& f) { return f.message.late; },
     [](const Filling& f, JsonWriter& json) { json.value(f.facts.late); }},
    {"passage",
     [](const Filling& f) {
       std::string out;
       for (const Piece& piece : f.message.passage) out += piece.text;
       return out;
     }},
    {"reason", [](const Filling& f) { return one_line(f.view.reason, limits::reason); }},
    {"revision", [](const Filling& f) { return std::to_string(f.view.revision); },
     [](const Filling& f, JsonWriter& json) { json.value(f.view.revision); }},
    {"rule", [](const Filling& f) { return f.message.rule; }},
    {"severity", [](const Filling& f) { return f.view.severity; }},
    {"sources", [](const Filling& f) { return joined(source_names(f.view)); },
     [](const Filling& f, JsonWriter& json) {
       json.begin_array();
       for (const std::string& name : source_names(f.view)) json.value(name);
       json.end_array();
     }},
    {"sources_count", [](const Filling& f) { return std::to_string(f.view.sources.size()); },
     [](const Filling& f, JsonWriter& json) { json.value(f.view.sources.size()); }},
    {"story", [](const Filling& f) { return f.view.story; }},
    {"story_url", [](const Filling& f) { return f.message.story_link; }},
    {"time", [](const Filling& f) { return to_iso8601(f.view.time); }},
    {"update", [](const Filling& f) { return f.message.update; }},
    {"url", [](const Filling& f) { return f.message.link; }},
};

const Field* field_named(std::string_view name) {
  const auto* found = std::find_if(std::begin(fields), std::end(fields),
                                   [&](const Field& f) { return f.name == name; });
  return found == std::end(fields) ? nullptr : found;
}

// Calls `literal` and `field` for the parts of `text`, in order; the first error ends it.
Result<void> take_apart(std::string_view text, const std::function<void(char)>& literal,
                        const std::function<void(const Field&)>& field) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = i + 1 < text.size() && text[i + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      literal(c);
      ++i;
      continue;
    }
    if (c == '}') {
      return Error{ErrorKind::invalid, "a \"}\" without its \"{\"; write \"}}\" for a brace"};
    }
    if (c != '{') {
      literal(c);
      continue;
    }
    const std::size_t end = text.find('}', i);
    if (end == std::string_view::npos) {
      return Error{ErrorKind::invalid, "a \"{\" without its \"}\"; write \"{{\" for a brace"};
    }
    const std::string_view name = text.substr(i + 1, end - i - 1);
    const Field* found = field_named(name);
    if (found == nullptr) {
      return Error{ErrorKind::invalid, fmt::format("there is no field \"{}\"", name)};
    }
    field(*found);
    i = end;
  }
  return {};
}

void fill(const simdjson::dom::element& node, const Filling& filling, JsonWriter& json) {
  if (node.is_object()) {
    json.begin_object();
    for (const auto& [key, value] : node.get_object()) {
      json.key(key);
      fill(value, filling, json);
    }
    json.end_object();
    return;
  }
  if (node.is_array()) {
    json.begin_array();
    for (const simdjson::dom::element value : node.get_array()) fill(value, filling, json);
    json.end_array();
    return;
  }
  std::string_view text;
  if (node.get(text) != simdjson::SUCCESS) {
    json.raw(simdjson::minify(node));
    return;
  }
  const Field* only = text.size() > 2 && text.front() == '{' && text.back() == '}'
                          ? field_named(text.substr(1, text.size() - 2))
                          : nullptr;
  if (only != nullptr && only->alone != nullptr) {
    only->alone(filling, json);
    return;
  }
  std::string out;
  const auto done = take_apart(
      text, [&](char c) { out.push_back(c); },
      [&](const Field& field) { out += field.text(filling); });
  json.value(done ? out : std::string(text));
}

}  // namespace

const std::vector<std::string>& body_fields() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Field& field : fields) all.emplace_back(field.name);
    return all;
  }();
  return names;
}

Result<void> check_body_text(std::string_view text) {
  return take_apart(
      text, [](char) {}, [](const Field&) {});
}

std::string filled_body(const std::string& tree, const AlertView& view,
                        const DeliveryFacts& facts) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(tree).get(root) != simdjson::SUCCESS) return "{}";  // checked with the config
  const Filling filling{view, facts, compose(view, facts)};
  JsonWriter json;
  fill(root, filling, json);
  return json.take();
}

}  // namespace wirewatch::daemon
