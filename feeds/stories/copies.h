// Is one text a copy of another? Exact, from the features of both.
#pragma once

#include <optional>

#include "feeds/stories/features.h"

namespace wirewatch::feeds {

struct CopyEvidence {
  double similarity = 0;  // 0 … 1
  // Of a rewrite: how many of the shorter text's sentences have their partner in the other.
  std::size_t sentences = 0;
  std::size_t partners = 0;
};

// Jaccard resemblance and containment of word pairs (Broder, "On the resemblance and containment
// of documents", 1997): copies, cut copies, re-headlined copies, copies with noise.
std::optional<CopyEvidence> copied(const Features& a, const Features& b,
                                   const Parameters& parameters);

// Sentence by sentence: most of the shorter text's sentences find one in the other that shares
// most of its weight, in the same order. `cosine` is that of the two.
std::optional<CopyEvidence> rewritten(const Features& a, const Features& b, double cosine,
                                      const TermStatistics& statistics);

}  // namespace wirewatch::feeds
