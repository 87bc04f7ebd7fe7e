#include "daemon/config/entity_import.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <set>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"
#include "feeds/ascii.h"
#include "feeds/hash.h"
#include "feeds/json_writer.h"
#include "feeds/parse/xml_text.h"
#include "feeds/text/document.h"
#include "feeds/text/utf8.h"
#include "rules/entities/name_table.h"

namespace wirewatch::daemon {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t most_notes = 100;

// What instances of (P31) which item are; enough to sort people from places.
std::string kind_of_item(std::string_view item) {
  struct Kind {
    std::string_view item;
    const char* kind;
  };
  static constexpr Kind kinds[] = {{"Q5", "person"},
                                   {"Q6256", "country"},
                                   {"Q3624078", "country"},
                                   {"Q515", "place"},
                                   {"Q486972", "place"},
                                   {"Q3957", "place"},
                                   {"Q532", "place"},
                                   {"Q1549591", "place"},
                                   {"Q10864048", "province"},
                                   {"Q43229", "organisation"},
                                   {"Q7278", "organisation"},
                                   {"Q327333", "organisation"},
                                   {"Q4830453", "organisation"},
                                   {"Q17149090", "force"},
                                   {"Q176799", "force"},
                                   {"Q31629", "place"},
                                   {"Q44782", "place"},
                                   {"Q1248784", "airport"},
                                   {"Q192611", "agency"},
                                   {"Q192283", "agency"}};
  for (const Kind& one : kinds) {
    if (one.item == item) return one.kind;
  }
  return {};
}

// "LAST, First Middle" as lists give it → "First Middle LAST".
std::string natural_order(std::string name) {
  const std::size_t comma = name.find(", ");
  if (comma == std::string::npos || name.find(',', comma + 1) != std::string::npos) return name;
  const std::string last = name.substr(0, comma);
  const bool capitals =
      std::none_of(last.begin(), last.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return capitals ? name.substr(comma + 2) + " " + last : name;
}

std::string id_from(const std::string& name) {
  std::string id;
  for (const char c : name) {
    const char lower = feeds::lower(c);
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
      id += lower;
    } else if (!id.empty() && id.back() != '-' && static_cast<unsigned char>(c) < 0x80 &&
               c != '\'') {
      id += '-';
    }
  }
  while (id.ends_with('-')) id.pop_back();
  if (id.size() > 100) id.resize(100);
  return id.size() > 2 ? id : fmt::format("e-{:012x}", hash64(name) >> 16U);
}

class Importer {
 public:
  Importer(const std::string& kind, const ImportLimits& limits) : kind_(kind), limits_(limits) {}

  // False: no more fit.
  bool add(rules::EntityDef def) {
    if (result.entities.size() >= limits_.entities) {
      note(fmt::format("more than {} entities: the rest is left out", limits_.entities));
      return false;
    }
    if (def.names.empty()) {
      note(fmt::format("{}: no name", def.id.empty() ? "an entity" : def.id));
      return true;
    }
    // Some lists say "-0-" where they know none.
    if (!valid_name(def.kind) || def.kind[0] == '-') def.kind = kind_;
    if (!valid_entity_id(def.id)) def.id = id_from(def.names[0]);
    const std::string base = def.id;
    for (int n = 2; !ids_.insert(def.id).second; ++n) def.id = fmt::format("{}-{}", base, n);
    result.entities.push_back(std::move(def));
    return true;
  }

  void add_name(std::vector<std::string>& names, const std::string& given) {
    std::string name = natural_order(feeds::unicode::tidy(given, limits_.name_bytes + 4));
    name.erase(0, name.find_first_not_of(" \t\n"));
    name.erase(name.find_last_not_of(" \t\n") + 1);
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
    const std::size_t words = feeds::fold_words(name).size();
    if (words == 0 || words > rules::max_name_words) {
      note(fmt::format("\"{}\" is left out: a name has 1 to {} words", feeds::utf8_prefix(name, 60),
                       rules::max_name_words));
      return;
    }
    if (name.size() > limits_.name_bytes || names.size() >= limits_.names) {
      note(fmt::format("\"{}…\" is left out: too long, or one name too many",
                       feeds::utf8_prefix(name, 20)));
      return;
    }
    names.push_back(std::move(name));
  }

  void note(std::string text) {
    if (result.notes.size() < most_notes) result.notes.push_back(std::move(text));
  }

