#include "feeds/stories/copies.h"

#include <algorithm>

#include "feeds/stories/parameters.h"

namespace wirewatch::feeds {

struct CopyCheck::Sentence {
  std::vector<WeightedTerm> terms;  // by value, once each, weighed by idf
  double weight = 0;
};

// In which sentences each word stands. They have one word at least.
class CopyCheck::Concordance {
 public:
  explicit Concordance(const SentenceList& sentences) {
    for (const Sentence& sentence : sentences) words_ += sentence.terms.size();
    starts_.resize(words_ + 1);
    for (const Sentence& sentence : sentences)
      for (const WeightedTerm& word : sentence.terms) ++starts_[place(word.term) + 1];
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    entries_.resize(words_);
    std::vector<std::uint32_t> next = starts_;
    for (std::uint32_t i = 0; i < sentences.size(); ++i)
      for (const WeightedTerm& word : sentences[i].terms)
        entries_[next[place(word.term)]++] = {word.term, i};
  }

  // Calls take(number of the sentence) for each that holds the word.
  template <typename Take>
  void each_with(Term term, Take take) const {
    const std::size_t at = place(term);
    for (std::uint32_t i = starts_[at]; i < starts_[at + 1]; ++i)
      if (entries_[i].term == term) take(entries_[i].sentence);
  }

 private:
  struct Entry {
    Term term = 0;
    std::uint32_t sentence = 0;
  };
  // Terms are hashes: about one stands at each place.
  std::size_t place(Term term) const { return term * std::uint64_t{words_} >> 32; }

