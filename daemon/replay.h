// Replay sources: items from a file, released one after the other, for samples and rehearsals.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "feeds/item.h"
#include "feeds/result.h"

namespace wirewatch::daemon {

struct ReplayEntry {
  Span after{};        // pause before it is released
  std::string source;  // outlet; empty: the feed's name
  feeds::Item item;
};

// JSON lines: {"title", "text", "url"?, "source"?, "lang"?, "published"? (ISO 8601), "after"?
// (seconds; else `gap`)}. Blank lines are skipped. An item without "published" is dated when it is
// released. Error: the file cannot be read, or a line is not such an object (line and reason
// named).
Result<std::vector<ReplayEntry>> read_replay(const std::string& path, Span gap);

// A replay source's file as it was read last.
struct ReplayFile {
  std::string path;
  Span gap{};
  std::filesystem::file_time_type written{};
  std::shared_ptr<const std::vector<ReplayEntry>> entries;
};

// `before` again where the file is the same and was not written since, else the file read anew.
Result<ReplayFile> refresh_replay(ReplayFile before, const std::string& path, Span gap);

}  // namespace wirewatch::daemon
