// What stories and copies compare of a document.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "feeds/document.h"
#include "feeds/prefetch.h"
#include "feeds/stories/term_statistics.h"

namespace wirewatch::feeds {

// How a word stands in its document.
enum TermFlag : std::uint8_t {
  in_title = 1,
  in_lead = 2,
  is_name = 4,
  is_number = 8,
  is_entity = 16,
};

// A word and what it weighs, in no particular scale.
struct WeightedTerm {
  Term term = 0;
  float weight = 0;
};

// A word of a document: weights of one document are those of a unit vector.
struct DocumentTerm {
  Term term = 0;
  std::uint16_t scaled = 0;  // weight × 65535
  std::uint8_t flags = 0;
  std::uint8_t spare = 0;

  float weight() const { return static_cast<float>(scaled) * (1.0f / 65535.0f); }
};

inline bool stands_in_opening(const DocumentTerm& term) {
  return (term.flags & (in_title | in_lead)) != 0;
}
inline bool is_named(const DocumentTerm& term) {
  return (term.flags & (is_name | is_entity)) != 0;
}

// The primary tag of a language (Document::language). BCP 47 has none of more than eight letters;
// what is longer is cut.
class LanguageTag {
 public:
  LanguageTag() = default;
  explicit LanguageTag(std::string_view tag) {
    std::copy_n(tag.begin(), std::min(tag.size(), letters_.size()), letters_.begin());
  }
  bool empty() const { return letters_[0] == 0; }
  std::string_view view() const {
    const auto end = std::find(letters_.begin(), letters_.end(), '\0');
    return {letters_.data(), static_cast<std::size_t>(end - letters_.begin())};
  }
  bool operator==(const LanguageTag&) const = default;

 private:
  std::array<char, 8> letters_{};
};

// What is gathered of a document.
struct FeatureLists {
  // Distinct terms by value, the strongest Parameters::most_terms of them, as a unit vector.
  std::vector<DocumentTerm> terms;
  // The text's content words in reading order (with the title's when the text is short) and
  // where each of its sentences ends among them.
  std::vector<Term> words;
  std::vector<std::uint32_t> sentence_ends;
  // The entities but countries, by themselves, as a unit vector: what two languages can share.
  std::vector<DocumentTerm> entities;
  LanguageTag language;  // empty when unknown
  // The smallest hashes of neighbouring content words, sorted, once each: those a copy shares with
  // its original are the same ones (bottom-k sketch; Broder, 1997).
  std::vector<std::uint32_t> pair_sample;
};

// The lists of a document as they are remembered, one behind the other in one block: whoever
// compares documents waits for few lines of memory. FeatureLists says what they hold.
class Features {
 public:
  Features() = default;
  explicit Features(const FeatureLists& lists);
  Features(Features&& other) noexcept { swap(other); }
  Features& operator=(Features&& other) noexcept {
    Features(std::move(other)).swap(*this);
    return *this;
  }

  // They stay where they are when the features are moved.
  std::span<const DocumentTerm> terms() const { return list<DocumentTerm>(0, terms_); }
  std::span<const Term> words() const { return list<Term>(words_at(), words_); }
  std::span<const std::uint32_t> sentence_ends() const {
    return list<std::uint32_t>(words_at() + 4 * std::size_t{words_}, sentence_ends_);
  }
  std::span<const std::uint32_t> pair_sample() const {
    return list<std::uint32_t>(words_at() + 4 * (std::size_t{words_} + sentence_ends_), pairs_);
  }
  std::span<const DocumentTerm> entities() const {
    return list<DocumentTerm>(words_at() + 4 * (std::size_t{words_} + sentence_ends_ + pairs_),
                              entities_);
  }
  const LanguageTag& language() const { return language_; }

  // Asks for the memory where terms and words begin; the rest of a list follows by itself once it
  // is read.
  void prefetch() const {
    for (std::size_t line = 0; line < 4; ++line) feeds::prefetch(block_.get() + 64 * line);
    feeds::prefetch(block_.get() + words_at());
  }

  // How many different pairs there are of neighbouring words; 0 until somebody has counted.
  mutable std::uint32_t pair_count = 0;

 private:
  static_assert(sizeof(DocumentTerm) == 8 && alignof(DocumentTerm) == 4 && sizeof(Term) == 4);
  std::size_t words_at() const { return 8 * std::size_t{terms_}; }
  template <typename Entry>
  std::span<const Entry> list(std::size_t at, std::uint32_t count) const {
    return {static_cast<const Entry*>(static_cast<const void*>(block_.get() + at)), count};
  }
  void swap(Features& other) noexcept;

  // How many there are of each.
  std::uint32_t terms_ = 0;
  std::uint32_t words_ = 0;
  std::uint32_t sentence_ends_ = 0;
  std::uint32_t pairs_ = 0;
  std::uint32_t entities_ = 0;
  std::unique_ptr<std::byte[]> block_;
  LanguageTag language_;
};

// The hashes of all neighbouring content words, sorted, once each.
std::vector<std::uint32_t> word_pairs(const std::vector<Term>& words);

// The words in their order and what follows from it, without the weights; the terms of all its
// tokens stay in statistics.room() for the next.
FeatureLists ordered_features(const Document& document, TermStatistics& statistics);
// Adds the weights, by the statistics as it stands; the document is not counted in.
void weigh_features(const Document& document, std::span<const Mention> mentions,
                    TermStatistics& statistics, FeatureLists& lists);
// Both.
Features make_features(const Document& document, std::span<const Mention> mentions,
                       TermStatistics& statistics);

// The cosine of two unit vectors.
double cosine(const Features& a, const Features& b);

// How near two documents are as reports of one event: the cosine, and for two languages, which
// share hardly a word, at least the discounted cosine of their entities if enough are in common.
// `words` is cosine(a, b).
double event_similarity(double words, const Features& a, const Features& b,
                        const Parameters& parameters);

// One in Arabic letters, the other in others; false when either language is unknown.
bool in_other_scripts(const Features& a, const Features& b);

// False for texts in different scripts that share fewer entities than it takes to say anything.
bool comparable(const Features& a, const Features& b, const Parameters& parameters);

// The terms that add most to the cosine as the document writes them, at most `most`; entities
// with an '@' before their id. `token_terms`: the term of each of the document's tokens.
std::vector<std::string> strongest_shared(const Document& document,
                                          std::span<const Mention> mentions,
                                          std::span<const Term> token_terms, const Features& own,
                                          const Features& other, std::size_t most);

}  // namespace wirewatch::feeds
