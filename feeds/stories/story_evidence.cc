#include "feeds/stories/story_evidence.h"

#include <algorithm>
#include <cmath>

namespace wirewatch::feeds {
namespace {

double days_apart(const Story& story, Instant time) {
  const Instant first = story.members.first();
  const Instant last = story.members.last();
  if (time == Instant{} || last == Instant{}) return 0;
  Span apart(0);
  if (time > last) apart = time - last;
  if (time < first) apart = first - time;
  using Days = std::chrono::duration<double, std::ratio<86400>>;
  return Days(apart).count();
}

void set(EvidenceValues& values, Evidence what, double value) {
  values[static_cast<std::size_t>(what)] = value;
}

// The score of a story that a document is too unlike to join.
constexpr double too_far = -10;

struct Compared {
  StoryCandidate candidate;
  std::vector<double> cosines;  // with the story's documents, the highest first
  double agreeing = 0;          // the most with one of them
  double shared = 0;
  double found = 0;  // its documents that the index found
  double score = 0;  // the sum of theirs
};

// Of the documents that the index found, whichever their stories.
struct Surroundings {
  double found = 0;
  double best = 0;
  double score = 0;  // the sum of those of the candidates
};

void weigh_words(const StoryMemory& memory, const OwnTerms& own, Compared& compared) {
  const Features& features = own.features();
  const Story& story = memory.story(compared.candidate.story);
  const Overlap words = overlap(own, story.profile);
  std::vector<double>& cosines = compared.cosines;
  std::sort(cosines.rbegin(), cosines.rend());
  double three = 0;
  for (const double cosine : cosines) three += cosine;
  three /= static_cast<double>(cosines.size());
  const Parameters& parameters = memory.parameters();
  const double terms = static_cast<double>(features.terms().size());
  const double shortness = 1 - std::min(1.0, terms / parameters.full_terms);
  EvidenceValues& values = compared.candidate.evidence;
  const double nearest = std::max(cosines.front(), compared.candidate.cosine);
  set(values, Evidence::nearest, nearest);
  set(values, Evidence::three, three);
  set(values, Evidence::centroid, words.centroid);
  set(values, Evidence::mean, words.mean);
  set(values, Evidence::known, words.known);
  set(values, Evidence::core, words.core);
  set(values, Evidence::title_known, words.title_known);
  set(values, Evidence::names_known, words.names_known);
  set(values, Evidence::numbers_known, words.numbers_known);
  set(values, Evidence::story_title, words.story_title);
  set(values, Evidence::fit, words.fit);
  // What the documents of a story agree in shows only when there are some.
  const double sure = story.profile.documents() / (story.profile.documents() + 2);
  set(values, Evidence::new_name, sure * words.new_name);
  // Long texts share more words by chance.
  const double length = std::max(100.0, static_cast<double>(features.words().size()));
  set(values, Evidence::length, std::log10(length / 100));
  set(values, Evidence::size, std::log(double{story.profile.documents()}));
  set(values, Evidence::shortness, shortness);
  set(values, Evidence::plain_known, words.plain_known);
  set(values, Evidence::agreeing, std::log1p(compared.agreeing));
  set(values, Evidence::shared, std::log1p(compared.shared));
}

// What else is near, and how often a story begins in what is remembered.
void weigh_surroundings(const StoryMemory& memory, const Surroundings& all, Compared& compared) {
  EvidenceValues& values = compared.candidate.evidence;
  const auto stories = static_cast<double>(memory.stories());
  const auto documents = static_cast<double>(memory.size());
  set(values, Evidence::beginning, std::log((stories + 4) / (documents + 8)));
  set(values, Evidence::vote, all.score > 0 ? compared.score / all.score : 0);
  set(values, Evidence::votes, std::log1p(compared.found));
  set(values, Evidence::near_best, all.best);
  set(values, Evidence::near_many, std::log1p(all.found));
}

double value_of(const StoryCandidate& candidate, Evidence what) {
  return candidate.evidence[static_cast<std::size_t>(what)];
}

// How far the candidate is ahead of the best of the others.
double gap(const std::vector<StoryCandidate>& candidates, const StoryCandidate& one,
           Evidence what) {
  double most = 0;
  for (const StoryCandidate& other : candidates)
    if (other.story != one.story) most = std::max(most, value_of(other, what));
  return value_of(one, what) - most;
}

// What the other candidates say about this one.
void weigh_others(std::vector<StoryCandidate>& candidates) {
  double sum = 0;
  for (const StoryCandidate& one : candidates) sum += value_of(one, Evidence::centroid);
  const double others = static_cast<double>(candidates.size() - 1);
  for (StoryCandidate& one : candidates) {
    const double rest = sum - value_of(one, Evidence::centroid);
    set(one.evidence, Evidence::crowd, others > 0 ? rest / others : 0);
    set(one.evidence, Evidence::centroid_gap, gap(candidates, one, Evidence::centroid));
    set(one.evidence, Evidence::three_gap, gap(candidates, one, Evidence::three));
    set(one.evidence, Evidence::title_gap, gap(candidates, one, Evidence::title_known));
    set(one.evidence, Evidence::known_gap, gap(candidates, one, Evidence::known));
  }
}

double score_of(const EvidenceValues& values, const Parameters& parameters) {
  const double shortness = values[static_cast<std::size_t>(Evidence::shortness)];
  double score = parameters.start_score;
  for (std::size_t i = 0; i < evidence_count; ++i)
    score += parameters.curves[i](values[i], shortness);
  return score;
}

}  // namespace

double EvidenceCurve::operator()(double value, double shortness) const {
  std::size_t k = 0;
  while (k + 2 < curve_knots && value >= at[k + 1]) ++k;
  double along = value < at[k + 1] ? 0 : 1;
  if (value > at[k] && value < at[k + 1]) along = (value - at[k]) / (at[k + 1] - at[k]);
  const double there = adds[k] + along * (adds[k + 1] - adds[k]);
  return there + shortness * (brief[k] + along * (brief[k + 1] - brief[k]));
}

std::vector<StoryCandidate> story_candidates(const StoryMemory& memory, const OwnTerms& own,
                                             Instant time, const std::vector<Near>& near,
                                             std::optional<Number> self) {
  const Features& features = own.features();
  const Parameters& parameters = memory.parameters();
  std::vector<Compared> found;
  Surroundings all;
  for (const Near& one : near) {
    const Remembered& document = memory.at(one.document);
    if (one.document == self || !comparable(features, document.features, parameters)) continue;
    all.found += 1;
    all.best = std::max(all.best, one.score);
    auto place = std::find_if(found.begin(), found.end(), [&document](const Compared& known) {
      return known.candidate.story == document.story;
    });
    if (place == found.end()) {
      if (found.size() == parameters.story_candidates) continue;
      found.emplace_back();
      place = found.end() - 1;
      place->candidate.story = document.story;
    }
    place->found += 1;
    place->score += one.score;
    all.score += one.score;
    if (place->cosines.size() == parameters.compared_of_story) continue;
    const Agreement agreement = own.agreement_with(document.features);
    const double words = agreement.cosine;
    place->agreeing = std::max(place->agreeing, agreement.agreeing);
    place->shared = std::max(place->shared, agreement.shared);
    const double similar = event_similarity(words, features, document.features, parameters);
    if (place->candidate.nearest == nullptr || similar > place->candidate.cosine) {
      place->candidate.nearest = &document;
      place->candidate.cosine = similar;
    }
    place->cosines.push_back(words);
  }
  for (const Compared& compared : found) memory.story(compared.candidate.story).profile.prefetch();
  std::vector<StoryCandidate> candidates;
  candidates.reserve(found.size());
  for (Compared& compared : found) {
    weigh_words(memory, own, compared);
    weigh_surroundings(memory, all, compared);
    const double days =
        std::min(parameters.days_most, days_apart(memory.story(compared.candidate.story), time));
    set(compared.candidate.evidence, Evidence::days, std::log1p(days));
    candidates.push_back(compared.candidate);
  }
  if (!candidates.empty()) weigh_others(candidates);
  for (StoryCandidate& candidate : candidates) {
    if (in_other_scripts(features, candidate.nearest->features)) {
      candidate.score = candidate.cosine - parameters.foreign_cosine;
      continue;
    }
    const bool is_near = value_of(candidate, Evidence::nearest) >= parameters.joint_cosine_least;
    candidate.score = is_near ? score_of(candidate.evidence, parameters) : too_far;
  }
  return candidates;
}

}  // namespace wirewatch::feeds
