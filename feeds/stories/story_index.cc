#include "feeds/stories/story_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "feeds/stories/copies.h"
#include "feeds/stories/memory.h"
#include "feeds/stories/packed.h"
#include "feeds/stories/story_evidence.h"
#include "feeds/stories/story_split.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t most_reasons = 8;

struct CopyOf {
  const Remembered* document = nullptr;
  CopyEvidence evidence;
};

void consider_copy(CopyOf& best, const Remembered& document, const OwnTerms& own, CopyCheck& check,
                   const Parameters& parameters) {
  // Most candidates of a copy's copy are beaten by the first: then no sentences are compared, as a
  // rewrite has at most all of the shorter text, and the pairs come first, as most have too few
  // within their first words.
  constexpr double rewrite_most = 1.001;
  const double beaten = best.document == nullptr ? 0 : best.evidence.strength;
  std::optional<CopyEvidence> evidence;
  if (beaten >= rewrite_most && check.has_counted(document.features)) {
    evidence = check.copied(document.features, beaten);
    if (evidence && own.cosine_with(document.features) < parameters.copy_cosine) return;
  } else {
    const double words = own.cosine_with(document.features);
    if (words >= parameters.copy_cosine) evidence = check.copied(document.features, beaten);
    if (!evidence && beaten < rewrite_most) evidence = check.rewritten(document.features, words);
  }
  // Candidates come in a fixed order, so the first of equals is the same everywhere.
  if (evidence && (best.document == nullptr || evidence->strength > best.evidence.strength))
    best = {&document, *evidence};
}

const StoryCandidate* best_of(const std::vector<StoryCandidate>& candidates) {
  const StoryCandidate* best = nullptr;
  for (const StoryCandidate& one : candidates)
    if (one.score >= 0 && (best == nullptr || one.score > best->score)) best = &one;
  return best;
}

Remembered remembered_as(const std::string& id, Instant time, Features features,
                         const Placement& placement) {
  Remembered remembered;
  remembered.id = id;
  remembered.time = time;
  remembered.copy_group = placement.copy_group;
  remembered.relation = placement.relation;
  remembered.of = placement.of;
  remembered.similarity = placement.similarity;
  remembered.features = std::move(features);
  return remembered;
}

// For people.
std::string told(const StorySplit& split) {
  const std::size_t earlier = split.documents.size() - 1;
  return fmt::format("another event than story {}: leaves it with {} earlier report{}", split.from,
                     earlier, earlier == 1 ? "" : "s");
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
  Impl(StoryLimits limits, const Parameters& parameters) : memory(limits, parameters) {}

  Placement decide(const Document& document, std::span<const Mention> mentions,
                   const Features& features);
  bool fits_group(const CopyOf& copy, CopyCheck& check) const;
  CopyOf best_copy(const OwnTerms& own, const NearDocuments& near, std::optional<Number> self);
  std::vector<StoryMerge> merge(const StoryCandidate& best,
                                const std::vector<StoryCandidate>& candidates);
  Placement edited(const Remembered& known, Placement placement, const Features& features);
  void keep(const std::string& id, Instant time, Features features, const Placement& placement);
  std::optional<StorySplit> split(const std::string& id, const std::string& of);

  StoryMemory memory;
};

// A passage that one copy of a text took in from elsewhere makes that copy like the passage's own
// text. The first of the copies does not have it.
bool StoryIndex::Impl::fits_group(const CopyOf& copy, CopyCheck& check) const {
  const Parameters& parameters = memory.parameters();
  if (copy.evidence.strength >= parameters.group_strength) return true;
  const Remembered* const first = memory.find(copy.document->copy_group);
  if (first == nullptr || first == copy.document) return true;
  return check.covered_with(first->features) >= parameters.group_covered;
}

CopyOf StoryIndex::Impl::best_copy(const OwnTerms& own, const NearDocuments& near,
                                   std::optional<Number> self) {
  CopyOf copy;
  const Features& features = own.features();
  CopyCheck check(features, memory.statistics());
  const auto consider = [&](Number number) {
    if (number != self) consider_copy(copy, memory.at(number), own, check, memory.parameters());
  };
  for (const Near& found : near.by_words) consider(found.document);
  for (const Near& found : near.by_pairs) {
    const bool compared =
        std::any_of(near.by_words.begin(), near.by_words.end(),
                    [&found](const Near& one) { return one.document == found.document; });
    if (!compared) consider(found.document);
  }
  if (copy.document != nullptr && !fits_group(copy, check)) return {};
  return copy;
}

