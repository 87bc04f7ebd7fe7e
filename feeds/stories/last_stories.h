// In which story each document is, after all the merges and splits until now.
#pragma once

#include <string>
#include <unordered_map>

#include "feeds/stories/story_index.h"

namespace wirewatch::feeds {

class LastStories {
 public:
  // In the order in which they were placed.
  void take(const std::string& id, const Placement& placement);
  // Of a document that was taken.
  std::string of(const std::string& id) const;

 private:
  std::unordered_map<std::string, std::string> stories_;  // by document
  std::unordered_map<std::string, std::string> merges_;   // by the story that is no more
};

}  // namespace wirewatch::feeds
