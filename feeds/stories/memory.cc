#include "feeds/stories/memory.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "feeds/stories/parameters.h"

namespace wirewatch::feeds {
namespace {

std::vector<Term> term_values(const std::vector<WeightedTerm>& terms) {
  std::vector<Term> values;
  values.reserve(terms.size());
  for (const WeightedTerm& term : terms) values.push_back(term.term);
  return values;
}

// The `most` strongest terms, by weight and then by value.
std::vector<WeightedTerm> strongest(std::vector<WeightedTerm> terms, std::size_t most) {
  const auto stronger = [](const WeightedTerm& a, const WeightedTerm& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
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

StoryMemory::StoryMemory(StoryLimits limits)
    : limits_(limits),
      by_term_(parameters::term_postings),
      by_pair_(parameters::pair_postings),
      scores_(std::bit_ceil(std::size_t{1024})) {}

const Remembered* StoryMemory::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &at(found->second);
}

void StoryMemory::touch(Number number, double score) {
  float& place = scores_[number & (scores_.size() - 1)];
  if (place == 0) touched_.push_back(number);
  place += static_cast<float>(score);
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
  for (const WeightedTerm& term : strongest(features.terms, parameters::queried_terms))
    for (const Posting& posting : by_term_.find(term.term))
      touch(posting.document, double{term.weight} * double{posting.weight});
  return take_touched(time, parameters::event_score_least, parameters::event_candidates);
}

std::vector<Near> StoryMemory::near_by_pairs(const Features& features, Instant time) {
  const std::size_t queried = std::min(features.pairs.size(), parameters::queried_pairs);
  for (std::size_t i = 0; i < queried; ++i)
    for (const Posting& posting : by_pair_.find(features.pairs[i])) touch(posting.document, 1);
  const double least = queried < parameters::few_pairs ? 1 : 2;
  return take_touched(time, least, parameters::copy_candidates);
}

void StoryMemory::index(Number number) {
  Remembered& document = documents_.back();
  for (const WeightedTerm& term : strongest(document.features.terms, parameters::indexed_terms)) {
    by_term_.add(term.term, {number, term.weight});
    document.term_keys.push_back(term.term);
  }
  const auto& pairs = document.features.pairs;
  const std::size_t indexed = std::min(pairs.size(), parameters::indexed_pairs);
  document.pair_keys.assign(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(indexed));
  for (const std::uint32_t pair : document.pair_keys) by_pair_.add(pair, {number, 1});
}

void StoryMemory::add(Remembered document) {
  const auto [place, is_new] = by_id_.try_emplace(document.id, Number{0});
  if (!is_new) {
    Remembered& old = documents_[place->second - first_];
    statistics_.remove(term_values(old.features.terms));
    // Its keys stay: with them the index forgets it when its number is dropped.
    old.id.clear();
    old.features = {};
  }
  const Number number = first_ + static_cast<Number>(documents_.size());
  place->second = number;
  newest_ = std::max(newest_, document.time);
  statistics_.add(term_values(document.features.terms));
  documents_.push_back(std::move(document));
  index(number);
  for (int i = 0; i < 4 && is_full(); ++i) drop_oldest();
  if (documents_.size() > scores_.size()) scores_.assign(scores_.size() * 2, 0);
}

bool StoryMemory::is_full() const {
  if (documents_.size() > limits_.documents) return true;
  if (documents_.size() <= parameters::kept_beyond_window) return false;
  return documents_.front().id.empty() || newest_ - documents_.front().time > limits_.window;
}

void StoryMemory::drop_oldest() {
  const Remembered& document = documents_.front();
  for (const std::uint32_t key : document.term_keys) by_term_.drop(key, first_);
  for (const std::uint32_t key : document.pair_keys) by_pair_.drop(key, first_);
  if (!document.id.empty()) {
    statistics_.remove(term_values(document.features.terms));
    by_id_.erase(document.id);
  }
  documents_.pop_front();
  ++first_;
}

}  // namespace wirewatch::feeds
