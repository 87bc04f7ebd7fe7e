#include "feeds/stories/memory.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "feeds/stories/parameters.h"

namespace wirewatch::feeds {
namespace {

std::vector<Term> term_values(const std::vector<DocumentTerm>& terms) {
  std::vector<Term> values;
  values.reserve(terms.size());
  for (const DocumentTerm& term : terms) values.push_back(term.term);
  return values;
}

// The `most` strongest terms, by weight and then by value.
std::vector<DocumentTerm> strongest(std::vector<DocumentTerm> terms, std::size_t most) {
  const auto stronger = [](const DocumentTerm& a, const DocumentTerm& b) {
    return a.scaled != b.scaled ? a.scaled > b.scaled : a.term < b.term;
  };
  const std::size_t kept = std::min(most, terms.size());
  std::partial_sort(terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(kept), terms.end(),
                    stronger);
  terms.resize(kept);
  return terms;
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
      scores_(std::bit_ceil(std::size_t{1024})) {}

const Remembered* StoryMemory::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &at(found->second);
}

void StoryMemory::touch(Number number, float score) {
  float& place = scores_[number & (scores_.size() - 1)];
  if (place == 0) touched_.push_back(number);
  place += score;
}

std::vector<Near> StoryMemory::take_touched(Instant time, double least, std::size_t most) {
  std::vector<Near> near;
  for (const Number number : touched_) {
    const float score = std::exchange(scores_[number & (scores_.size() - 1)], 0.0f);
    if (double{score} < least) continue;
    const Remembered& document = at(number);
    const bool within = time_between(document.time, time) <= limits_.window;
    if (!document.id.empty() && within) near.push_back({number, double{score}});
  }
  touched_.clear();
  const std::size_t kept = std::min(most, near.size());
  std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end(),
                    [](const Near& a, const Near& b) {
                      return a.score != b.score ? a.score > b.score : a.document < b.document;
                    });
  near.resize(kept);
  return near;
}

std::vector<Near> StoryMemory::near_by_words(const Features& features, Instant time) {
  for (const DocumentTerm& term : strongest(features.terms, parameters_.queried_terms))
    by_term_.for_each(term.term,
                      [&](Number number, float weight) { touch(number, term.weight() * weight); });
  return take_touched(time, parameters_.event_score_least, parameters_.event_candidates);
}

std::vector<Near> StoryMemory::near_by_pairs(const Features& features, Instant time) {
  for (const std::uint32_t pair : features.pair_sample)
    by_pair_.for_each(pair, [&](Number number, float) { touch(number, 1); });
  const double least = features.pair_sample.size() < parameters_.few_pairs ? 1 : 2;
  return take_touched(time, least, parameters_.copy_candidates);
}

void StoryMemory::index(Number number) {
  const Remembered& document = documents_.back();
  for (const DocumentTerm& term : strongest(document.features.terms, parameters_.indexed_terms)) {
    by_term_.add(term.term, number, term.weight());
  }
  const auto& pairs = document.features.pair_sample;
  const std::size_t indexed = std::min(pairs.size(), parameters_.indexed_pairs);
  for (std::size_t i = 0; i < indexed; ++i) by_pair_.add(pairs[i], number, 1);
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

void StoryMemory::stretch(Story& story) const {
  story.first = story.last = {};
  for (const Number member : story.members) {
    const Instant time = at(member).time;
    if (time == Instant{}) continue;
    story.first = story.first == Instant{} ? time : std::min(story.first, time);
    story.last = std::max(story.last, time);
  }
}

void StoryMemory::join(Story& story, Number number) {
  const Remembered& document = at(number);
  story.profile.add(document.features);
  story.members.push_back(number);
  if (document.time == Instant{}) return;
  story.first = story.first == Instant{} ? document.time : std::min(story.first, document.time);
  story.last = std::max(story.last, document.time);
}

void StoryMemory::merge(std::uint32_t from_number, std::uint32_t into_number) {
  Story& from = stories_[from_number];
  Story& into = stories_[into_number];
  into.profile.add(from.profile);
  for (const Number member : from.members) documents_[member - first_].story = into_number;
  std::vector<Number> members;
  std::merge(into.members.begin(), into.members.end(), from.members.begin(), from.members.end(),
             std::back_inserter(members));
  into.members = std::move(members);
  stretch(into);
  story_numbers_.erase(from.id);
  from = {};
  unused_.push_back(from_number);
}

void StoryMemory::leave(std::uint32_t number, Number document) {
  Story& story = stories_[number];
  std::erase(story.members, document);
  if (!story.members.empty()) {
    story.profile.remove(at(document).features);
    const Instant time = at(document).time;
    if (time == story.first || time == story.last) stretch(story);
    return;
  }
  story_numbers_.erase(story.id);
  story = {};
  unused_.push_back(number);
}

void StoryMemory::add(Remembered document, const std::string& story) {
  const auto [place, is_new] = by_id_.try_emplace(document.id, Number{0});
  if (!is_new) {
    Remembered& old = documents_[place->second - first_];
    statistics_.remove(term_values(old.features.terms));
    leave(old.story, place->second);
    old.id.clear();
    old.features = {};
  }
  const Number number = first_ + static_cast<Number>(documents_.size());
  place->second = number;
  newest_ = std::max(newest_, document.time);
  statistics_.add(term_values(document.features.terms));
  document.story = story_number(story);
  documents_.push_back(std::move(document));
  join(stories_[documents_.back().story], number);
  index(number);
  for (int i = 0; i < 4 && is_full(); ++i) drop_oldest();
  if (documents_.size() > scores_.size()) scores_.assign(scores_.size() * 2, 0);
}

bool StoryMemory::is_full() const {
  if (documents_.size() > limits_.documents) return true;
  if (documents_.size() <= parameters_.kept_beyond_window) return false;
  return documents_.front().id.empty() || newest_ - documents_.front().time > limits_.window;
}

void StoryMemory::drop_oldest() {
  const Remembered& document = documents_.front();
  by_term_.drop_through(first_);
  by_pair_.drop_through(first_);
  if (!document.id.empty()) {
    statistics_.remove(term_values(document.features.terms));
    by_id_.erase(document.id);
    leave(document.story, first_);
  }
  documents_.pop_front();
  ++first_;
}

}  // namespace wirewatch::feeds
