#include "feeds/stories/copies.h"

#include <algorithm>

#include "feeds/stories/parameters.h"

namespace wirewatch::feeds {
namespace {

std::size_t shared_count(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::size_t shared = 0;
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    const std::uint32_t x = *left;
    const std::uint32_t y = *right;
    shared += x == y ? 1 : 0;
    left += x <= y ? 1 : 0;
    right += y <= x ? 1 : 0;
  }
  return shared;
}

struct Sentence {
  std::vector<WeightedTerm> terms;  // by value, once each, weighed by idf
  double weight = 0;
};

std::vector<Sentence> sentences_of(const Features& features, const TermStatistics& statistics) {
  const Parameters& parameters = statistics.parameters();
  std::vector<Sentence> sentences;
  std::uint32_t start = 0;
  for (const std::uint32_t end : features.sentence_ends) {
    std::vector<Term> words(features.words.begin() + start, features.words.begin() + end);
    start = end;
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    if (words.size() < parameters.sentence_words_least) continue;
    Sentence sentence;
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

double shared_weight(const Sentence& a, const Sentence& b) {
  double shared = 0;
  auto right = b.terms.begin();
  for (const WeightedTerm& left : a.terms) {
    while (right != b.terms.end() && right->term < left.term) ++right;
    if (right == b.terms.end()) break;
    if (right->term == left.term) shared += double{left.weight};
  }
  return shared;
}

double total_weight(const std::vector<Sentence>& sentences) {
  double weight = 0;
  for (const Sentence& sentence : sentences) weight += sentence.weight;
  return weight;
}

struct Aligned {
  double weight = 0;
  std::size_t partners = 0;
};

// The heaviest alignment that keeps the order (dynamic programming over both lists), counting
// only pairs of sentences that share enough.
Aligned align(const std::vector<Sentence>& shorter, const std::vector<Sentence>& longer,
              double overlap) {
  std::vector<Aligned> above(longer.size() + 1);
  std::vector<Aligned> row(longer.size() + 1);
  for (const Sentence& sentence : shorter) {
    for (std::size_t j = 0; j < longer.size(); ++j) {
      Aligned best = above[j + 1].weight >= row[j].weight ? above[j + 1] : row[j];
      const double least = std::min(sentence.weight, longer[j].weight);
      if (shared_weight(sentence, longer[j]) >= overlap * least) {
        const double weight = above[j].weight + least;
        if (weight > best.weight) best = {weight, above[j].partners + 1};
      }
      row[j + 1] = best;
    }
    std::swap(above, row);
  }
  return above.back();
}

}  // namespace

std::optional<CopyEvidence> copied(const Features& a, const Features& b,
                                   const Parameters& parameters) {
  const std::vector<std::uint32_t> pairs = word_pairs(a.words);
  const std::vector<std::uint32_t> others = word_pairs(b.words);
  const std::size_t least = std::min(pairs.size(), others.size());
  if (least < parameters.short_pairs_least) return std::nullopt;
  const auto shared = static_cast<double>(shared_count(pairs, others));
  const double all = static_cast<double>(pairs.size() + others.size()) - shared;
  const double jaccard = shared / all;
  const double containment = shared / static_cast<double>(least);
  if (least < parameters.copy_pairs_least) {
    if (jaccard < parameters.short_copy_jaccard) return std::nullopt;
    return CopyEvidence{jaccard};
  }
  if (jaccard < parameters.copy_jaccard && containment < parameters.copy_containment)
    return std::nullopt;
  return CopyEvidence{std::max(jaccard, containment)};
}

std::optional<CopyEvidence> rewritten(const Features& a, const Features& b, double cosine,
                                      const TermStatistics& statistics) {
  const Parameters& parameters = statistics.parameters();
  if (cosine < parameters.rewrite_cosine) return std::nullopt;
  std::vector<Sentence> shorter = sentences_of(a, statistics);
  std::vector<Sentence> longer = sentences_of(b, statistics);
  if (shorter.size() < parameters.rewrite_sentences_least ||
      longer.size() < parameters.rewrite_sentences_least)
    return std::nullopt;
  if (total_weight(longer) < total_weight(shorter)) std::swap(shorter, longer);
  const Aligned aligned = align(shorter, longer, parameters.sentence_overlap);
  const double share = aligned.weight / total_weight(shorter);
  if (aligned.partners < parameters.rewrite_sentences_least || share < parameters.rewrite_share)
    return std::nullopt;
  return CopyEvidence{share, shorter.size(), aligned.partners};
}

}  // namespace wirewatch::feeds
