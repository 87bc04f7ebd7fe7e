// Learns what each piece of evidence adds to the score of a story (EvidenceCurve), from decisions
// whose right answer is known.
#pragma once

#include <string>
#include <vector>

#include "feeds/stories/parameters.h"
#include "feeds/stories/story_evidence.h"

namespace wirewatch::eval {

struct Choice {
  feeds::EvidenceValues evidence{};
  bool right = false;
};

// A document and the stories it could join; beginning one is right when none of these is.
struct Decision {
  double weight = 1;
  std::vector<Choice> choices;  // at least one
};

struct LearntCurves {
  double start_score = 0;
  std::array<feeds::EvidenceCurve, feeds::evidence_count> curves{};
};

// A conditional logit: the chance of each choice is its share of exp(score), with exp(0) for
// beginning a story; the curves are those under which the right answers are likeliest, less a price
// on values and on bends. Most evidence counts for a story or against it, never now one and now the
// other. `found` is where an earlier fit ended, or empty, and then where this one does. The same
// decisions give the same curves.
LearntCurves fit_curves(const std::vector<Decision>& decisions, std::vector<double>& found);

// As feeds/stories/parameters.h writes them.
std::string as_source(const LearntCurves& learnt);

}  // namespace wirewatch::eval
