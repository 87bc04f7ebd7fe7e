// Is one text a copy of another? Exact, from the features of both.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "feeds/stories/features.h"
#include "feeds/stories/pair_overlap.h"

namespace wirewatch::feeds {

struct CopyEvidence {
  double similarity = 0;  // 0 … 1
  double strength = 0;    // of several originals, the one with the most is meant
  // Of a rewrite: how many of the shorter text's sentences have their partner in the other.
  std::size_t sentences = 0;
  std::size_t partners = 0;
};

// Compares one text, which must outlive it, with many others.
class CopyCheck {
 public:
  CopyCheck(const Features& features, const TermStatistics& statistics);
  ~CopyCheck();

  // Jaccard resemblance and containment of word pairs (Broder, "On the resemblance and containment
  // of documents", 1997): copies, cut copies, re-headlined copies, copies with noise. Only evidence
  // of more strength than `beaten` is wanted: less may be told or not, whichever takes less time.
  std::optional<CopyEvidence> copied(const Features& other, double beaten = 0);

  // Whether the pairs of both were counted before: then copied() reads no more words of `other`
  // than it takes to see that they are too few.
  bool has_counted(const Features& other) const {
    return features_.pair_count > 0 && other.pair_count > 0;
  }

  // The share of the shorter text that stands in the longer one, damaged words included.
  double covered_with(const Features& other);

  // Sentence by sentence: most of the shorter text's sentences find one in the other that shares
  // most of its weight, in the same order. `cosine` is that of the two.
  std::optional<CopyEvidence> rewritten(const Features& other, double cosine);

 private:
  struct Sentence;
  using SentenceList = std::vector<Sentence>;
  class Concordance;
  struct Aligned;
  static SentenceList sentences_of(const Features& features, const TermStatistics& statistics);
  static double total_weight(const SentenceList& sentences);
  double strength_most(double jaccard) const;
  bool may_beat(const Features& other, double beaten) const;
  double covered_with_counted(const Features& other) const;
  std::size_t shared_least(const Features& other, double beaten) const;
  static Aligned align(const SentenceList& shorter, const SentenceList& longer, double overlap);

  const Features& features_;
  const TermStatistics& statistics_;
  std::optional<PairOverlap> pairs_;
  std::unique_ptr<SentenceList> sentences_;  // each made when it is first asked for
};

}  // namespace wirewatch::feeds
