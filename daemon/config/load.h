// One load of a config, from the disk or from a kept copy.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/config/draft.h"

namespace wirewatch::daemon {

inline constexpr std::size_t kMaxIncludeDepth = 16;
// Included files of which a config keeps the tree, about six times as large: bytes of one, of all.
inline constexpr std::size_t kMaxKeptTree = 256U << 10U;
inline constexpr std::size_t kMaxKeptTrees = 2U << 20U;

class Loader {
 public:
  // `previous` may be null. `held`: rules that run in this version whatever the files say.
  Loader(Sources& sources, const Snapshot* previous, std::vector<rules::RuleDef> held);

  LoadOutcome load(const std::string& config_file);

 private:
  void load_into(LoadOutcome& outcome, const std::string& path);
  void read_file(const std::string& path, bool main);
  ValuePtr parse_included(const SourceFile& file);
  void says_nothing(const Context& context);
  void read_parts(const Context& context, MapReader& map);
  bool had_files(const std::string& folder) const;  // in `previous`
  void read_entity_files(const Context& context, MapReader& map);
  // The files that a list of paths names; a folder stands for its *.yaml files.
  std::vector<std::string> listed_files(const Context& context, MapReader& map,
                                        const std::string& key);
  void compile(Snapshot& snapshot);
  std::vector<std::string> named_countries() const;
  rules::RuleSet compile_rules(const rules::Gazetteer& gazetteer,
                               std::vector<std::string>& held_back);

  Sources& sources_;
  const Snapshot* previous_;
  std::vector<rules::RuleDef> held_;
  Problems problems_;
  Draft draft_;
  std::map<std::string, ValuePtr> trees_;
  std::size_t tree_bytes_ = 0;  // of the files that they are of
  std::set<std::string> read_;  // config and entity files, each once
  std::size_t depth_ = 0;       // of includes
  std::size_t left_out_ = 0;    // rules in error that do not refuse the whole
};

}  // namespace wirewatch::daemon