Placement StoryIndex::Impl::decide(const Document& document, std::span<const Mention> mentions,
                                   const Features& features) {
  NearDocuments near = memory.near(features, document.time);
  memory.prefetch(near.by_pairs);
  memory.prefetch(near.by_words);
  const OwnTerms own(features);
  const std::optional<Number> self = memory.number_of(document.id);  // of an edit
  const CopyOf copy = best_copy(own, near, self);
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
    const std::size_t compared = near.by_words.size();
    memory.look_further(document.time, near);
    memory.prefetch(std::span(near.by_words).subspan(compared));
    const std::vector<StoryCandidate> candidates =
        story_candidates(memory, own, document.time, near.by_words, self);
    const StoryCandidate* const best = best_of(candidates);
    if (best == nullptr) return placement;
    of = best->nearest;
    placement.merges = merge(*best, candidates);
    placement.relation = Relation::same_story;
    placement.similarity = std::min(best->cosine, 1.0);
  }
  placement.story = memory.story(of->story).id;
  placement.of = of->id;
  for (std::string& name :
       strongest_shared(document, mentions, memory.statistics().room().terms, features,
                        of->features, most_reasons - placement.why.size()))
    placement.why.push_back(std::move(name));
  return placement;
}

// The candidates besides the best that are the same story, as this document shows. The story whose
// remembered documents go back furthest takes in the others.
std::vector<StoryMerge> StoryIndex::Impl::merge(const StoryCandidate& best,
                                                const std::vector<StoryCandidate>& candidates) {
  const Parameters& parameters = memory.parameters();
  std::vector<StoryMerge> merges;
  std::uint32_t story = best.story;
  for (const StoryCandidate& other : candidates) {
    if (other.story == best.story || other.score < parameters.merge_score) continue;
    if (merge_fit(memory.story(story).profile, memory.story(other.story).profile) <
        parameters.merge_fit)
      continue;
    std::uint32_t from = other.story;
    if (memory.story(from).members.front() < memory.story(story).members.front())
      std::swap(from, story);
    merges.push_back({memory.story(from).id, memory.story(story).id});
    memory.merge(from, story);
  }
  return merges;
}

// Of the story of a document that just joined it.
std::optional<StorySplit> StoryIndex::Impl::split(const std::string& id, const std::string& of) {
  // Of a document that was forgotten and comes again the story may live on.
  if (memory.has_story(id) || memory.find(of) == nullptr) return std::nullopt;
  const std::uint32_t story = memory.find(id)->story;
  const std::optional<StoryParts> parts = two_stories(memory, story, *memory.number_of(of));
  if (!parts || parts->score <= 0) return std::nullopt;
  StorySplit split{id, memory.story(story).id, {}};
  for (const Number number : parts->leaving) {
    const Remembered& document = memory.at(number);
    split.documents.push_back({document.id, document.copy_group, document.time});
  }
  memory.split(story, parts->leaving, id);
  return split;
}

// The story stays; so does the copy group, unless the text became another.
Placement StoryIndex::Impl::edited(const Remembered& known, Placement placement,
                                   const Features& features) {
  const double near = cosine(features, known.features);
  CopyCheck check(features, memory.statistics());
  const bool same_text = std::ranges::equal(features.words(), known.features.words()) ||
                         check.copied(known.features) || check.rewritten(known.features, near);
  placement.story = memory.story(known.story).id;
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
    placement.relation = placement.story == known.id ? Relation::fresh : Relation::same_story;
    placement.of = known.of;
    placement.similarity = 0;
  }
  placement.why.insert(placement.why.begin(), "an edit of a known item: another text");
  if (placement.why.size() > most_reasons) placement.why.resize(most_reasons);
  return placement;
}