  std::size_t words_ = 0;
  std::vector<std::uint32_t> starts_;  // of each place among the entries, and their end
  std::vector<Entry> entries_;
};

CopyCheck::SentenceList CopyCheck::sentences_of(const Features& features,
                                                const TermStatistics& statistics) {
  const Parameters& parameters = statistics.parameters();
  std::vector<Sentence> sentences;
  for (const Term word : features.words()) statistics.prefetch(word);
  std::uint32_t start = 0;
  for (const std::uint32_t end : features.sentence_ends()) {
    std::vector<Term> words(features.words().begin() + start, features.words().begin() + end);
    start = end;
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    if (words.size() < parameters.sentence_words_least) continue;
    Sentence sentence;
    sentence.terms.reserve(words.size());
    for (const Term word : words) {
      const double weight = statistics.idf(word);
      sentence.terms.push_back({word, static_cast<float>(weight)});
      sentence.weight += weight;
    }
    sentences.push_back(std::move(sentence));
    if (sentences.size() == parameters.sentences_most) break;
  }
  return sentences;
}

double CopyCheck::total_weight(const SentenceList& sentences) {
  double weight = 0;
  for (const Sentence& sentence : sentences) weight += sentence.weight;
  return weight;
}

struct CopyCheck::Aligned {
  double weight = 0;
  std::size_t partners = 0;
};

// The heaviest alignment that keeps the order (dynamic programming over both lists), counting
// only pairs of sentences that share enough.
CopyCheck::Aligned CopyCheck::align(const SentenceList& shorter, const SentenceList& longer,
                                    double overlap) {
  std::vector<Aligned> above(longer.size() + 1);
  std::vector<Aligned> row(longer.size() + 1);
  const Concordance words(longer);
  std::vector<double> shared(longer.size());
  for (const Sentence& sentence : shorter) {
    std::fill(shared.begin(), shared.end(), 0.0);
    for (const WeightedTerm& word : sentence.terms)
      words.each_with(word.term, [&](std::uint32_t j) { shared[j] += double{word.weight}; });
    for (std::size_t j = 0; j < longer.size(); ++j) {
      Aligned best = above[j + 1].weight >= row[j].weight ? above[j + 1] : row[j];
      const double least = std::min(sentence.weight, longer[j].weight);
      if (shared[j] >= overlap * least) {
        const double weight = above[j].weight + least;
        if (weight > best.weight) best = {weight, above[j].partners + 1};
      }
      row[j + 1] = best;
    }
    std::swap(above, row);
  }
  return above.back();
}

CopyCheck::CopyCheck(const Features& features, const TermStatistics& statistics)
    : features_(features), statistics_(statistics) {}
CopyCheck::~CopyCheck() = default;

// All of the shorter one covered, and that share of the pairs of both in common.
double CopyCheck::strength_most(double jaccard) const {
  return 1 + statistics_.parameters().copy_jaccard * jaccard;
}

// Whether `other` may be a copy of more strength than `beaten`, by the number of its pairs alone.
bool CopyCheck::may_beat(const Features& other, double beaten) const {
  if (features_.pair_count == 0 || other.pair_count == 0) return true;
  const auto [fewer, more] = std::minmax(features_.pair_count, other.pair_count);
  return strength_most(static_cast<double>(fewer) / static_cast<double>(more)) > beaten;
}

// With fewer pairs in common the strength is not more than `beaten`.
std::size_t CopyCheck::shared_least(const Features& other, double beaten) const {
  if (beaten <= 1) return 0;
  const double jaccard = (beaten - 1) / statistics_.parameters().copy_jaccard;
  const auto pairs = static_cast<double>(features_.pair_count + other.pair_count);
  // One less for what rounding does.
  const double shared = jaccard / (1 + jaccard) * pairs - 1;
  return shared > 0 ? static_cast<std::size_t>(shared) : 0;
}

std::optional<CopyEvidence> CopyCheck::copied(const Features& other, double beaten) {
  const Parameters& parameters = statistics_.parameters();
  if (!pairs_) pairs_.emplace(features_.words());
  features_.pair_count = static_cast<std::uint32_t>(pairs_->own());
  if (!may_beat(other, beaten)) return std::nullopt;
  PairOverlap::Counts counts{0, other.pair_count};
  if (counts.others > 0) {
    counts.shared = pairs_->shared_with(other.words(), shared_least(other, beaten));
  } else {
    counts = pairs_->with(other.words());
    other.pair_count = static_cast<std::uint32_t>(counts.others);
  }
  const std::size_t least = std::min(pairs_->own(), counts.others);
  if (least < parameters.short_pairs_least) return std::nullopt;
  const auto shared = static_cast<double>(counts.shared);
  const double all = static_cast<double>(pairs_->own() + counts.others) - shared;
  const double jaccard = shared / all;
  const double containment = shared / static_cast<double>(least);
  if (least < parameters.copy_pairs_least) {
    if (jaccard < parameters.short_copy_jaccard) return std::nullopt;
    return CopyEvidence{jaccard, jaccard};
  }
  if (containment < parameters.copy_containment) return std::nullopt;
  if (least < parameters.covered_pairs_least && jaccard < parameters.plain_jaccard &&
      containment < parameters.plain_containment) {
    return std::nullopt;
  }
  if (strength_most(jaccard) <= beaten) return std::nullopt;
  const double strength = covered_with_counted(other) + parameters.copy_jaccard * jaccard;
  if (strength < parameters.copy_strength) return std::nullopt;
  return CopyEvidence{std::max(jaccard, containment), strength};
}

double CopyCheck::covered_with(const Features& other) {
  if (!pairs_) pairs_.emplace(features_.words());
  if (features_.words().size() > other.words().size()) return pairs_->covered(other.words());
  pairs_->shared_with(other.words());
  return pairs_->own_covered();
}

// As covered_with(), of the text whose shared pairs were counted last.
double CopyCheck::covered_with_counted(const Features& other) const {
  return features_.words().size() > other.words().size() ? pairs_->covered(other.words())
                                                         : pairs_->own_covered();
}

std::optional<CopyEvidence> CopyCheck::rewritten(const Features& other, double cosine) {
  const Parameters& parameters = statistics_.parameters();
  if (cosine < parameters.rewrite_cosine) return std::nullopt;
  const std::size_t sentences_most =
      std::min(features_.sentence_ends().size(), other.sentence_ends().size());
  if (sentences_most < parameters.rewrite_sentences_least) return std::nullopt;
  if (sentences_ == nullptr)
    sentences_ = std::make_unique<SentenceList>(sentences_of(features_, statistics_));
  if (sentences_->size() < parameters.rewrite_sentences_least) return std::nullopt;
  const SentenceList others = sentences_of(other, statistics_);
  if (others.size() < parameters.rewrite_sentences_least) return std::nullopt;
  const double own_weight = total_weight(*sentences_);
  const double other_weight = total_weight(others);
  const bool other_is_longer = other_weight >= own_weight;
  const SentenceList& shorter = other_is_longer ? *sentences_ : others;
  const SentenceList& longer = other_is_longer ? others : *sentences_;
  const Aligned aligned = align(shorter, longer, parameters.sentence_overlap);
  const double share = aligned.weight / std::min(own_weight, other_weight);
  if (aligned.partners < parameters.rewrite_sentences_least || share < parameters.rewrite_share)
    return std::nullopt;
  return CopyEvidence{share, share, shorter.size(), aligned.partners};
}

}  // namespace wirewatch::feeds
