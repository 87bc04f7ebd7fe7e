#include "daemon/commands/check_replays.h"

#include <fmt/format.h>

#include <filesystem>

#include "daemon/config/source.h"
#include "daemon/polling/replay.h"

namespace wirewatch::daemon {
namespace {

// The line that names the file.
void place(const Snapshot& snapshot, const std::string& replay, ConfigMessage& message) {
  message.file = snapshot.config_file;
  if (!snapshot.sources) return;
  const std::string name = std::filesystem::path(replay).filename().string();
  for (const auto& [path, content] : snapshot.sources->files) {
    const SourceFile file(path, content);
    for (std::uint32_t number = 1; number <= file.lines(); ++number) {
      const std::string_view line = file.line(number);
      const std::size_t key = line.find("replay:");
      if (key == std::string_view::npos || line.find(name, key) == std::string_view::npos) continue;
      message.file = path;
      message.line = number;
      message.column = file.position(file.line_start(number) + key).column;
      return;
    }
  }
}

}  // namespace

std::vector<ConfigMessage> bad_replays(const Snapshot& snapshot) {
  std::vector<ConfigMessage> messages;
  for (const FeedConfig& feed : snapshot.feeds) {
    if (feed.replay.empty()) continue;
    const auto replay = read_replay(feed.replay, feed.every.value_or(Span::zero()));
    if (!replay) {
      ConfigMessage& message = messages.emplace_back();
      message.text = replay.error().text;
      message.hint = "the feed waits until the file is there";
      place(snapshot, feed.replay, message);
      continue;
    }
    for (const BadLine& bad : replay->bad) {
      ConfigMessage& message = messages.emplace_back();
      message.file = feed.replay;
      message.line = static_cast<std::uint32_t>(bad.line);
      message.column = 1;
      message.text = bad.reason + "; the line is left out";
    }
    if (replay->bad_lines > replay->bad.size()) {
      ConfigMessage& message = messages.emplace_back();
      message.file = feed.replay;
      message.text = fmt::format("and {} more such lines", replay->bad_lines - replay->bad.size());
    }
  }
  return messages;
}

}  // namespace wirewatch::daemon
