// Is a story two? Two events of one kind often begin as one story: the second event's first report
// is nearer to the first event than many a true second report is. What tells them apart comes with
// their followers, which are like each other and not like the rest.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "feeds/stories/memory.h"

namespace wirewatch::feeds {

// A story that falls into two parts as well as it can, and how strongly.
struct StoryParts {
  std::vector<Number> leaving;  // the part of the newest document, by arrival
  double score = 0;             // above 0 they are two stories
};

// Looks at the newest documents of the story, one of each copy group and at most
// Parameters::split_sample. Nothing when it is not the time to look (only some sizes are looked at,
// so that a story that grows costs no more the larger it is), when the parts are two languages, or
// when the newest document or `of`, the one that it is nearest to, is in the part of the story's
// first document: who has been told of the story was told of that one.
std::optional<StoryParts> two_stories(const StoryMemory& memory, std::uint32_t story, Number of);

}  // namespace wirewatch::feeds
