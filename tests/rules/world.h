// What tests of rules share: the installed pack, documents made of two strings, rules of one line.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "feeds/text/document.h"
#include "rules/match/rule_set.h"
#include "tests/source_dir.h"

namespace wirewatch::rules {

inline std::vector<std::string> strings_of(const YAML::Node& node) {
  std::vector<std::string> strings;
  for (const auto& one : node) strings.push_back(one.as<std::string>());
  return strings;
}

// "2024-10" is its first day.
inline std::optional<Instant> day(const std::string& text) {
  return from_iso8601(text.size() == 7 ? text + "-01" : text);
}

// The keys are those of a config's entity files.
inline std::vector<EntityDef> entities_of(const YAML::Node& file) {
  std::vector<EntityDef> defs;
  for (const auto& entry : file) {
    const YAML::Node& body = entry.second;
    EntityDef& def = defs.emplace_back();
    def.id = entry.first.as<std::string>();
    def.kind = body["kind"].as<std::string>();
    def.names = strings_of(body["names"]);
    def.shorts = strings_of(body["short"]);
    def.near = strings_of(body["near"]);
    def.members = strings_of(body["members"]);
    def.twins = strings_of(body["twin"]);
    def.part_of = strings_of(body["part_of"]);
    def.contexts_not = strings_of(body["not"]);
    def.exact = body["exact"] && body["exact"].as<bool>();
    for (const auto& one : body["roles"]) {
      EntityRole& role = def.roles.emplace_back();
      role.role = one["role"].as<std::string>();
      if (one["of"]) role.of = one["of"].as<std::string>();
      if (one["from"]) role.from = day(one["from"].as<std::string>());
      if (one["to"]) role.to = day(one["to"].as<std::string>());
    }
  }
  return defs;
}

inline std::vector<EntityDef> pack_entities() {
  return entities_of(YAML::LoadFile(tests::source_path("rules/packs/iraq-syria.yaml")));
}

inline const Gazetteer& pack() {
  static const Gazetteer gazetteer = Gazetteer::compile(pack_entities()).first;
  return gazetteer;
}

inline feeds::Document document(const std::string& title, const std::string& text,
                                const std::string& language = "") {
  feeds::DocumentInput input;
  input.id = "d";
  input.title = title;
  input.text = text;
  input.language = language;
  return feeds::make_document(std::move(input));
}

inline EntityDef entity(const std::string& id, const std::string& kind,
                        const std::vector<std::string>& names) {
  EntityDef def;
  def.id = id;
  def.kind = kind;
  def.names = names;
  return def;
}

inline RuleDef rule(const std::string& query, const std::string& name = "r") {
  RuleDef def;
  def.name = name;
  def.query = query;
  return def;
}

// As a user sees them, one a line: "error 4+6 'x' …: hint".
inline std::string printed(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) {
    text += d.severity == Severity::error ? "error " : "warning ";
    text += std::to_string(d.offset) + "+" + std::to_string(d.length) + " " + d.text;
    if (!d.hint.empty()) text += " | " + d.hint;
    text += "\n";
  }
  return text;
}

// The folder beside the source tree with real articles and outside data; empty when missing.
inline std::string shared_folder() {
  const char* variable = std::getenv("WIREWATCH_SHARED");
  const std::string folder = variable != nullptr ? variable : tests::source_path("../shared");
  return std::filesystem::exists(folder) ? folder : "";
}

}  // namespace wirewatch::rules
