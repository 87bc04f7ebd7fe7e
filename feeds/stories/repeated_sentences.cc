#include "feeds/stories/repeated_sentences.h"

#include <algorithm>
#include <array>

namespace wirewatch::feeds {

std::uint32_t sentence_hash(std::span<const Term> words) {
  std::uint64_t hash = words.size();
  for (const Term word : words) hash = (hash ^ word) * 0x9E3779B97F4A7C15u + (hash >> 29);
  return static_cast<std::uint32_t>(hash >> 32);
}

namespace {

bool is_dead(std::uint32_t stories) {
  return stories == 0;
}

}  // namespace

void RepeatedSentences::tidy() {
  counts_.tidy(is_dead);
}

void RepeatedSentences::change(std::span<const Term> words, std::span<const std::uint32_t> ends,
                               int sign) {
  std::array<std::uint32_t, 6> seen{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (!is_at_the_edge(i, ends.size())) continue;
    const std::uint32_t begin = i == 0 ? 0 : ends[i - 1];
    const std::uint32_t hash = sentence_hash(words.subspan(begin, ends[i] - begin));
    const auto end = seen.begin() + static_cast<std::ptrdiff_t>(count);
    if (std::find(seen.begin(), end, hash) != end) continue;
    seen[count++] = hash;
    std::uint32_t& stories = counts_.at(hash, is_dead);
    if (sign > 0 || stories > 0) stories += static_cast<std::uint32_t>(sign);
  }
}

std::uint32_t RepeatedSentences::stories_with(std::uint32_t hash) const {
  const std::uint32_t* const found = counts_.find(hash);
  return found == nullptr ? 0 : *found;
}

}  // namespace wirewatch::feeds
