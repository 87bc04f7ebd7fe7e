// What the offline verbs share: a config, its messages printed, and documents read line by line.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/commands/command.h"
#include "daemon/config/snapshot.h"

namespace wirewatch::daemon {

// The config named by --config, or the default; its errors are printed. null: it was refused.
std::shared_ptr<const Snapshot> config_for(std::string_view verb, const CommandLine& line);

// Calls `take` with each line of a DOCS.jsonl file (or "-"), blank ones skipped, and its number.
// False: the file could not be read (said).
bool each_line(std::string_view verb, const std::string& path,
               const std::function<bool(const std::string& line, std::size_t number)>& take);

}  // namespace wirewatch::daemon
