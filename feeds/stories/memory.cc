#include "feeds/stories/memory.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>

#include "feeds/prefetch.h"
#include "feeds/stories/parameters.h"
#include "feeds/stories/strongest.h"

namespace wirewatch::feeds {
namespace {

// In the place of the time of a document that an edit took the place of.
constexpr Instant nobody = Instant::min();

// More than the longest document needs for its place, so that memory stays within its bound.
constexpr int most_dropped_at_once = 32;

// One of 256 parts of each table is tidied after so many: all of them while a tenth of a large
// window leaves.
constexpr Number dropped_to_tidy = 64;

std::size_t room_of(const std::string& text) {
  return text.size() > std::string().capacity() ? text.size() + 1 : 0;
}

// What a document's share of its story takes beside its terms in the sums: the first of a story
// needs no sums, a copy brings few words that are not there yet.
std::size_t story_share_of(const Remembered& document) {
  constexpr std::size_t story = 416;  // with its place by id and its lists of members
  const std::size_t sums = document.features.terms().size() * sizeof(ProfileTerm);
  switch (document.relation) {
    case Relation::fresh:
      return story;
    case Relation::copy:
      return sums / 2;
    case Relation::same_story:
      break;
  }
  return sums;
}

// Its share of the index and the statistics: keys that it has alone, as most of its pairs, take
// several times as much as those of which others are kept as well, as nearly all of a copy.
std::size_t index_share_of(const Remembered& document, const Parameters& parameters) {
  const Features& features = document.features;
  const std::size_t pairs = std::min(features.pair_sample().size(), parameters.indexed_pairs);
  const std::size_t terms = std::min(features.terms().size(), parameters.indexed_terms);
  const bool is_copy = document.relation == Relation::copy;
  return (is_copy ? 12 : 20) * pairs + 12 * terms + (is_copy ? 2 : 4) * features.terms().size();
}

// From what the document holds alone, whatever room its arrays have and whichever story it came to
// belong to: so a restart reckons as was reckoned before, and the same documents are remembered.
// tests/bench/stories holds it against what the allocator says.
std::size_t bytes_of(const Remembered& document, const Parameters& parameters) {
  constexpr std::size_t places = 176;  // by id and by number, and the allocator's heads
  if (document.id.empty()) return sizeof document + places;
  const Features& features = document.features;
  return sizeof document + places + 3 * room_of(document.id) + room_of(document.copy_group) +
         room_of(document.of) + sizeof(DocumentTerm) * features.terms().size() +
         sizeof(Term) * (features.words().size() + features.sentence_ends().size()) +
         sizeof(DocumentTerm) * features.entities().size() +
         sizeof(std::uint32_t) * features.pair_sample().size() + story_share_of(document) +
         index_share_of(document, parameters);
}

std::vector<Term> term_values(std::span<const DocumentTerm> terms) {
  std::vector<Term> values;
  values.reserve(terms.size());
  for (const DocumentTerm& term : terms) values.push_back(term.term);
  return values;
}

// The `most` strongest terms, in no order.
std::vector<DocumentTerm> strongest_terms(std::span<const DocumentTerm> terms, std::size_t most) {
  return strongest(
      terms, most, [](const DocumentTerm& term) { return std::size_t{term.scaled} >> 8; },
      is_stronger);
}

}  // namespace

DocumentTerm weakest_of_strongest(std::span<const DocumentTerm> all, std::size_t most) {
  std::vector<DocumentTerm> terms(all.begin(), all.end());
  most = std::min(most, terms.size());
  if (most == 0) return {};
  const auto last = terms.begin() + static_cast<std::ptrdiff_t>(most - 1);
  std::nth_element(terms.begin(), last, terms.end(), is_stronger);
  return *last;
}

Span time_between(Instant a, Instant b) {
  if (a == Instant{} || b == Instant{}) return Span(0);
  return a < b ? b - a : a - b;
}

StoryMemory::StoryMemory(StoryLimits limits, const Parameters& parameters)
    : limits_(limits),
      parameters_(parameters),
      statistics_(parameters),
      by_term_(parameters_.term_postings),
      by_pair_(parameters_.pair_postings),
      times_(1024) {}

const Remembered* StoryMemory::find(const std::string& id) const {
  const std::optional<Number> number = number_of(id);
  return number ? &at(*number) : nullptr;
}

std::optional<Number> StoryMemory::number_of(const std::string& id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

// Of those in `ranked_`; what `taken` holds already stands at its beginning.
void StoryMemory::take_best(Instant time, std::size_t most, std::vector<Near>& taken) {
  const auto first = ranked_.begin() + static_cast<std::ptrdiff_t>(taken.size());
  const auto best = [&] {
    const std::size_t count = std::min(most, ranked_.size());
    const auto last = ranked_.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(first, last, ranked_.end());
    return std::span(first, last);
  };
  const auto is_apart = [&](Touched::Ranked one) {
    const Instant other = times()(Touched::document_of(one));
    return other == nobody || time_between(other, time) > limits_.window;
  };
  // Hardly any is outside the window, and each time asked for is waited for: only those of the best
  // are.
  std::span<const Touched::Ranked> kept = best();
  if (std::any_of(kept.begin(), kept.end(), is_apart)) {
    ranked_.erase(std::remove_if(first, ranked_.end(), is_apart), ranked_.end());
    kept = best();
  }
  taken.reserve(taken.size() + kept.size());
  for (const Touched::Ranked one : kept)
    taken.push_back({Touched::document_of(one), double{Touched::score_of(one)}});
}

void StoryMemory::expect_pairs(std::span<const std::uint32_t> pairs) const {
  for (const std::uint32_t pair : pairs) by_pair_.prefetch(pair);
}

NearDocuments StoryMemory::near(const Features& features, Instant time) {
  std::vector<DocumentTerm> terms = strongest_terms(features.terms(), parameters_.queried_terms);
  std::sort(terms.begin(), terms.end(), is_stronger);
  const std::vector<Term> values = term_values(terms);
  for (const Term term : values) by_term_.prefetch(term);
  const std::vector<DocumentTerm> indexed =
      strongest_terms(features.terms(), parameters_.indexed_terms);
  for (const DocumentTerm& term : indexed) by_term_.prefetch(term.term);
  const auto pair_lists = by_pair_.look_up(features.pair_sample());
  const auto term_lists = by_term_.look_up(values);
  NearDocuments found;
  touched_.make_room(features.pair_sample().size() * parameters_.pair_postings);
  by_pair_.for_each_of(pair_lists, [&](std::size_t, const Posting& posting) {
    touched_.touch(posting.document, 1);
  });
  const double least = features.pair_sample().size() < parameters_.few_pairs ? 1 : 2;
  touched_.take_all(least, ranked_);
  take_best(time, parameters_.copy_candidates, found.by_pairs);
  touched_.make_room(terms.size() * parameters_.term_postings);
  by_term_.for_each_of(term_lists, [&](std::size_t i, const WeighedPosting& posting) {
    touched_.touch(posting.document, terms[i].weight() * posting.weight);
  });
  touched_.take_all(parameters_.event_score_least, ranked_);
  take_best(time, std::min(parameters_.copy_candidates, parameters_.event_candidates),
            found.by_words);
  // For index(), which comes after the comparisons.
  for (const DocumentTerm& term : indexed) by_term_.prefetch_older(term.term);
  return found;
}

void StoryMemory::look_further(Instant time, NearDocuments& found) {
  take_best(time, parameters_.event_candidates, found.by_words);
}

void StoryMemory::prefetch(std::span<const Near> near) const {
  for (const Near& one : near) feeds::prefetch(&at(one.document));
  for (const Near& one : near) {
    const Remembered& document = at(one.document);
    document.features.prefetch();
  }
}

void StoryMemory::index(Number number) {
  const Remembered& document = documents_.back();
  const std::vector<DocumentTerm> terms =
      strongest_terms(document.features.terms(), parameters_.indexed_terms);
  const std::span<const std::uint32_t> sample = document.features.pair_sample();
  const std::span<const std::uint32_t> pairs =
      sample.first(std::min(sample.size(), parameters_.indexed_pairs));
  for (const DocumentTerm& term : terms) by_term_.add(term.term, {number, term.weight()});
  for (const std::uint32_t pair : pairs) by_pair_.add(pair, {number});
}

// Twice the room for numbers.
void StoryMemory::widen() {
  const std::size_t mask = times_.size() - 1;
  std::vector<Instant> times(times_.size() * 2);
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    const Number number = first_ + static_cast<Number>(i);
    times[number & (times.size() - 1)] = times_[number & mask];
  }
  times_ = std::move(times);
}

std::uint32_t StoryMemory::story_number(const std::string& id) {
  const auto [place, is_new] = story_numbers_.try_emplace(id, 0);
  if (!is_new) return place->second;
  if (unused_.empty()) {
    place->second = static_cast<std::uint32_t>(stories_.size());
    stories_.push_back({});
  } else {
    place->second = unused_.back();
    unused_.pop_back();
  }
  stories_[place->second].id = id;
  return place->second;
}

void StoryMemory::merge(std::uint32_t from_number, std::uint32_t into_number) {
  Story& from = stories_[from_number];
  Story& into = stories_[into_number];
  into.profile.add(from.profile);
  for (const Number member : from.members.all()) documents_[member - first_].story = into_number;
  into.members.take(from.members, times());
  story_numbers_.erase(from.id);
  from = {};
  unused_.push_back(from_number);
}

void StoryMemory::leave(std::uint32_t number, Number document) {
  Story& story = stories_[number];
  story.members.remove(document, times());
  if (!story.members.empty()) {
    if (is_gathering_) return;
    if (story.members.is_one()) {
      story.profile.rest_on(at(story.members.front()).features);
    } else {
      story.profile.remove(at(document).features);
    }
    return;
  }
  story_numbers_.erase(story.id);
  story = {};
  unused_.push_back(number);
}

void StoryMemory::count_in(const Remembered& document) {
  statistics_.add(term_values(document.features.terms()));
  if (document.relation == Relation::fresh)
    statistics_.sentences().add(document.features.words(), document.features.sentence_ends());
}

void StoryMemory::split(std::uint32_t from, std::span<const Number> leaving,
                        const std::string& id) {
  const std::uint32_t into = story_number(id);
  for (const Number number : leaving) {
    leave(from, number);
    documents_[number - first_].story = into;
    stories_[into].members.add(number, times());
    stories_[into].profile.add(at(number).features);
  }
}

void StoryMemory::count_out(const Remembered& document) {
  statistics_.remove(term_values(document.features.terms()));
  if (document.relation == Relation::fresh)
    statistics_.sentences().remove(document.features.words(), document.features.sentence_ends());
}

void StoryMemory::add(Remembered document, const std::string& story) {
  const Number number = take_in(std::move(document), story);
  const Remembered& added = documents_.back();
  count_in(added);
  stories_[added.story].profile.add(added.features);
  index(number);
  drop_beyond_limits();
}

// As one of its story, but for its words and pairs.
Number StoryMemory::take_in(Remembered document, const std::string& story) {
  const Number number = first_ + static_cast<Number>(documents_.size());
  const auto [place, is_new] = by_id_.try_emplace(document.id, number);
  if (!is_new) take_place_of(std::exchange(place->second, number));
  if (documents_.size() == times_.size()) widen();
  times_[number & (times_.size() - 1)] = document.time;
  newest_ = std::max(newest_, document.time);
  document.story = story_number(story);
  stories_[document.story].members.add(number, times());
  bytes_ += bytes_of(document, parameters_);
  documents_.push_back(std::move(document));
  return number;
}

// An edit comes instead of it: only its places in the index remain.
void StoryMemory::take_place_of(Number number) {
  Remembered& old = documents_[number - first_];
  if (!is_gathering_) count_out(old);
  leave(old.story, number);
  bytes_ -= bytes_of(old, parameters_);
  times_[number & (times_.size() - 1)] = nobody;
  old.id.clear();
  bytes_ += bytes_of(old, parameters_);
  if (is_gathering_) {
    replaced_.push_back(number);
  } else {
    old.features = {};
  }
}

void StoryMemory::drop_beyond_limits() {
  for (int i = 0; i < most_dropped_at_once && is_full(); ++i) drop_oldest();
}

bool StoryMemory::is_full() const {
  if (documents_.size() > limits_.documents) return true;
  if (bytes_ > limits_.bytes) return documents_.size() > 1;
  if (documents_.size() <= parameters_.kept_beyond_window) return false;
  return documents_.front().id.empty() || newest_ - documents_.front().time > limits_.window;
}

void StoryMemory::drop_oldest() {
  const Remembered& document = documents_.front();
  by_term_.drop_through(first_);
  by_pair_.drop_through(first_);
  if (!document.id.empty()) {
    if (!is_gathering_) count_out(document);
    by_id_.erase(document.id);
    leave(document.story, first_);
  }
  bytes_ -= bytes_of(document, parameters_);
  documents_.pop_front();
  ++first_;
  if (is_gathering_ || first_ % dropped_to_tidy != 0) return;
  by_term_.tidy();
  by_pair_.tidy();
  statistics_.tidy();
}

}  // namespace wirewatch::feeds
