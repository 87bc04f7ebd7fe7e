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

struct BadLine {
  std::size_t line = 0;  // from 1
  std::string reason;    // "not a JSON object"
};

struct Replay {
  std::vector<ReplayEntry> entries;
  std::vector<BadLine> bad;   // lines that were left out, the first hundred of them
  std::size_t bad_lines = 0;  // how many there are
};

// JSON lines: {"title", "text", "url"?, "source"?, "lang"?, "published"? (ISO 8601), "after"?
// (seconds; else `gap`)}. Blank lines are skipped, and so is a line that is no such object: it is
// named in `bad`. An item without "published" is dated when it is released. Error: the file cannot
// be read, or has too many items.
Result<Replay> read_replay(const std::string& path, Span gap);

// A replay source's file as it was read last.
struct ReplayFile {
  std::string path;
  Span gap{};
  std::filesystem::file_time_type written{};
  std::shared_ptr<const Replay> replay;
};

// `before` again where the file is the same and was not written since, else the file read anew.
Result<ReplayFile> refresh_replay(ReplayFile before, const std::string& path, Span gap);

// Where to go on in `now` when `released` entries of `before` are out: at the first that is another
// one, such as a line that was mended. What is released again is known by then.
std::size_t go_on_at(const Replay& before, const Replay& now, std::size_t released);

// The lines that were left out, for people: at most five texts ("FILE:2: not a JSON object").
std::vector<std::string> describe_bad_lines(const std::string& path, const Replay& replay);

}  // namespace wirewatch::daemon
