// What the offline verbs share: a config, its messages printed, and documents read line by line.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "daemon/commands/command.h"
#include "daemon/config/snapshot.h"

namespace wirewatch::daemon {

// A config for a verb, and the rules of it that are broken: one line says that they are left out. A
// config that is refused has its errors printed.
struct LoadedRules {
  std::shared_ptr<const Snapshot> snapshot;  // null: refused
  std::set<std::string> left_out;
};
LoadedRules load_rules(std::string_view verb, const std::string& file);

// The config that a running daemon reads; nullopt: none runs there.
std::optional<std::string> config_of_daemon(const CommandLine& line);

// Named by --config; with --state alone that of the daemon which runs there; else the default,
// empty where there is none.
std::string config_file_for(const CommandLine& line);

// The same for that config. null: there is none, or it was
// refused.
LoadedRules rules_for(std::string_view verb, const CommandLine& line);
std::shared_ptr<const Snapshot> config_for(std::string_view verb, const CommandLine& line);

// Its number in the set; nothing when there is none of that name, which is said unless it is one of
// those that were left out.
std::optional<std::size_t> find_rule(std::string_view verb, const LoadedRules& rules,
                                     const std::string& name);

// Calls `take` with each line of a DOCS.jsonl file (or "-"), blank ones skipped, and its number.
// False: the file could not be read (said).
bool each_line(std::string_view verb, const std::string& path,
               const std::function<bool(const std::string& line, std::size_t number)>& take);

}  // namespace wirewatch::daemon
