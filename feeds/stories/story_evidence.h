// How strongly a document belongs to each of the stories near it.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "feeds/stories/memory.h"

namespace wirewatch::feeds {

using EvidenceValues = std::array<double, evidence_count>;

struct StoryCandidate {
  std::uint32_t story = 0;              // its number in the memory
  const Remembered* nearest = nullptr;  // its nearest document
  double cosine = 0;                    // with that document
  EvidenceValues evidence{};
  double score = 0;  // evidence times weights; the document belongs to the story from 0 on
};

// `near`: what the index found, best first. Candidates in the same order of their first document;
// `self` is left out.
std::vector<StoryCandidate> story_candidates(const StoryMemory& memory, const OwnTerms& own,
                                             Instant time, const std::vector<Near>& near,
                                             std::optional<Number> self);

}  // namespace wirewatch::feeds
