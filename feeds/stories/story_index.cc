#include "feeds/stories/story_index.h"

#include <fmt/format.h>

#include <algorithm>

#include "feeds/stories/copies.h"
#include "feeds/stories/memory.h"
#include "feeds/stories/parameters.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t most_reasons = 8;

struct CopyOf {
  const Remembered* document = nullptr;
  CopyEvidence evidence;
};

struct EventOf {
  const Remembered* document = nullptr;  // the nearest one of the story
  double cosine = 0;
};

double days_beyond(Instant a, Instant b) {
  const Span apart = time_between(a, b);
  if (apart <= parameters::same_time) return 0;
  using Days = std::chrono::duration<double, std::ratio<86400>>;
  return Days(apart - parameters::same_time).count();
}

double needed_cosine(Instant a, Instant b) {
  return parameters::story_cosine * (1 + parameters::daily_surcharge * days_beyond(a, b));
}

struct Compared {
  const Remembered* document = nullptr;
  double cosine = 0;
};

void consider_copy(CopyOf& best, const Remembered& document, const Features& features,
                   double cosine_with, const TermStatistics& statistics) {
  std::optional<CopyEvidence> evidence;
  if (cosine_with >= parameters::copy_cosine) evidence = copied(features, document.features);
  if (!evidence) evidence = rewritten(features, document.features, cosine_with, statistics);
  // Candidates come in a fixed order, so the first of equals is the same everywhere.
  if (evidence && (best.document == nullptr || evidence->similarity > best.evidence.similarity))
    best = {&document, *evidence};
}

// How near a story is: its nearest document, and the mean of those that were compared, so that a
// single odd neighbour does not pull a document into a story whose others are far.
double evidence_for(const Compared& nearest, const std::vector<Compared>& near, double mean_share) {
  double sum = 0;
  std::size_t count = 0;
  for (const Compared& other : near) {
    if (other.document->story != nearest.document->story) continue;
    sum += other.cosine;
    ++count;
  }
  const double mean = sum / static_cast<double>(count);
  return (1 - mean_share) * nearest.cosine + mean_share * mean;
}

// The story with the strongest evidence above what its distance in time asks for.
EventOf best_event(const std::vector<Compared>& near, const Features& features, Instant time) {
  EventOf best;
  const double terms = static_cast<double>(features.terms.size());
  const double fullness = std::min(1.0, terms / parameters::full_terms);
  const double mean_share = parameters::mean_share * fullness;
  const double shortness = 1 + parameters::short_surcharge * (1 - fullness);
  double best_excess = 1;
  for (const Compared& one : near) {
    const double needed = shortness * needed_cosine(time, one.document->time);
    const double excess = evidence_for(one, near, mean_share) / needed;
    if (excess >= best_excess && (best.document == nullptr || excess > best_excess)) {
      best = {one.document, one.cosine};
      best_excess = excess;
    }
  }
  return best;
}

}  // namespace

std::string_view to_string(Relation relation) {
  switch (relation) {
    case Relation::copy:
      return "copy";
    case Relation::same_story:
      return "same-story";
    case Relation::fresh:
      break;
  }
  return "new";
}

struct StoryIndex::Impl {
  explicit Impl(StoryLimits limits) : memory(limits) {}

  Placement decide(const Document& document, std::span<const Mention> mentions,
                   const Features& features);
  Placement edited(const Remembered& known, Placement placement, const Features& features);
  void keep(const Document& document, Features features, const Placement& placement);

  StoryMemory memory;
};

