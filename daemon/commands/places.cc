#include "daemon/commands/places.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace wirewatch::daemon {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// systemd may list several folders, parted by colons; the first is ours.
std::string first_of_list(const std::string& list) {
  return list.substr(0, list.find(':'));
}

}  // namespace

std::string state_folder(const std::optional<std::string>& option, const std::string& configured) {
  if (option && !option->empty()) return fs::absolute(*option).lexically_normal().string();
  if (!configured.empty()) return configured;
  const std::string systemd = first_of_list(environment("STATE_DIRECTORY"));
  if (!systemd.empty()) return systemd;
  const std::string xdg = environment("XDG_STATE_HOME");
  if (!xdg.empty()) return xdg + "/wirewatch";
  const std::string home = environment("HOME");
  return (home.empty() ? "/var/lib" : home + "/.local/state") + "/wirewatch";
}

std::string control_socket(const std::string& state_folder) {
  const std::string runtime = first_of_list(environment("RUNTIME_DIRECTORY"));
  return (runtime.empty() ? state_folder : runtime) + "/control.sock";
}

std::vector<std::string> control_socket_candidates(const std::string& state_folder) {
  std::vector<std::string> candidates;
  for (const std::string& path : {control_socket(state_folder), state_folder + "/control.sock",
                                  std::string("/run/wirewatch/control.sock")}) {
    const bool new_one = std::find(candidates.begin(), candidates.end(), path) == candidates.end();
    if (new_one) candidates.push_back(path);
  }
  return candidates;
}

}  // namespace wirewatch::daemon