  // The list that a column or key of this name fills; null for none.
  static std::vector<std::string>* list_for(rules::EntityDef& def, std::string_view key) {
    if (key == "name" || key == "names" || key == "aliases" || key == "alias" || key == "orig") {
      return &def.names;
    }
    if (key == "short") return &def.shorts;
    if (key == "near") return &def.near;
    if (key == "not") return &def.contexts_not;
    if (key == "part_of") return &def.part_of;
    if (key == "members") return &def.members;
    if (key == "twin") return &def.twins;
    return nullptr;
  }

  Imported result;

 private:
  const std::string& kind_;
  const ImportLimits& limits_;
  std::set<std::string> ids_;
};

// --- CSV
// ------------------------------------------------------------------------------------------

// One record from `at` on; false at the end.
bool read_record(std::string_view content, std::size_t& at, std::vector<std::string>& fields) {
  fields.clear();
  if (at >= content.size()) return false;
  std::string field;
  bool quoted = false;
  for (; at < content.size(); ++at) {
    const char c = content[at];
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (at + 1 < content.size() && content[at + 1] == '"') {
        field += c;
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"' && field.empty()) {
      quoted = true;
    } else if (c == ',') {
      fields.push_back(std::move(field));
      field.clear();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      field += c;
    }
  }
  ++at;
  fields.push_back(std::move(field));
  return true;
}

void split(const std::string& field, Importer& importer, std::vector<std::string>& names) {
  for (std::size_t start = 0; start <= field.size();) {
    const std::size_t end = std::min(field.find_first_of(";|", start), field.size());
    importer.add_name(names, field.substr(start, end - start));
    start = end + 1;
  }
}

Result<void> read_csv(std::string_view content, Importer& importer) {
  std::size_t at = content.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  std::vector<std::string> columns;
  if (!read_record(content, at, columns)) return Error{ErrorKind::invalid, "the file is empty"};
  const bool named = std::any_of(columns.begin(), columns.end(), [](const std::string& column) {
    return column == "name" || column == "names";
  });
  if (!named) {
    return Error{ErrorKind::invalid,
                 fmt::format("no column \"name\" in the first line, which has \"{}\"; columns are "
                             "id, kind, name, aliases, short, near, not, part_of",
                             feeds::utf8_prefix(columns[0], 40))};
  }
  std::vector<std::string> fields;
  while (read_record(content, at, fields)) {
    if (fields.size() == 1 && fields[0].empty()) continue;
    rules::EntityDef def;
    for (std::size_t i = 0; i < std::min(fields.size(), columns.size()); ++i) {
      if (columns[i] == "id") def.id = fields[i];
      if (columns[i] == "kind" || columns[i] == "type") def.kind = fields[i];
      if (auto* const list = Importer::list_for(def, columns[i])) split(fields[i], importer, *list);
    }
    if (!importer.add(std::move(def))) break;
  }
  return {};
}

// --- JSON
// -----------------------------------------------------------------------------------------

void add_texts(const dom::element& value, Importer& importer, std::vector<std::string>& names) {
  std::string_view text;
  dom::array list;
  if (value.get(text) == simdjson::SUCCESS) {
    importer.add_name(names, std::string(text));
  } else if (value.get(list) == simdjson::SUCCESS) {
    for (const dom::element item : list) {
      if (item.get(text) == simdjson::SUCCESS) importer.add_name(names, std::string(text));
    }
  }
}

bool add_plain(const dom::object& object, Importer& importer) {
  rules::EntityDef def;
  for (const dom::key_value_pair pair : object) {
    std::string_view text;
    if (pair.key == "id" && pair.value.get(text) == simdjson::SUCCESS) def.id = text;
    if ((pair.key == "kind" || pair.key == "type") && pair.value.get(text) == simdjson::SUCCESS) {
      def.kind = text == "individual" ? "person" : std::string(text);
    }
    if (auto* const list = Importer::list_for(def, pair.key))
      add_texts(pair.value, importer, *list);
  }
  return importer.add(std::move(def));
}

void add_values(const dom::element& item, const char* key, Importer& importer,
                rules::EntityDef& def) {
  dom::object languages;
  if (item[key].get(languages) != simdjson::SUCCESS) return;
  for (const dom::key_value_pair pair : languages) {
    dom::array several;
    std::string_view text;
    if (pair.value["value"].get(text) == simdjson::SUCCESS) {
      importer.add_name(def.names, std::string(text));
    } else if (pair.value.get(several) == simdjson::SUCCESS) {
      for (const dom::element one : several) {
        if (one["value"].get(text) == simdjson::SUCCESS) {
          importer.add_name(def.names, std::string(text));
        }
      }
    }
  }
}

bool add_item(const dom::element& item, Importer& importer) {
  rules::EntityDef def;
  std::string_view text;
  if (item["id"].get(text) == simdjson::SUCCESS) def.id = text;
  // The English name first: it is what people are shown.
  if (item["labels"]["en"]["value"].get(text) == simdjson::SUCCESS) {
    importer.add_name(def.names, std::string(text));
  }
  add_values(item, "labels", importer, def);
  add_values(item, "aliases", importer, def);
  dom::array claims;
  if (item["claims"]["P31"].get(claims) == simdjson::SUCCESS) {
    for (const dom::element claim : claims) {
      const auto id = claim["mainsnak"]["datavalue"]["value"]["id"].get(text);
      if (id == simdjson::SUCCESS && def.kind.empty()) def.kind = kind_of_item(text);
    }
  }
  return importer.add(std::move(def));
}

Result<void> read_line_objects(std::string_view content, bool wikidata, Importer& importer) {
  dom::parser parser;
  std::size_t number = 0;
  for (std::size_t start = 0; start < content.size();) {
    const std::size_t end = std::min(content.find('\n', start), content.size());
    std::string_view line = content.substr(start, end - start);
    start = end + 1;
    ++number;
    while (!line.empty() && (line.back() == '\r' || line.back() == ',' || line.back() == ' ')) {
      line.remove_suffix(1);
    }
    if (line.empty() || line == "[" || line == "]") continue;
    dom::element value;
    dom::object object;
    if (parser.parse(line.data(), line.size()).get(value) != simdjson::SUCCESS ||
        value.get(object) != simdjson::SUCCESS) {
      return Error{ErrorKind::invalid, fmt::format("line {}: this is no JSON object", number)};
    }
    if (!(wikidata ? add_item(value, importer) : add_plain(object, importer))) break;
  }
  return {};
}

Result<void> read_wikidata(std::string_view content, Importer& importer) {
  dom::parser parser;
  dom::element root;
  if (parser.parse(content.data(), content.size()).get(root) != simdjson::SUCCESS) {
    return read_line_objects(content, true, importer);
  }
  dom::object entities;
  dom::array items;
  if (root["entities"].get(entities) == simdjson::SUCCESS) {
    for (const dom::key_value_pair pair : entities) {
      if (!add_item(pair.value, importer)) break;
    }
  } else if (root.get(items) == simdjson::SUCCESS) {
    for (const dom::element item : items) {
      if (!add_item(item, importer)) break;
    }
  } else {
    add_item(root, importer);
  }
  return {};
}

}  // namespace