void StoryIndex::Impl::keep(const std::string& id, Instant time, Features features,
                            const Placement& placement) {
  memory.add(remembered_as(id, time, std::move(features), placement), placement.story);
}

StoryIndex::StoryIndex(StoryLimits limits) : StoryIndex(limits, Parameters()) {}
StoryIndex::StoryIndex(StoryLimits limits, const Parameters& parameters)
    : impl_(std::make_unique<Impl>(limits, parameters)) {}
StoryIndex::~StoryIndex() = default;
StoryIndex::StoryIndex(StoryIndex&&) noexcept = default;
StoryIndex& StoryIndex::operator=(StoryIndex&&) noexcept = default;

Placement StoryIndex::place(const Document& document, std::span<const Mention> mentions,
                            bool is_edit) {
  impl_->memory.finish_gathering();
  StoryMemory& memory = impl_->memory;
  FeatureLists lists = ordered_features(document, memory.statistics());
  memory.expect_pairs(lists.pair_sample);
  weigh_features(document, mentions, memory.statistics(), lists);
  Features features(lists);
  Placement placement = impl_->decide(document, mentions, features);
  const Remembered* const known = memory.find(document.id);
  // Of stories that became one this moment nobody can know yet that they are two.
  const bool may_split = known == nullptr && !is_edit && placement.merges.empty() &&
                         placement.relation == Relation::same_story;
  if (known != nullptr) placement = impl_->edited(*known, std::move(placement), features);
  impl_->keep(document.id, document.time, std::move(features), placement);
  if (may_split) placement.split = impl_->split(document.id, placement.of);
  if (placement.split) {
    placement.story = placement.split->story;
    placement.why.insert(placement.why.begin(), told(*placement.split));
    if (placement.why.size() > most_reasons) placement.why.pop_back();
  }
  return placement;
}

void StoryIndex::remember(const Document& document, std::span<const Mention> mentions,
                          const Placement& placement) {
  impl_->memory.finish_gathering();
  impl_->keep(document.id, document.time,
              make_features(document, mentions, impl_->memory.statistics()), placement);
}

bool StoryIndex::remember(const std::string& id, Instant time, std::string_view packed,
                          const Placement& placement) {
  std::optional<Features> features = unpack_features(packed);
  if (!features) return false;
  Remembered remembered = remembered_as(id, time, std::move(*features), placement);
  if (impl_->memory.can_gather()) {
    impl_->memory.gather(std::move(remembered), placement.story);
  } else {
    impl_->memory.finish_gathering();
    impl_->memory.add(std::move(remembered), placement.story);
  }
  return true;
}

void StoryIndex::enter_words() {
  impl_->memory.enter_words();
}

void StoryIndex::enter_pairs() {
  impl_->memory.enter_pairs();
}

std::string StoryIndex::story_of(const std::string& id) const {
  const Remembered* const document = impl_->memory.find(id);
  return document == nullptr ? std::string() : impl_->memory.story(document->story).id;
}

std::string StoryIndex::packed(const std::string& id) const {
  impl_->memory.finish_gathering();
  const Remembered* const known = impl_->memory.find(id);
  return known == nullptr ? std::string() : pack(known->features);
}

std::vector<StoryNear> StoryIndex::stories_near(const Document& document,
                                                std::span<const Mention> mentions) {
  impl_->memory.finish_gathering();
  StoryMemory& memory = impl_->memory;
  const Features features = make_features(document, mentions, memory.statistics());
  NearDocuments near = memory.near(features, document.time);
  memory.look_further(document.time, near);
  std::vector<StoryNear> stories;
  for (const StoryCandidate& one : story_candidates(memory, OwnTerms(features), document.time,
                                                    near.by_words, memory.number_of(document.id)))
    stories.push_back({memory.story(one.story).id,
                       one.nearest->id,
                       one.score,
                       {one.evidence.begin(), one.evidence.end()}});
  return stories;
}

std::size_t StoryIndex::size() const {
  impl_->memory.finish_gathering();
  return impl_->memory.size();
}

std::size_t StoryIndex::bytes() const {
  impl_->memory.finish_gathering();
  return impl_->memory.bytes();
}

}  // namespace wirewatch::feeds
