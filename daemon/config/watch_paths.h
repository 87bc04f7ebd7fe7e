// Which folders to watch, and for which names, so that no change of a file goes unseen.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace wirewatch::daemon {

struct WatchedNames {
  std::set<std::string> names;
  bool every_yaml = false;
};

// Folder → names in it. Follows symbolic links, at most 40 to a path; a component that does not
// exist is watched for in its parent.
std::map<std::string, WatchedNames> watched_folders(const std::vector<std::string>& files,
                                                    const std::vector<std::string>& folders);

}  // namespace wirewatch::daemon
