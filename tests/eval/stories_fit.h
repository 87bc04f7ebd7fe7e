// Fits the decisions of stories on the past that they themselves make.
#pragma once

#include <string>
#include <vector>

#include "feeds/stories/parameters.h"
#include "tests/eval/evaluation.h"

namespace wirewatch::eval {

struct FitPlan {
  int rounds = 5;
  std::size_t folds = 0;  // > 1: each part of the topics is left out once and scored
  bool by_kind = false;   // each kind of sets is left out once and scored
};

// Lets the sets run through with a plain decision in place of that of `parameters`, notes for each
// document what would have been right given the stories as they really were, fits, and does so
// again with what it found, over all of the last rounds: what a fragment or a mixed story looks
// like shows only in a past with faults (Ross, Gordon and Bagnell, 2011). All kinds of sets weigh
// the same but strangers; the kind is the set's name up to a '-'. Then moves the start score to
// where worth_of() is the most. Prints the scores of each round and of the end, those of what was
// left out if the plan leaves something out, and otherwise the curves for
// feeds/stories/parameters.h.
void fit_stories(const std::vector<Set>& sets, const feeds::Parameters& parameters,
                 const FitPlan& plan);

// What a search makes as large as it can: the mean over the sets of pair F1 + BCubed F1 +
// (exactly once - never) / 2.
double worth_of(const std::vector<Set>& sets, const feeds::Parameters& parameters);

// One line of scores.
std::string in_words(const std::string& name, const Scores& scores);

}  // namespace wirewatch::eval
