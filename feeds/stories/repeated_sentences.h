// Sentences that stand at the beginning or the end of texts about different things: teasers,
// notices, sign-offs. They tell nothing about the event.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "feeds/stories/spread_table.h"
#include "feeds/stories/term_counts.h"

namespace wirewatch::feeds {

// The hashes of sentences are those of their content words in order. `ends`: where each sentence
// ends among the words.
std::uint32_t sentence_hash(std::span<const Term> words);

// Whether the sentence is one of the first two or the last four, where such sentences stand.
constexpr bool is_at_the_edge(std::size_t sentence, std::size_t sentences) {
  return sentence < 2 || sentence + 4 >= sentences;
}

class RepeatedSentences {
 public:
  // Counts a text with which a story began in, and out when it is dropped.
  void add(std::span<const Term> words, std::span<const std::uint32_t> ends) {
    change(words, ends, 1);
  }
  void remove(std::span<const Term> words, std::span<const std::uint32_t> ends) {
    change(words, ends, -1);
  }

  // To be called now and then when texts are dropped: sentences of those alone make room.
  void tidy();

  // How many of the stories remembered began with a text that has the sentence at its edge.
  std::uint32_t stories_with(std::uint32_t hash) const;

 private:
  void change(std::span<const Term> words, std::span<const std::uint32_t> ends, int sign);

  SpreadTable<std::uint32_t> counts_;
};

}  // namespace wirewatch::feeds