Result<Imported> import_entities(std::string_view content, ImportFormat format,
                                 const std::string& kind, const ImportLimits& limits) {
  Importer importer(kind, limits);
  const Result<void> read = format == ImportFormat::csv ? read_csv(content, importer)
                            : format == ImportFormat::jsonl
                                ? read_line_objects(content, false, importer)
                                : read_wikidata(content, importer);
  if (!read) return read.error();
  return std::move(importer.result);
}

ImportFormat guess_format(const std::string& path, std::string_view content) {
  if (path.ends_with(".csv")) return ImportFormat::csv;
  const std::string_view head = content.substr(0, 4096);
  if (head.find("\"labels\"") != std::string_view::npos ||
      head.find("\"entities\"") != std::string_view::npos) {
    return ImportFormat::wikidata;
  }
  return head.starts_with('{') ? ImportFormat::jsonl : ImportFormat::csv;
}

std::string entities_yaml(const std::vector<rules::EntityDef>& entities) {
  std::string yaml;
  const auto add_list = [&yaml](const char* key, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    yaml += fmt::format("  {}: [", key);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) yaml += ", ";
      // A JSON string is a YAML one.
      append_json_string(yaml, texts[i]);
    }
    yaml += "]\n";
  };
  for (const rules::EntityDef& def : entities) {
    append_json_string(yaml, def.id);
    yaml += ":\n";
    if (!def.kind.empty()) yaml += fmt::format("  kind: {}\n", def.kind);
    add_list("names", def.names);
    add_list("short", def.shorts);
    add_list("near", def.near);
    add_list("not", def.contexts_not);
    add_list("members", def.members);
    add_list("twin", def.twins);
    add_list("part_of", def.part_of);
  }
  return yaml;
}

}  // namespace wirewatch::daemon