Placement StoryIndex::Impl::decide(const Document& document, std::span<const Mention> mentions,
                                   const Features& features) {
  CopyOf copy;
  std::vector<Compared> near;
  for (const Near& found : memory.near_by_words(features, document.time)) {
    const Remembered& other = memory.at(found.document);
    if (other.id == document.id) continue;
    const double words = cosine(features, other.features);
    near.push_back({&other, event_similarity(words, features, other.features)});
    consider_copy(copy, other, features, words, memory.statistics());
  }
  for (const Near& found : memory.near_by_pairs(features, document.time)) {
    const Remembered& other = memory.at(found.document);
    const bool compared = std::any_of(
        near.begin(), near.end(), [&other](const Compared& one) { return one.document == &other; });
    if (other.id == document.id || compared) continue;
    consider_copy(copy, other, features, cosine(features, other.features), memory.statistics());
  }
  Placement placement;
  placement.story = placement.copy_group = document.id;
  const Remembered* of = nullptr;
  if (copy.document != nullptr) {
    of = copy.document;
    placement.relation = Relation::copy;
    placement.copy_group = of->copy_group;
    placement.similarity = copy.evidence.similarity;
    if (copy.evidence.partners > 0)
      placement.why.push_back(fmt::format("{} of {} sentences in the same order",
                                          copy.evidence.partners, copy.evidence.sentences));
  } else {
    const EventOf event = best_event(near, features, document.time);
    if (event.document == nullptr) return placement;
    of = event.document;
    placement.relation = Relation::same_story;
    placement.similarity = std::min(event.cosine, 1.0);
  }
  placement.story = of->story;
  placement.of = of->id;
  for (std::string& name : strongest_shared(document, mentions, memory.statistics(), features,
                                            of->features, most_reasons - placement.why.size()))
    placement.why.push_back(std::move(name));
  return placement;
}

// The story stays; so does the copy group, unless the text became another.
Placement StoryIndex::Impl::edited(const Remembered& known, Placement placement,
                                   const Features& features) {
  const double near = cosine(features, known.features);
  const bool same_text = features.words == known.features.words ||
                         copied(features, known.features) ||
                         rewritten(features, known.features, near, memory.statistics());
  placement.story = known.story;
  if (same_text) {
    placement.copy_group = known.copy_group;
    placement.relation = known.relation;
    placement.of = known.of;
    placement.similarity = known.similarity;
    placement.why = {"an edit of a known item"};
    return placement;
  }
  if (placement.relation != Relation::copy) {
    placement.copy_group = known.id;
    placement.relation = known.story == known.id ? Relation::fresh : Relation::same_story;
    placement.of = known.of;
    placement.similarity = 0;
  }
  placement.why.insert(placement.why.begin(), "an edit of a known item: another text");
  if (placement.why.size() > most_reasons) placement.why.resize(most_reasons);
  return placement;
}

void StoryIndex::Impl::keep(const Document& document, Features features,
                            const Placement& placement) {
  Remembered remembered;
  remembered.id = document.id;
  remembered.time = document.time;
  remembered.story = placement.story;
  remembered.copy_group = placement.copy_group;
  remembered.relation = placement.relation;
  remembered.of = placement.of;
  remembered.similarity = placement.similarity;
  remembered.features = std::move(features);
  memory.add(std::move(remembered));
}

StoryIndex::StoryIndex(StoryLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
StoryIndex::~StoryIndex() = default;
StoryIndex::StoryIndex(StoryIndex&&) noexcept = default;
StoryIndex& StoryIndex::operator=(StoryIndex&&) noexcept = default;

Placement StoryIndex::place(const Document& document, std::span<const Mention> mentions) {
  Features features = make_features(document, mentions, impl_->memory.statistics());
  Placement placement = impl_->decide(document, mentions, features);
  if (const Remembered* known = impl_->memory.find(document.id))
    placement = impl_->edited(*known, std::move(placement), features);
  impl_->keep(document, std::move(features), placement);
  return placement;
}

void StoryIndex::remember(const Document& document, std::span<const Mention> mentions,
                          const Placement& placement) {
  impl_->keep(document, make_features(document, mentions, impl_->memory.statistics()), placement);
}

std::size_t StoryIndex::size() const {
  return impl_->memory.size();
}

}  // namespace wirewatch::feeds
