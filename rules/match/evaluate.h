// Does a query hold for one document, and where. Everything is a range of word numbers: the whole
// document, a field, the lead, a sentence; a clause inside it sees only what lies in the range.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "feeds/document.h"
#include "rules/match/plan.h"
#include "rules/match/reading.h"
#include "rules/match/rule_set.h"

namespace wirewatch::rules {

// At most this many spans are kept for a rule and document: the first ones in reading order.
inline constexpr std::size_t max_spans = 500;

// A place where a leaf holds.
struct Hit {
  std::uint32_t first = 0;  // word numbers, both included
  std::uint32_t last = 0;
  std::uint32_t mention = no_mention;
  const Leaf* leaf = nullptr;
};

// For one document; keeps references to what it is given.
class Evaluation {
 public:
  Evaluation(const Plans& plans, const Reading& reading, std::span<const feeds::Mention> mentions,
             const Occurrences& occurrences);

  bool holds(PlanId plan) const { return holds(plan, whole()); }
  // Spans and entities of what made `plan` hold; call it only where it does.
  RuleMatch match(PlanId plan) const;
  // `tree` is the tree that `plan` was made of.
  Explained explain(PlanId plan, const Node& tree) const { return explain(plan, tree, whole()); }

 private:
  Extent whole() const { return {0, reading_.own_words()}; }
  Extent limit(Scope field, Extent extent) const;
  Extent sentence_of(std::uint32_t word) const;
  Extent paragraph_of(std::uint32_t word) const;
  std::vector<Extent> units(const PlanNode& same, Extent extent) const;

  bool holds(PlanId plan, Extent extent) const;
  bool part_holds(const PlanNode& node, std::uint32_t part, Extent extent) const {
    return holds(node.first + part, extent);
  }
  std::uint32_t held_parts(const PlanNode& node, Extent extent, std::uint32_t enough) const;
  bool measures(const PlanNode& node) const;
  bool occurs(const PlanNode& node, Extent extent) const;  // of a leaf
  // Where the steps from `at` on can end when they begin at `word`; appended to `out`.
  void add_ends(const Leaf& leaf, std::size_t at, std::uint32_t word, Extent extent,
                std::vector<std::uint32_t>& out) const;
  void add_steps(const Leaf& leaf, Extent extent, bool one, std::vector<Hit>& out) const;
  void add_places(const Leaf& leaf, Extent extent, std::vector<Hit>& out) const;
  std::span<const Occurrence> pattern_places(const Leaf& leaf) const;
  void add_hits(PlanId place, Extent extent, std::vector<Hit>& out) const;
  std::vector<Hit> hits(PlanId place, Extent extent) const;
  // The hits of both sides of NEAR or BEFORE that have a partner; with `one`, at most one pair.
  std::vector<Hit> paired(const PlanNode& node, Extent extent, bool one) const;
  void collect(PlanId plan, Extent extent, std::vector<Hit>& out) const;
  std::size_t held_leaves(PlanId plan, Extent extent) const;
  Extent telling_unit(const PlanNode& same, Extent extent) const;
  Explained explain(PlanId plan, const Node& tree, Extent extent) const;
  std::vector<MatchSpan> spans_of(const std::vector<Hit>& hits) const;

  const Plans& plans_;
  const Reading& reading_;
  std::span<const feeds::Mention> mentions_;
  const Occurrences& occurrences_;
  std::vector<std::uint32_t> sentences_;   // first word of each, ascending
  std::vector<std::uint32_t> paragraphs_;  // likewise
  mutable std::map<const Leaf*, std::vector<Occurrence>> patterns_;  // those looked for so far
};

}  // namespace wirewatch::rules
