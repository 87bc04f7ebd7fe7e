#include "feeds/stories/last_stories.h"

namespace wirewatch::feeds {

void LastStories::take(const std::string& id, const Placement& placement) {
  for (const StoryMerge& merge : placement.merges) merges_[merge.story] = merge.into;
  stories_[id] = placement.story;
  if (!placement.split) return;
  merges_.erase(placement.split->story);
  for (const StorySplit::Left& one : placement.split->documents)
    stories_[one.id] = placement.split->story;
}

// A story that is no more comes again by a split alone, and then leads nowhere: this ends.
std::string LastStories::of(const std::string& id) const {
  std::string story = stories_.at(id);
  for (auto at = merges_.find(story); at != merges_.end(); at = merges_.find(story))
    story = at->second;
  return story;
}

}  // namespace wirewatch::feeds
