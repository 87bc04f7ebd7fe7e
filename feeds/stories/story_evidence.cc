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

// The cosines with a story's documents, the highest first.
struct Compared {
  StoryCandidate candidate;
  std::vector<double> cosines;
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
  const double terms = static_cast<double>(features.terms.size());
  const double shortness = 1 - std::min(1.0, terms / parameters.full_terms);
  EvidenceValues& values = compared.candidate.evidence;
  const double nearest = std::max(cosines.front(), compared.candidate.cosine);
  set(values, Evidence::constant, 1);
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
  const double length = std::max(100.0, static_cast<double>(features.words.size()));
  set(values, Evidence::length, std::log10(length / 100));
  set(values, Evidence::size, std::log(double{story.profile.documents()}));
  set(values, Evidence::shortness, shortness);
  set(values, Evidence::short_centroid, shortness * words.centroid);
  set(values, Evidence::short_known, shortness * words.known);
  set(values, Evidence::short_core, shortness * words.core);
  set(values, Evidence::short_plain, shortness * words.plain_known);
}

// What the other candidates say about this one.
void weigh_others(std::vector<StoryCandidate>& candidates) {
  constexpr auto centroid = static_cast<std::size_t>(Evidence::centroid);
  for (StoryCandidate& one : candidates) {
    double sum = 0;
    for (const StoryCandidate& other : candidates) {
      if (other.story == one.story) continue;
      sum += other.evidence[centroid];
    }
    const double others = static_cast<double>(candidates.size() - 1);
    set(one.evidence, Evidence::crowd, others > 0 ? sum / others : 0);
  }
}

}  // namespace

std::vector<StoryCandidate> story_candidates(const StoryMemory& memory, const OwnTerms& own,
                                             Instant time, const std::vector<Near>& near,
                                             const std::string& self) {
  const Features& features = own.features();
  const Parameters& parameters = memory.parameters();
  std::vector<Compared> found;
  for (const Near& one : near) {
    const Remembered& document = memory.at(one.document);
    if (document.id == self || !comparable(features, document.features, parameters)) continue;
    auto place = std::find_if(found.begin(), found.end(), [&document](const Compared& known) {
      return known.candidate.story == document.story;
    });
    if (place == found.end()) {
      if (found.size() == parameters.story_candidates) continue;
      found.emplace_back();
      place = found.end() - 1;
      place->candidate.story = document.story;
    }
    if (place->cosines.size() == parameters.compared_of_story) continue;
    const double words = own.cosine_with(document.features);
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
    const double days = days_apart(memory.story(compared.candidate.story), time);
    set(compared.candidate.evidence, Evidence::days, std::log1p(days));
    candidates.push_back(compared.candidate);
  }
  if (!candidates.empty()) weigh_others(candidates);
  for (StoryCandidate& candidate : candidates) {
    if (in_other_scripts(features, candidate.nearest->features)) {
      candidate.score = candidate.cosine - parameters.foreign_cosine;
      continue;
    }
    for (std::size_t i = 0; i < evidence_count; ++i)
      candidate.score += candidate.evidence[i] * parameters.weights[i];
  }
  return candidates;
}

}  // namespace wirewatch::feeds
