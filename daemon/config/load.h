// One load of a config, from the disk or from a kept copy.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/config/draft.h"

namespace wirewatch::daemon {

inline constexpr std::size_t kMaxIncludeDepth = 16;

class Loader {
 public:
  // `previous` may be null. `held`: rules that run in this version whatever the files say.
  Loader(Sources& sources, const Snapshot* previous, std::vector<rules::RuleDef> held);

  LoadOutcome load(const std::string& config_file);

 private:
  void load_into(LoadOutcome& outcome, const std::string& path);
  void read_file(const std::string& path, bool main);
  void find_state(const SourceFile& broken);
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
  std::set<std::string> read_;  // config and entity files, each once
  std::size_t depth_ = 0;       // of includes
  std::size_t left_out_ = 0;    // rules in error that do not refuse the whole
};

}  // namespace wirewatch::daemon
