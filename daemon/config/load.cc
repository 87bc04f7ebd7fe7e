#include "daemon/config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "daemon/config/check.h"
#include "daemon/config/state_key.h"
#include "rules/entities/countries.h"

namespace wirewatch::daemon {

Loader::Loader(Sources& sources, const Snapshot* previous, std::vector<rules::RuleDef> held)
    : sources_(sources), previous_(previous), held_(std::move(held)) {}

LoadOutcome Loader::load(const std::string& config_file) {
  LoadOutcome outcome;
  load_into(outcome, absolute_path(std::filesystem::current_path().string(), config_file));
  outcome.files = sources_.order();
  for (const std::string& path : sources_.unread()) outcome.files.push_back(path);
  for (const auto& folder : sources_.taken()->folders) outcome.folders.push_back(folder.first);
  return outcome;
}

void Loader::load_into(LoadOutcome& outcome, const std::string& path) {
  const auto main = sources_.read(path);
  if (!main) {
    problems_.file_error(path, main.error().text);
    outcome.messages = problems_.take(sources_.order());
    return;
  }
  auto snapshot = std::make_shared<Snapshot>();
  read_file(path, true);
  name_feeds(draft_.feeds, problems_);
  check_names(draft_, problems_);
  check_receivers(draft_, problems_);
  for (RuleDraft& rule : draft_.rules) {
    const auto held = std::find_if(held_.begin(), held_.end(), [&rule](const rules::RuleDef& def) {
      return def.name == rule.def.name;
    });
    if (held != held_.end()) take_over(rule, *held, draft_);
  }
  compile(*snapshot);
  outcome.state_folder = draft_.settings.state_folder;
  const bool refused = problems_.errors() > left_out_;
  outcome.messages = problems_.take(sources_.order());
  if (refused) return;
  snapshot->generation = previous_ == nullptr ? 1 : previous_->generation + 1;
  snapshot->config_file = path;
  snapshot->settings = std::move(draft_.settings);
  for (FeedDraft& feed : draft_.feeds) snapshot->feeds.push_back(std::move(feed.config));
  for (ReceiverDraft& receiver : draft_.receivers) {
    snapshot->receivers.push_back(std::move(receiver.config));
  }
  snapshot->files = sources_.order();
  snapshot->sources = sources_.taken();
  snapshot->trees = std::move(trees_);
  for (const auto& folder : snapshot->sources->folders) {
    snapshot->folders.push_back(folder.first);
  }
  outcome.snapshot = std::move(snapshot);
}

void Loader::read_file(const std::string& path, bool main) {
  static constexpr const char* kSettings[] = {
      "state", "listen", "public_url", "time_zone", "log",     "network",
      "http",  "limits", "article",    "stories",   "archive", "stop_within",
      "pool",  "websub", "operator",   "heartbeat", "polling"};
  if (!read_.insert(path).second) return;
  const auto file = sources_.read(path);
  if (!file) return;  // reported where it is named
  const Context context{**file, problems_, folder_of(path)};
  const std::size_t before = problems_.errors();
  const ValuePtr root = main ? parse_yaml(**file, problems_) : parse_included(**file);
  if (!root && problems_.errors() > before) {
    // It may still say where its last good generation is kept.
    if (main) draft_.settings.state_folder = state_on_its_line(**file);
    return;
  }
  if (main && (!root || root->kind == Value::Kind::null)) says_nothing(context);
  static const Value kEmpty;
  MapReader map(context, root ? *root : kEmpty, main ? "the config" : "an included file");
  if (main) {
    read_settings(context, sources_, map, draft_.settings);
    for (Located& name : map.texts("operator")) {
      draft_.operators.emplace_back(std::move(name.text), Place{&context.file, name.offset});
    }
  } else {
    for (const char* key : kSettings) {
      if (map.has(key)) {
        map.error(key, fmt::format("\"{}\" stands only in the main file", key));
      }
    }
  }
  read_parts(context, map);
  map.finish();
}

// Parsing is more than half of a load of many rules, and an edit mostly touches one file of many.
ValuePtr Loader::parse_included(const SourceFile& file) {
  const std::string& path = file.path();
  ValuePtr root;
  if (previous_ != nullptr) {
    const auto tree = previous_->trees.find(path);
    const auto text = previous_->sources->files.find(path);
    const bool same = tree != previous_->trees.end() && text != previous_->sources->files.end() &&
                      text->second == sources_.taken()->files.at(path);
    if (same) root = tree->second;
  }
  if (!root) root = parse_yaml(file, problems_);
  const std::size_t size = file.text().size();
  if (root && size <= kMaxKeptTree && tree_bytes_ + size <= kMaxKeptTrees) {
    trees_.emplace(path, root);
    tree_bytes_ += size;
  }
  return root;
}

// An editor that empties a file before it writes, a full disk: what is watched must not end by
// that.
void Loader::says_nothing(const Context& context) {
  const Place place{&context.file, 0};
  const bool watched =
      previous_ != nullptr && !(previous_->feeds.empty() && previous_->rules.rules().empty());
  if (watched) {
    problems_.error(place, "the file says nothing, and what it said before stays live",
                    "write \"feeds: []\" if nothing is to be watched any more");
  } else {
    problems_.warning(place, "the file says nothing: no feed is read, no rule is looked for");
  }
}

void Loader::read_parts(const Context& context, MapReader& map) {
  const ValuePtr feeds = map.find("feeds");
  if (feeds) read_feeds(context, sources_, *feeds, draft_);
  read_entity_files(context, map);
  const ValuePtr rules = map.find("rules");
  if (rules) read_rules(context, sources_, *rules, draft_);
  const ValuePtr receivers = map.find("receivers");
  if (receivers) read_receivers(context, *receivers, draft_);
  const auto included = listed_files(context, map, "include");
  if (!included.empty() && depth_ >= kMaxIncludeDepth) {
    map.error("include", fmt::format("files include files more than {} deep", kMaxIncludeDepth));
    return;
  }
  ++depth_;
  for (const std::string& path : included) read_file(path, false);
  --depth_;
}

void Loader::read_entity_files(const Context& context, MapReader& map) {
  const ValuePtr value = map.find("entities");
  if (value && value->kind == Value::Kind::map) return read_entities(context, *value, draft_);
  for (const std::string& path : listed_files(context, map, "entities")) {
    if (!read_.insert(path).second) continue;
    const auto file = sources_.read(path);
    if (!file) continue;  // reported by listed_files
    const Context inner{**file, problems_, folder_of(path)};
    const ValuePtr root = parse_yaml(**file, problems_);
    if (root) read_entities(inner, *root, draft_);
  }
}

// A share that is away, a checkout that swaps folders: the rules in them must not end by that. One
// that is there and empty is meant so.
bool Loader::had_files(const std::string& folder) const {
  if (previous_ == nullptr || !previous_->sources) return false;
  const auto had = previous_->sources->folders.find(folder);
  return had != previous_->sources->folders.end() && !had->second.empty();
}

std::vector<std::string> Loader::listed_files(const Context& context, MapReader& map,
                                              const std::string& key) {
  std::vector<std::string> result;
  const ValuePtr value = map.find(key);
  if (!value || value->kind == Value::Kind::null) return result;
  if (value->kind == Value::Kind::map) {
    map.error(key, fmt::format("\"{}\" must be a list of files, not a map", key),
              "write a map into a file of its own and name that file here");
    return result;
  }
  for (const Located& item : map.texts(key)) {
    const Place place{&context.file, item.offset};
    const auto path = expand_path(context, item.offset, item.text);
    if (!path) continue;
    if (!sources_.is_folder(*path)) {
      const auto file = sources_.read(*path);
      if (file) {
        result.push_back(*path);
      } else {
        const bool wild = path->find('*') != std::string::npos;
        problems_.error(place, file.error().text,
                        wild ? "name the folder: it stands for all its *.yaml files" : "");
      }
      continue;
    }
    if (sources_.is_folder_to_be(*path) && had_files(*path)) {
      problems_.error(
          place,
          fmt::format("the folder \"{}\" is gone, and what its files said stays live", *path),
          "bring it back; an empty one says that nothing of it is meant any more");
      continue;
    }
    if (sources_.is_folder_to_be(*path)) {
      problems_.warning(place, fmt::format("there is no folder \"{}\" yet", *path),
                        "it is read as soon as there is one");
    }
    const auto names = sources_.list(*path);
    if (!names) {
      problems_.error(place, names.error().text);
      continue;
    }
    for (const std::string& name : *names) {
      const std::string inside = absolute_path(*path, name);
      const auto file = sources_.read(inside);
      if (file) {
        result.push_back(inside);
      } else {
        problems_.error(place, file.error().text);
      }
    }
  }
  return result;
}

// Countries that rules or entities speak of; those that no file defines are known all the same.
std::vector<std::string> Loader::named_countries() const {
  std::vector<std::string> ids;
  const auto add = [&ids](const std::string& text) {
    for (std::string& id : rules::countries_in(text)) ids.push_back(std::move(id));
  };
  for (const RuleDraft& rule : draft_.rules) add(rule.def.query);
  for (const rules::RuleDef& held : held_) add(held.query);
  for (const EntityDraft& entity : draft_.entities) {
    for (const std::string& near : entity.def.near) add(near);
    for (const std::string& whole : entity.def.part_of) add(whole);
    for (const rules::EntityRole& role : entity.def.roles) add(role.of);
  }
  return ids;
}

void Loader::compile(Snapshot& snapshot) {
  std::vector<rules::EntityDef> entities;
  entities.reserve(draft_.entities.size());
  for (const EntityDraft& entity : draft_.entities) entities.push_back(entity.def);
  snapshot.entities = entities.size();
  rules::add_countries(entities, named_countries());
  auto compiled = rules::Gazetteer::compile(entities);
  report_entities(compiled.second, draft_.entities, problems_);
  snapshot.gazetteer = std::move(compiled.first);
  snapshot.rules = compile_rules(snapshot.gazetteer, snapshot.held_back);
  for (const rules::RuleDef& held : held_) {
    const auto& all = snapshot.rules.rules();
    const bool runs = std::any_of(all.begin(), all.end(), [&held](const rules::RuleDef& rule) {
      return rule.name == held.name;
    });
    if (runs) snapshot.held_back.push_back(held.name);
  }
}

rules::RuleSet Loader::compile_rules(const rules::Gazetteer& gazetteer,
                                     std::vector<std::string>& held_back) {
  std::vector<rules::RuleDef> defs;
  defs.reserve(draft_.rules.size());
  for (const RuleDraft& rule : draft_.rules) defs.push_back(rule.def);
  auto outcome = rules::RuleSet::compile(defs, gazetteer);
  const std::size_t before = problems_.errors();
  report_rules(outcome.diagnostics, draft_.rules, problems_);
  left_out_ = problems_.errors() - before;
  if (previous_ == nullptr || outcome.failed.empty()) return std::move(outcome.set);
  for (std::size_t i = 0; i < defs.size(); ++i) {
    const auto& failed = outcome.failed;
    if (std::find(failed.begin(), failed.end(), defs[i].name) == failed.end()) continue;
    const rules::RuleDef* last = last_version(defs[i], previous_->rules.rules());
    if (last == nullptr) continue;
    take_over(draft_.rules[i], *last, draft_);
    defs[i] = draft_.rules[i].def;
    held_back.push_back(defs[i].name);
  }
  if (held_back.empty()) return std::move(outcome.set);
  auto second = rules::RuleSet::compile(defs, gazetteer);
  for (const std::string& name : held_back) {
    if (std::find(second.failed.begin(), second.failed.end(), name) == second.failed.end()) {
      continue;
    }
    const auto rule =
        std::find_if(draft_.rules.begin(), draft_.rules.end(),
                     [&name](const RuleDraft& draft) { return draft.def.name == name; });
    problems_.error(rule->place,
                    fmt::format("the last good version of rule {} does not hold with the entities "
                                "as they are now",
                                in_quotes(name)),
                    "mend the rule, or bring back the entities that it names", name);
  }
  return std::move(second.set);
}

LoadOutcome load_config(const std::string& config_file, const Snapshot* previous) {
  Sources sources;
  Loader loader(sources, previous, {});
  return loader.load(config_file);
}

}  // namespace wirewatch::daemon
