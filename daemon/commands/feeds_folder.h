// `feeds.d/` beside the config: where `feeds import` and `feeds add` write, each time into a file
// of their own, so that no file that somebody wrote is ever touched.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/commands/command.h"
#include "daemon/config/snapshot.h"

namespace wirewatch::daemon {

struct FeedsFolder {
  std::string path;                          // of feeds.d, absolute
  std::shared_ptr<const Snapshot> snapshot;  // the config as it stands
};

// Makes the folder where it is missing and reads the config. Errors: no config, one that is
// refused or does not include the folder (said with what to write), a folder that cannot be made.
Result<FeedsFolder> open_feeds_folder(const CommandLine& line);

// What is asked to be added, and what became of it.
struct FeedsToAdd {
  std::vector<FeedConfig> fresh;  // url, name and tags
  std::vector<FeedConfig> known;  // their URL, or one of the same page, is in the config
};
FeedsToAdd sort_out(const Snapshot& snapshot, std::vector<FeedConfig> wanted);

// Writes `feeds` as the config's YAML into a new file `stem.yaml` (with a number where that is
// taken), reads the config again and takes the file away when that refuses. Answers the path.
Result<std::string> write_feeds(const FeedsFolder& folder, const std::string& stem,
                                const std::string& heading, const std::vector<FeedConfig>& feeds);

}  // namespace wirewatch::daemon
