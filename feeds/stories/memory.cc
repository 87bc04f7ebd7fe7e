#include "feeds/stories/memory.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "feeds/stories/parameters.h"

namespace wirewatch::feeds {
namespace {

// In the place of the time of a document that an edit took the place of.
constexpr Instant nobody = Instant::min();

// More than the longest document needs for its place, so that memory stays within its bound.
constexpr int most_dropped_at_once = 32;

template <typename Entry>
std::size_t room_of(const std::vector<Entry>& entries) {
  return entries.capacity() * sizeof(Entry);
}

std::size_t room_of(const std::string& text) {
  return text.capacity() > std::string().capacity() ? text.capacity() + 1 : 0;
}

// With its places by id and by number, its story, and its shares of the index and the statistics:
// most pairs are its own, most words are shared. tests/bench/stories holds it against what the
// allocator says, for titles and for long texts.
std::size_t bytes_of(const Remembered& document) {
  const Features& features = document.features;
  return sizeof document + 3 * room_of(document.id) + room_of(document.copy_group) +
         room_of(document.of) + room_of(features.terms) + room_of(features.words) +
         room_of(features.sentence_ends) + room_of(features.entities) +
         room_of(features.pair_sample) + 750 + 8 * features.terms.size() +
         14 * features.pair_sample.size();
}

std::vector<Term> term_values(const std::vector<DocumentTerm>& terms) {
  std::vector<Term> values;
  values.reserve(terms.size());
  for (const DocumentTerm& term : terms) values.push_back(term.term);
  return values;
}

// The `most` strongest terms, by weight and then by value; in that order when `sorted`.
std::vector<DocumentTerm> strongest(const std::vector<DocumentTerm>& terms, std::size_t most,
                                    bool sorted) {
  const auto stronger = [](const DocumentTerm& a, const DocumentTerm& b) {
    return a.scaled != b.scaled ? a.scaled > b.scaled : a.term < b.term;
  };
  std::vector<DocumentTerm> kept = terms;
  if (most < kept.size()) {
    std::nth_element(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(most), kept.end(),
                     stronger);
    kept.resize(most);
  }
  if (sorted) std::sort(kept.begin(), kept.end(), stronger);
  return kept;
}

}  // namespace

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
      times_(1024),
      scores_(times_.size()) {}

const Remembered* StoryMemory::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &at(found->second);
}

void StoryMemory::make_room_to_touch(std::size_t keys, std::size_t postings) {
  const std::size_t most = keys * postings + 1;
  if (touched_.size() < most) touched_.resize(most);
}

std::vector<Near> StoryMemory::take_touched(Instant time, double least, std::size_t most) {
  near_.clear();
  const std::size_t mask = times_.size() - 1;
  for (const Number number : std::span<const Number>(touched_).first(touched_count_)) {
    const float score = std::exchange(scores_[number & mask], 0.0f);
    if (double{score} < least) continue;
    const Instant other = times_[number & mask];
    if (other != nobody && time_between(other, time) <= limits_.window)
      near_.push_back({number, double{score}});
  }
  touched_count_ = 0;
  const auto kept = static_cast<std::ptrdiff_t>(std::min(most, near_.size()));
  std::partial_sort(near_.begin(), near_.begin() + kept, near_.end(),
                    [](const Near& a, const Near& b) {
                      return a.score != b.score ? a.score > b.score : a.document < b.document;
                    });
  return {near_.begin(), near_.begin() + kept};
}

std::vector<Near> StoryMemory::near_by_words(const Features& features, Instant time) {
  const std::vector<DocumentTerm> terms =
      strongest(features.terms, parameters_.queried_terms, true);
  for (const DocumentTerm& term : terms) by_term_.prefetch(term.term);
  for (const std::uint32_t pair : features.pair_sample) by_pair_.prefetch_older(pair);
  make_room_to_touch(terms.size(), parameters_.term_postings);
  by_term_.for_each_of(term_values(terms), [&](std::size_t i, const WeighedPosting& posting) {
    touch(posting.document, terms[i].weight() * posting.weight);
  });
  return take_touched(time, parameters_.event_score_least, parameters_.event_candidates);
}

void StoryMemory::expect_pairs(std::span<const std::uint32_t> pairs) const {
  for (const std::uint32_t pair : pairs) by_pair_.prefetch(pair);
}

void StoryMemory::expect(const Features& features) const {
  for (const DocumentTerm& term : features.terms) {
    statistics_.prefetch(term.term);
    by_term_.prefetch(term.term);
  }
  expect_pairs(std::span(features.pair_sample)
                   .first(std::min(features.pair_sample.size(), parameters_.indexed_pairs)));
}

