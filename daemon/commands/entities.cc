#include "daemon/commands/entities.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/commands/config_for.h"
#include "feeds/json_writer.h"
#include "rules/entities/countries.h"

namespace wirewatch::daemon {
namespace {

std::string day(const std::optional<Instant>& instant) {
  return instant ? to_iso8601(*instant).substr(0, 10) : std::string();
}

std::string role_text(const rules::EntityRole& role) {
  std::string text = role.role;
  if (!role.of.empty()) text += " of " + role.of;
  if (role.from) text += " from " + day(role.from);
  if (role.to) text += " to " + day(role.to);
  return text;
}

void print_json(const rules::Gazetteer& gazetteer, const rules::EntityDef& def) {
  JsonWriter json;
  json.begin_object();
  json.member("id", def.id);
  json.member("kind", def.kind);
  json.member("exact", def.exact);
  json.key("names").begin_array();
  for (const auto& info : gazetteer.names_of(def.id)) {
    json.begin_object();
    json.member("name", info.name);
    json.member("list", info.list);
    json.member("variants", !info.keys.empty());
    json.member_if("sounds", info.keys);
    if (info.any_form) json.member("any_legal_form", true);
    json.end_object();
  }
  json.end_array();
  json.member("near", def.near);
  json.member("not", def.contexts_not);
  json.member("part_of", def.part_of);
  json.member("twin", def.twins);
  json.key("roles").begin_array();
  for (const rules::EntityRole& role : def.roles) {
    json.begin_object();
    json.member("role", role.role);
    json.member_if("of", role.of);
    json.member_if("from", day(role.from));
    json.member_if("to", day(role.to));
    json.end_object();
  }
  json.end_array();
  json.member("counts_as_it", gazetteer.counting_as(def.id));
  json.end_object();
  fmt::print("{}\n", json.take());
}

void print_list(const char* what, const std::vector<std::string>& texts) {
  if (!texts.empty()) fmt::print("{:<14} {}\n", what, fmt::join(texts, ", "));
}

void print_text(const rules::Gazetteer& gazetteer, const rules::EntityDef& def) {
  fmt::print("{}  {}\n\n", def.id, def.kind.empty() ? "(no kind)" : def.kind);
  for (const auto& info : gazetteer.names_of(def.id)) {
    const bool exact = info.name.starts_with('=');
    const char* const form = info.any_form ? ", any legal form beside it or none" : "";
    const std::string how = exact ? "in these letters only"
                            : info.keys.empty()
                                ? "as listed: case, accents and articles aside"
                                : fmt::format("and other spellings of {}{}", info.keys, form);
    fmt::print("{:<14} {:<34} {}\n", info.list, info.name, how);
  }
  fmt::print("\n");
  print_list("near", def.near);
  print_list("not", def.contexts_not);
  print_list("part of", def.part_of);
  print_list("twin", def.twins);
  for (const rules::EntityRole& role : def.roles)
    fmt::print("{:<14} {}\n", "role", role_text(role));
  print_list("counts as it", gazetteer.counting_as(def.id));
  fmt::print(
      "\nSpellings are compared by their consonants (K is k, q, g, gh and kh; S is s, z and sh), "
      "then\n"
      "by all their sounds. The article, bin and ibn, and in Arabic the particles written onto a\n"
      "word, may come and go; persons may have given names in between.\n");
}

int run(const CommandLine& line) {
  const std::string what = line.words().empty() ? "list" : line.words()[0];
  if (what != "compare" && line.words().size() > 2) {
    return complain("entities", fmt::format("\"{}\" is too much", line.words()[2]), exit_misuse);
  }
  if (what == "list") return entities_list(line);
  if (what == "show") return entities_show(line);
  if (what == "import") return entities_import(line);
  if (what == "resolve") return entities_resolve(line);
  if (what == "compare") return entities_compare(line);
  return complain("entities",
                  fmt::format("\"{}\" is none of list, show, import, resolve, compare", what),
                  exit_misuse);
}

}  // namespace

int entities_list(const CommandLine& line) {
  const auto snapshot = config_for("entities", line);
  if (!snapshot) return exit_wrong;
  const std::vector<std::string> ids = snapshot->gazetteer.ids();
  if (ids.empty() && !line.has("json")) fmt::print("no entities\n");
  for (const std::string& id : ids) {
    const rules::EntityDef& def = *snapshot->gazetteer.definition(id);
    if (line.has("json")) {
      JsonWriter json;
      json.begin_object();
      json.member("id", id);
      json.member("kind", def.kind);
      json.member("names", def.names);
      json.end_object();
      fmt::print("{}\n", json.take());
    } else {
      fmt::print("{:<36} {:<14} {}\n", id, def.kind, def.names.empty() ? "" : def.names[0]);
    }
  }
  return exit_ok;
}

int entities_show(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("entities", "show which? entities show ID", exit_misuse);
  }
  const auto snapshot = config_for("entities", line);
  if (!snapshot) return exit_wrong;
  std::string id = line.words()[1];
  if (id.starts_with('@')) id.erase(0, 1);
  const rules::Gazetteer* gazetteer = &snapshot->gazetteer;
  rules::Gazetteer built_in;  // a country that no rule names yet
  if (gazetteer->definition(id) == nullptr && !rules::country_code(id).empty()) {
    std::vector<rules::EntityDef> country;
    rules::add_countries(country, {id});
    built_in = rules::Gazetteer::compile(country).first;
    gazetteer = &built_in;
  }
  const rules::EntityDef* const def = gazetteer->definition(id);
  if (def == nullptr) {
    const std::string nearest = rules::nearest_name(id, snapshot->gazetteer.ids());
    return complain("entities",
                    fmt::format("there is no entity \"{}\"{}", id,
                                nearest.empty() ? std::string()
                                                : fmt::format("; did you mean \"{}\"?", nearest)));
  }
  if (line.has("json")) {
    print_json(*gazetteer, *def);
  } else {
    print_text(*gazetteer, *def);
  }
  return exit_ok;
}

Command entities_command() {
  return {
      "entities",
      "entities list|show ID|import FILE|resolve NAMES.jsonl|compare [--config FILE] [--json]",
      "entities, their names and what these match",
      "  entities list                  every entity of the config\n"
      "  entities show ID               its names, which spellings of them count, who counts "
      "as it\n"
      "  entities import FILE           a list of names (CSV, JSON lines, Wikidata's JSON) as "
      "a file\n"
      "                                 of entities, on standard output\n"
      "  entities resolve NAMES.jsonl   reads names, one a line; prints for each the entities "
      "it may\n"
      "                                 mean: id, score from 0 to 1, way, listed name\n"
      "  entities compare NAME NAME     prints both with the score and the verdict: same, unsure "
      "or\n"
      "                                 different; without names it reads pairs, parted by a "
      "tab\n\n"
      "NAMES.jsonl holds an object a line: {\"id\", \"name\", \"aliases\": []}.\n\n"
      "  printf 'al-Shatri\\tالشطري\\n' | wirewatch entities compare",
      {{"config", "FILE", "the config (list, show)"},
       {"format", "csv|jsonl|wikidata", "of the imported file (default: by its look)"},
       {"kind", "KIND", "of imported entities that name none (default: person)"},
       {"most", "N", "answers a name (resolve; default 3)"},
       {"json", "", "one JSON object a line"}},
      3,
      run};
}

}  // namespace wirewatch::daemon
