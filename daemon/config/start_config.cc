#include "daemon/config/start_config.h"

#include <algorithm>
#include <filesystem>

#include "daemon/commands/places.h"

namespace wirewatch::daemon {
namespace {

bool is_gone(const std::string& folder) {
  std::error_code code;
  return !std::filesystem::exists(folder, code);
}

}  // namespace

StartConfig config_at_start(const RunOptions& options) {
  StartConfig start;
  LoadOutcome loaded = load_config(options.config_file);
  start.state_folder = state_folder(options.state, loaded.state_folder);
  const bool watches = loaded.snapshot &&
                       !(loaded.snapshot->feeds.empty() && loaded.snapshot->rules.rules().empty());
  // A folder that may be missing is an error only where it held files before.
  const auto is_lost = [&start](const std::string& folder) {
    return is_gone(folder) && last_good_had_files(start.state_folder, folder);
  };
  const bool all_there = std::none_of(loaded.folders.begin(), loaded.folders.end(), is_lost);
  const bool sound = watches && !has_error(loaded.messages) && all_there;
  LoadOutcome kept;
  if (!sound) kept = load_last_good(start.state_folder);
  // A mistyped name must not start what another config once said.
  const auto asked = std::filesystem::absolute(options.config_file).lexically_normal().string();
  if (kept.snapshot && kept.snapshot->config_file != asked) kept.snapshot = nullptr;
  if (!sound && kept.snapshot) loaded = load_config(options.config_file, kept.snapshot.get());
  start.messages = std::move(loaded.messages);
  if (kept.snapshot) {  // what cannot be read of the kept copy itself
    for (ConfigMessage& message : kept.messages) {
      const bool own = message.error && message.file.starts_with(start.state_folder + "/");
      if (own) start.messages.push_back(std::move(message));
    }
  }
  start.files = std::move(loaded.files);
  start.folders = std::move(loaded.folders);
  start.on_last_good = !loaded.snapshot;
  start.snapshot = loaded.snapshot ? loaded.snapshot : kept.snapshot;
  return start;
}

}  // namespace wirewatch::daemon
