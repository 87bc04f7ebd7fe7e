#include "daemon/commands/config_for.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>

namespace wirewatch::daemon {

std::shared_ptr<const Snapshot> config_for(std::string_view verb, const CommandLine& line) {
  const std::string file = line.value_or("config", default_config());
  if (file.empty()) {
    complain(verb, "no config: name one with --config FILE", exit_misuse);
    return nullptr;
  }
  const LoadOutcome loaded = load_config(file);
  for (const ConfigMessage& message : loaded.messages) {
    if (message.error) fmt::print(stderr, "{}\n", to_text(message));
  }
  return loaded.snapshot;
}

bool each_line(std::string_view verb, const std::string& path,
               const std::function<bool(const std::string& line, std::size_t number)>& take) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) {
      complain(verb, fmt::format("cannot read \"{}\"", path));
      return false;
    }
  }
  std::istream& input = path == "-" ? std::cin : file;
  std::string line;
  for (std::size_t number = 1; std::getline(input, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (!take(line, number)) return true;
  }
  return true;
}

}  // namespace wirewatch::daemon
