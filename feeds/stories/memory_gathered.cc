// How StoryMemory takes in many documents at once.
#include <algorithm>
#include <span>
#include <utility>

#include "feeds/stories/memory.h"
#include "feeds/stories/parameters.h"

namespace wirewatch::feeds {

void StoryMemory::gather(Remembered document, const std::string& story) {
  is_gathering_ = true;
  has_words_ = has_pairs_ = false;
  take_in(std::move(document), story);
  drop_beyond_limits();
}

void StoryMemory::enter_words() {
  if (std::exchange(has_words_, true)) return;
  for (std::size_t i = 0; i < documents_.size(); ++i)
    if (!documents_[i].id.empty()) count_in(documents_[i]);
  std::vector<DocumentTerm> weakest;  // of those that are entered, as they are asked for twice
  weakest.reserve(documents_.size());
  for (std::size_t i = 0; i < documents_.size(); ++i)
    weakest.push_back(
        weakest_of_strongest(documents_[i].features.terms(), parameters_.indexed_terms));
  by_term_.fill([&](auto take) {
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      const Number number = first_ + static_cast<Number>(i);
      for (const DocumentTerm& term : documents_[i].features.terms())
        if (!is_stronger(weakest[i], term)) take(term.term, WeighedPosting{number, term.weight()});
    }
  });
  ProfileSums sums;
  std::vector<const Features*> members;
  for (std::size_t i = 0; i < stories_.size(); ++i) {
    Story& story = stories_[i];
    members.clear();
    for (const Number number : story.members.all()) members.push_back(&at(number).features);
    if (!members.empty()) story.profile = sums.of(members);
  }
}

void StoryMemory::enter_pairs() {
  if (std::exchange(has_pairs_, true)) return;
  by_pair_.fill([this](auto take) {
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      const Number number = first_ + static_cast<Number>(i);
      const std::span<const std::uint32_t> sample = documents_[i].features.pair_sample();
      const std::size_t most = std::min(sample.size(), parameters_.indexed_pairs);
      for (std::size_t k = 0; k < most; ++k) take(sample[k], Posting{number});
    }
  });
}

void StoryMemory::finish_gathering() {
  if (!is_gathering_) return;
  enter_words();
  enter_pairs();
  for (const Number number : replaced_)
    if (static_cast<std::int32_t>(number - first_) >= 0) documents_[number - first_].features = {};
  replaced_ = {};
  is_gathering_ = false;
}

}  // namespace wirewatch::feeds
