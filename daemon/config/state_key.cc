#include "daemon/config/state_key.h"

#include <filesystem>
#include <optional>

#include "daemon/config/draft.h"

namespace wirewatch::daemon {
namespace {

// In a map that is written with braces a line is no key with its value.
bool is_in_braces(const SourceFile& file) {
  for (std::uint32_t number = 1; number <= file.lines(); ++number) {
    const std::string_view line = file.line(number);
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '#') continue;
    if (line[first] == '{') return true;
    if (!line.starts_with("---") && line[first] != '%') return false;
    if (line.find('{') != std::string_view::npos) return true;
  }
  return false;
}

std::optional<std::string> state_in(const SourceFile& file) {
  Problems ignored;
  const ValuePtr root = parse_yaml(file, ignored);
  if (!root) return std::nullopt;
  const Context context{file, ignored, folder_of(file.path())};
  MapReader map(context, *root, "the config");
  const auto state = map.text("state");
  return state ? expand_path(context, 0, *state) : std::nullopt;
}

}  // namespace

std::string state_on_its_line(const SourceFile& file) {
  std::string found;
  for (std::uint32_t number = 1; number <= file.lines(); ++number) {
    const std::string_view line = file.line(number);
    if (!line.starts_with("state:")) continue;
    const auto state = state_in(SourceFile(file.path(), std::string(line)));
    if (state) found = *state;
  }
  return found;
}

std::string configured_state_folder(const std::string& config_file) {
  Sources sources;
  const auto file =
      sources.read(absolute_path(std::filesystem::current_path().string(), config_file));
  if (!file || (*file)->text().find("state") == std::string::npos) return {};
  const std::string on_its_line = is_in_braces(**file) ? "" : state_on_its_line(**file);
  if (!on_its_line.empty()) return on_its_line;
  return state_in(**file).value_or("");
}

}  // namespace wirewatch::daemon
