#include <fmt/format.h>

#include <set>

#include "daemon/commands/config_for.h"
#include "daemon/commands/print.h"
#include "daemon/commands/rule_yaml.h"
#include "daemon/commands/rules.h"
#include "daemon/config/yaml.h"
#include "rules/query/parser.h"

namespace wirewatch::daemon {
namespace {

// What a rule needs, found from it: the rules that it names and the entities of all of them.
class Export {
 public:
  explicit Export(const Snapshot& snapshot) : snapshot_(snapshot) { read_entities(); }

  void add_rule(std::size_t rule) {
    if (!rules_.insert(rule).second) return;
    const auto parsed = rules::parse(snapshot_.rules.rules()[rule].query);
    if (parsed.tree) visit(*parsed.tree);
  }

  std::string text() const {
    std::string out = "rules:\n";
    for (const std::size_t rule : rules_) {
      out += rule_yaml(snapshot_.rules.rules()[rule], snapshot_.rules.canonical(rule), false);
    }
    return out + entities_text();
  }

 private:
  void visit(const rules::Node& node) {
    for (const rules::Node& part : node.parts) visit(part);
    if (node.kind == rules::NodeKind::entity) name_entity(node.reference);
    if (node.kind != rules::NodeKind::rule) return;
    const auto& all = snapshot_.rules.rules();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].name == node.reference) add_rule(i);
    }
  }

  // A kind or an office is known by who is of it; a country, a group and the like stand for
  // themselves: what else counts as one is much more than the rule says.
  void name_entity(const std::string& reference) {
    const auto counting = snapshot_.gazetteer.counting_as(reference);
    if (snapshot_.gazetteer.definition(reference) == nullptr) {
      for (const std::string& id : counting) add_entity(id);
      return;
    }
    add_entity(reference);
    named_.insert(reference);
  }

  // Packs of the package are at the same place on every machine: named, not repeated. A file has
  // either a list of files or a map under `entities`.
  std::string entities_text() const {
    std::set<std::string> packs;
    std::string map;
    bool others = false;
    for (const std::string& id : entities_) {
      const auto written = written_.find(id);
      if (written == written_.end()) continue;  // a country that is known anyway
      map += written->second.text;
      if (is_pack(written->second.file)) packs.insert(written->second.file);
      others = others || !is_pack(written->second.file);
    }
    if (map.empty()) return notes(packs);
    if (others) return notes({}) + "entities:\n" + map;
    return fmt::format("# A package of wirewatch brings this file along.\nentities: [{}]\n",
                       fmt::join(packs, ", "));
  }

  // What counts as the named entities here and is not exported with them.
  std::string notes(const std::set<std::string>& packs) const {
    std::string out;
    for (const std::string& reference : named_) {
      std::size_t more = 0;
      std::set<std::string> files;
      for (const std::string& id : snapshot_.gazetteer.counting_as(reference)) {
        const auto written = written_.find(id);
        if (written == written_.end() || entities_.count(id) != 0) continue;
        ++more;
        files.insert(written->second.file);
      }
      if (more == 0 || !packs.empty()) continue;
      out += fmt::format("# Not here: {} that {} as @{}, of {}.\n",
                         counted(std::to_string(more), "more entity"),
                         more == 1 ? "counts" : "count", reference, fmt::join(files, ", "));
    }
    return out;
  }

  static bool is_pack(const std::string& file) {
    return file.find("/share/wirewatch/packs/") != std::string::npos;
  }

  void add_entity(const std::string& reference) {
    const std::string id = reference.starts_with('@') ? reference.substr(1) : reference;
    const rules::EntityDef* const def = snapshot_.gazetteer.definition(id);
    if (def == nullptr || !entities_.insert(id).second) return;
    for (const auto* list : {&def->members, &def->twins, &def->part_of, &def->near}) {
      for (const std::string& one : *list) add_entity(one);
    }
    const auto written = written_.find(id);
    if (written == written_.end()) return;
    for (const std::string& other : snapshot_.gazetteer.ids()) {
      if (written->second.text.find("@" + other) != std::string::npos) add_entity(other);
    }
  }

  // Entities as they are written, comments and all, by id.
  void read_entities() {
    if (!snapshot_.sources) return;
    for (const auto& [path, content] : snapshot_.sources->files) {
      if (!path.ends_with(".yaml") && !path.ends_with(".yml")) continue;
      const SourceFile file(path, content);
      Problems problems;
      const ValuePtr root = parse_yaml(file, problems);
      if (!root) continue;
      read_map(file, *root);
      for (const KeyValue& pair : root->pairs) {
        if (pair.key == "entities") read_map(file, *pair.value);
      }
    }
  }

  void read_map(const SourceFile& file, const Value& map) {
    for (const KeyValue& pair : map.pairs) {
      if (snapshot_.gazetteer.definition(pair.key) == nullptr) continue;
      if (pair.value->kind == Value::Kind::map) {
        written_.try_emplace(pair.key, Written{file.path(), lines(file, pair)});
      }
    }
  }

  // From the key's line to the last that is indented more, moved to an indentation of two.
  static std::string lines(const SourceFile& file, const KeyValue& pair) {
    const Position at = file.position(pair.key_offset);
    const std::size_t indent = at.column - 1;
    std::string out;
    std::string blank;
    for (std::uint32_t number = at.line; number <= file.lines(); ++number) {
      const std::string_view line = file.line(number);
      const std::size_t first = line.find_first_not_of(" \r");
      if (first == std::string_view::npos) {
        blank += '\n';
        continue;
      }
      if (number > at.line && first <= indent) break;
      out += blank;
      blank.clear();
      out += "  " + std::string(line.substr(std::min(indent, first))) + "\n";
    }
    return out;
  }

  struct Written {
    std::string file;
    std::string text;
  };

  const Snapshot& snapshot_;
  std::set<std::size_t> rules_;
  std::set<std::string> entities_;
  std::set<std::string> named_;  // by the rules themselves
  std::map<std::string, Written> written_;
};

}  // namespace

int rules_export(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("rules", "export which? rules export NAME", exit_misuse);
  }
  const LoadedRules loaded = rules_for("rules", line);
  if (!loaded.snapshot) return exit_wrong;
  const std::string& name = line.words()[1];
  const auto rule = find_rule("rules", loaded, name);
  if (!rule) return exit_wrong;
  Export exported(*loaded.snapshot);
  exported.add_rule(*rule);
  fmt::print("# The rule {} with all that it needs. Try it: wirewatch check --config FILE\n{}",
             name, exported.text());
  return exit_ok;
}

}  // namespace wirewatch::daemon
