// Does a plan hold for one document, and where. Everything is a range of token indices: the whole
// document, a field, the lead, a sentence; a clause inside it sees only what lies in the range.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "feeds/document.h"
#include "rules/match/plan.h"
#include "rules/match/rule_set.h"

namespace wirewatch::rules {

// At most this many spans are kept for a rule and document: the first ones in reading order.
inline constexpr std::size_t max_spans = 500;

// Half-open range of indices into Document::tokens.
struct Extent {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool empty() const { return begin >= end; }
};

// A place where a leaf holds.
struct Hit {
  std::uint32_t first = 0;  // token indices, both included
  std::uint32_t last = 0;
  std::uint32_t mention = no_mention;
  const Plan* leaf = nullptr;
};

// For one document; keeps references to what it is given.
class Evaluation {
 public:
  Evaluation(const feeds::Document& document, std::span<const feeds::Mention> mentions,
             const Occurrences& occurrences);

  bool holds(const Plan& plan) const { return holds(plan, whole()); }
  // Spans and entities of what made `plan` hold; call it only where it does.
  RuleMatch match(const Plan& plan) const;
  Explained explain(const Plan& plan) const { return explain(plan, whole()); }

 private:
  Extent whole() const;
  Extent limit(Scope field, Extent extent) const;
  Extent sentence_of(std::uint32_t token) const;
  Extent paragraph_of(std::uint32_t token) const;
  std::vector<Extent> units(const Plan& same, Extent extent) const;

  bool holds(const Plan& plan, Extent extent) const;
  bool occurs(const Plan& place, Extent extent) const;
  bool phrase_at(const Plan& leaf, std::uint32_t first, Extent extent) const;
  std::vector<Hit> hits(const Plan& place, Extent extent) const;
  void add_hits(const Plan& place, Extent extent, std::vector<Hit>& out) const;
  // The hits of both sides of NEAR or BEFORE that have a partner; with `one`, at most one pair.
  std::vector<Hit> paired(const Plan& plan, Extent extent, bool one) const;
  void collect(const Plan& plan, Extent extent, std::vector<Hit>& out) const;
  std::size_t held_leaves(const Plan& plan, Extent extent) const;
  Extent telling_unit(const Plan& same, Extent extent) const;
  Explained explain(const Plan& plan, Extent extent) const;
  std::vector<MatchSpan> spans_of(std::vector<Hit> hits) const;

  const feeds::Document& document_;
  std::span<const feeds::Mention> mentions_;
  const Occurrences& occurrences_;
  std::vector<std::uint32_t> sentences_;   // first token of each, ascending
  std::vector<std::uint32_t> paragraphs_;  // likewise
};

}  // namespace wirewatch::rules