std::vector<Near> StoryMemory::near_by_pairs(const Features& features, Instant time) {
  make_room_to_touch(features.pair_sample.size(), parameters_.pair_postings);
  by_pair_.for_each_of(features.pair_sample,
                       [&](std::size_t, const Posting& posting) { touch(posting.document, 1); });
  const double least = features.pair_sample.size() < parameters_.few_pairs ? 1 : 2;
  return take_touched(time, least, parameters_.copy_candidates);
}

void StoryMemory::prefetch(std::span<const Near> near) const {
  for (const Near& one : near) {
    const Remembered& document = at(one.document);
    __builtin_prefetch(&document);
    __builtin_prefetch(&document.features);
  }
  // The rest of a list follows by itself once it is read from its beginning.
  for (const Near& one : near) {
    const Remembered& document = at(one.document);
    const char* const terms = reinterpret_cast<const char*>(document.features.terms.data());
    for (int line = 0; line < 4; ++line) __builtin_prefetch(terms + 64 * line);
    __builtin_prefetch(document.features.words.data());
    __builtin_prefetch(&stories_[document.story]);
  }
}

void StoryMemory::index(Number number) {
  const Remembered& document = documents_.back();
  const std::vector<DocumentTerm> terms =
      strongest(document.features.terms, parameters_.indexed_terms, false);
  const auto& sample = document.features.pair_sample;
  const std::span<const std::uint32_t> pairs(sample.data(),
                                             std::min(sample.size(), parameters_.indexed_pairs));
  for (const DocumentTerm& term : terms) by_term_.prefetch(term.term);
  for (const std::uint32_t pair : pairs) by_pair_.prefetch(pair);
  for (const DocumentTerm& term : terms) by_term_.prefetch_older(term.term);
  for (const std::uint32_t pair : pairs) by_pair_.prefetch_older(pair);
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
  scores_.assign(times_.size(), 0);
}

std::uint32_t StoryMemory::story_number(const std::string& id) {
  const auto [place, is_new] = story_numbers_.try_emplace(id, 0);
  if (!is_new) return place->second;
  if (unused_.empty()) {
    place->second = static_cast<std::uint32_t>(stories_.size());
    stories_.emplace_back();
  } else {
    place->second = unused_.back();
    unused_.pop_back();
  }
  stories_[place->second].id = id;
  return place->second;
}

void StoryMemory::join(Story& story, Number number) {
  const std::size_t before = story.profile.bytes();
  story.profile.add(at(number).features);
  story.members.add(number, times());
  bytes_ += story.profile.bytes() - before;
}

void StoryMemory::merge(std::uint32_t from_number, std::uint32_t into_number) {
  Story& from = stories_[from_number];
  Story& into = stories_[into_number];
  bytes_ -= into.profile.bytes() + from.profile.bytes();
  into.profile.add(from.profile);
  bytes_ += into.profile.bytes();
  for (const Number member : from.members.all()) documents_[member - first_].story = into_number;
  into.members.take(from.members, times());
  story_numbers_.erase(from.id);
  from = {};
  unused_.push_back(from_number);
}

void StoryMemory::leave(std::uint32_t number, Number document) {
  Story& story = stories_[number];
  story.members.remove(document, times());
  bytes_ -= story.profile.bytes();
  if (!story.members.empty()) {
    story.profile.remove(at(document).features);
    bytes_ += story.profile.bytes();
    return;
  }
  story_numbers_.erase(story.id);
  story = {};
  unused_.push_back(number);
}

void StoryMemory::count_out(const Remembered& document) {
  statistics_.remove(term_values(document.features.terms));
  if (document.relation == Relation::fresh)
    statistics_.sentences().remove(document.features.words, document.features.sentence_ends);
}

void StoryMemory::add(Remembered document, const std::string& story) {
  const auto [place, is_new] = by_id_.try_emplace(document.id, Number{0});
  if (!is_new) {
    Remembered& old = documents_[place->second - first_];
    count_out(old);
    leave(old.story, place->second);
    bytes_ -= bytes_of(old);
    times_[place->second & (times_.size() - 1)] = nobody;
    old.id.clear();
    old.features = {};
    bytes_ += bytes_of(old);
  }
  const Number number = first_ + static_cast<Number>(documents_.size());
  place->second = number;
  if (documents_.size() == times_.size()) widen();
  times_[number & (times_.size() - 1)] = document.time;
  newest_ = std::max(newest_, document.time);
  statistics_.add(term_values(document.features.terms));
  if (document.relation == Relation::fresh)
    statistics_.sentences().add(document.features.words, document.features.sentence_ends);
  document.story = story_number(story);
  bytes_ += bytes_of(document);
  documents_.push_back(std::move(document));
  join(stories_[documents_.back().story], number);
  index(number);
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
    count_out(document);
    by_id_.erase(document.id);
    leave(document.story, first_);
  }
  bytes_ -= bytes_of(document);
  documents_.pop_front();
  ++first_;
}

}  // namespace wirewatch::feeds
