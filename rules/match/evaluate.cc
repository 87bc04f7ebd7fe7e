#include "rules/match/evaluate.h"

#include <algorithm>

#include "rules/match/nearness.h"

namespace wirewatch::rules {
namespace {

Extent unit_around(const std::vector<std::uint32_t>& starts, std::uint32_t word,
                   std::uint32_t end) {
  const auto after = std::upper_bound(starts.begin(), starts.end(), word);
  return {*(after - 1), after == starts.end() ? end : *after};
}

Extent overlap(Extent a, Extent b) {
  return {std::max(a.begin, b.begin), std::min(a.end, b.end)};
}

bool earlier(const Hit& a, const Hit& b) {
  return a.first != b.first ? a.first < b.first : a.last < b.last;
}

std::span<const Occurrence>::iterator from(std::span<const Occurrence> found, std::uint32_t word) {
  return std::lower_bound(found.begin(), found.end(), word,
                          [](const Occurrence& o, std::uint32_t i) { return o.first < i; });
}

// Whether one of them lies inside of the extent.
bool is_within(std::span<const Occurrence> found, Extent extent) {
  for (auto at = from(found, extent.begin); at != found.end() && at->first < extent.end; ++at) {
    if (at->last < extent.end) return true;
  }
  return false;
}

}  // namespace

Evaluation::Evaluation(const Plans& plans, const Reading& reading,
                       std::span<const feeds::Mention> mentions, const Occurrences& occurrences)
    : plans_(plans), reading_(reading), mentions_(mentions), occurrences_(occurrences) {
  for (std::uint32_t i = 0; i < reading.size(); ++i) {
    const bool new_paragraph = i == 0 || !reading.runs_on(i - 1);
    if (new_paragraph) paragraphs_.push_back(i);
    if (new_paragraph || reading.token(i).sentence != reading.token(i - 1).sentence) {
      sentences_.push_back(i);
    }
  }
}

Extent Evaluation::limit(Scope field, Extent extent) const {
  const Extent inside = reading_.extent(field);
  return is_about_document(field) ? inside : overlap(extent, inside);
}

Extent Evaluation::sentence_of(std::uint32_t word) const {
  return unit_around(sentences_, word, reading_.size());
}

Extent Evaluation::paragraph_of(std::uint32_t word) const {
  return unit_around(paragraphs_, word, reading_.size());
}

// The sentences or paragraphs in which the inner clause could hold: those with an anchor of it,
// or all where it needs none.
std::vector<Extent> Evaluation::units(const PlanNode& same, Extent extent) const {
  if (same.scope == Scope::title) return {limit(Scope::title, extent)};
  if (extent.empty()) return {};
  const bool sentence = same.scope == Scope::sentence;
  const std::vector<std::uint32_t>& all = sentence ? sentences_ : paragraphs_;
  std::vector<std::uint32_t> starts;
  if (same.anchor_count == 0) {
    const Extent first = sentence ? sentence_of(extent.begin) : paragraph_of(extent.begin);
    const auto begin = std::lower_bound(all.begin(), all.end(), first.begin);
    starts.assign(begin, std::lower_bound(begin, all.end(), extent.end));
  } else {
    for (const AtomId atom : plans_.anchors(same)) {
      for (const Occurrence& at : occurrences_.of(atom)) {
        if (at.first < extent.begin || at.first >= extent.end) continue;
        starts.push_back((sentence ? sentence_of(at.first) : paragraph_of(at.first)).begin);
      }
    }
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  }
  std::vector<Extent> units;
  for (const std::uint32_t start : starts) {
    units.push_back(overlap(extent, unit_around(all, start, reading_.size())));
  }
  return units;
}

void Evaluation::add_ends(const Leaf& leaf, std::size_t at, std::uint32_t word, Extent extent,
                          std::vector<std::uint32_t>& out) const {
  if (at == leaf.steps.size()) return out.push_back(word - 1);
  const Step& step = leaf.steps[at];
  // Several ways lead on only where a hyphen joins words, so this branches rarely and not deep.
  std::vector<std::uint32_t> ends = {word};
  for (const AtomId atom : step.apart) {
    std::vector<std::uint32_t> further;
    for (const std::uint32_t start : ends) {
      const auto found = occurrences_.of(atom);
      for (auto o = from(found, start); o != found.end() && o->first == start; ++o) {
        if (o->last < extent.end) further.push_back(o->last + 1);
      }
    }
    ends = std::move(further);
  }
  if (step.closed != no_atom) {
    const auto found = occurrences_.of(step.closed);
    for (auto o = from(found, word); o != found.end() && o->first == word; ++o) {
      if (o->last < extent.end) ends.push_back(o->last + 1);
    }
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  for (const std::uint32_t end : ends) add_ends(leaf, at + 1, end, extent, out);
}

void Evaluation::add_steps(const Leaf& leaf, Extent extent, bool one, std::vector<Hit>& out) const {
  const Step& first = leaf.steps[0];
  std::vector<std::uint32_t> starts;
  for (const AtomId atom : {first.apart[0], first.closed}) {
    if (atom == no_atom) continue;
    const auto found = occurrences_.of(atom);
    for (auto o = from(found, extent.begin); o != found.end() && o->first < extent.end; ++o) {
      starts.push_back(o->first);
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  std::vector<std::uint32_t> lasts;
  for (const std::uint32_t start : starts) {
    lasts.clear();
    add_ends(leaf, 0, start, overlap(extent, paragraph_of(start)), lasts);
    std::sort(lasts.begin(), lasts.end());
    lasts.erase(std::unique(lasts.begin(), lasts.end()), lasts.end());
    for (const std::uint32_t last : lasts) out.push_back({start, last, no_mention, &leaf});
    if (one && !out.empty()) return;
  }
}

std::span<const Occurrence> Evaluation::pattern_places(const Leaf& leaf) const {
  const auto known = patterns_.find(&leaf);
  if (known != patterns_.end()) return known->second;
  return patterns_[&leaf] = leaf.pattern->find(reading_);
}

void Evaluation::add_places(const Leaf& leaf, Extent extent, std::vector<Hit>& out) const {
  if (extent.empty()) return;
  if (!leaf.steps.empty()) return add_steps(leaf, extent, false, out);
  const auto found = leaf.pattern ? pattern_places(leaf) : occurrences_.of(leaf.atom);
  for (auto at = from(found, extent.begin); at != found.end() && at->first < extent.end; ++at) {
    if (at->last < extent.end) out.push_back({at->first, at->last, at->mention, &leaf});
  }
}

bool Evaluation::occurs(const PlanNode& node, Extent extent) const {
  if (extent.empty()) return false;
  if (node.atom != no_atom) return is_within(occurrences_.of(node.atom), extent);
  const Leaf& leaf = plans_.leaf(node.first);
  if (!leaf.steps.empty()) {
    std::vector<Hit> found;
    add_steps(leaf, extent, true, found);
    return !found.empty();
  }
  return leaf.pattern && is_within(pattern_places(leaf), extent);
}

void Evaluation::add_hits(PlanId place, Extent extent, std::vector<Hit>& out) const {
  const PlanNode& node = plans_.node(place);
  if (is_leaf(node.kind)) return add_places(plans_.leaf(node.first), extent, out);
  for (std::uint32_t i = 0; i < node.count; ++i) add_hits(node.first + i, extent, out);
}

std::vector<Hit> Evaluation::hits(PlanId place, Extent extent) const {
  std::vector<Hit> all;
  add_hits(place, extent, all);
  if (!is_leaf(plans_.node(place).kind)) std::stable_sort(all.begin(), all.end(), earlier);
  return all;
}

std::vector<Hit> Evaluation::paired(const PlanNode& node, Extent extent, bool one) const {
  const std::vector<Hit> left = hits(node.first, extent);
  const std::vector<Hit> right = left.empty() ? std::vector<Hit>() : hits(node.first + 1, extent);
  const bool ordered = node.kind == NodeKind::before;
  const std::uint32_t longest = std::max(longest_of(left), longest_of(right));
  std::vector<Hit> both;
  for (const Hit& hit : left) {
    const Sides sides{!ordered, true};
    if (!has_partner(hit, right, paragraph_of(hit.first), node.number, longest, sides)) continue;
    both.push_back(hit);
    if (one) return both;
  }
  for (const Hit& hit : right) {
    const Sides sides{true, !ordered};
    if (has_partner(hit, left, paragraph_of(hit.first), node.number, longest, sides)) {
      both.push_back(hit);
    }
  }
  return both;
}

bool Evaluation::measures(const PlanNode& node) const {
  const std::int64_t value =
      node.measure == Measure::age ? reading_.age_seconds() : reading_.text_words();
  switch (node.comparison) {
    case Comparison::less:
      return value < node.number;
    case Comparison::at_most:
      return value <= node.number;
    case Comparison::more:
      return value > node.number;
    case Comparison::at_least:
      return value >= node.number;
  }
  return false;
}

// How many parts hold; stops counting at `enough`.
std::uint32_t Evaluation::held_parts(const PlanNode& node, Extent extent,
                                     std::uint32_t enough) const {
  std::uint32_t held = 0;
  for (std::uint32_t i = 0; i < node.count && held < enough; ++i) {
    if (held + (node.count - i) < enough) return held;  // no longer possible
    held += part_holds(node, i, extent) ? 1 : 0;
  }
  return held;
}

bool Evaluation::holds(PlanId plan, Extent extent) const {
  const PlanNode& node = plans_.node(plan);
  switch (node.kind) {
    case NodeKind::term:
    case NodeKind::phrase:
    case NodeKind::entity:
    case NodeKind::pattern:
      return occurs(node, extent);
    case NodeKind::all:
      return held_parts(node, extent, node.count) == node.count;
    case NodeKind::any:
      return held_parts(node, extent, 1) == 1;
    case NodeKind::some:
      return held_parts(node, extent, node.number) == node.number;
    case NodeKind::none:
      return !part_holds(node, 0, extent);
    case NodeKind::rule:
      return part_holds(node, 0, extent);
    case NodeKind::field:
      return part_holds(node, 0, limit(node.scope, extent));
    case NodeKind::measure:
      return measures(node);
    case NodeKind::near:
    case NodeKind::before:
      return !paired(node, extent, true).empty();
    case NodeKind::same: {
      const std::vector<Extent> where = units(node, extent);
      return std::any_of(where.begin(), where.end(),
                         [&](Extent unit) { return part_holds(node, 0, unit); });
    }
    case NodeKind::times: {
      std::vector<Hit> all = hits(node.first, extent);
      const auto end = std::unique(all.begin(), all.end(),
                                   [](const Hit& a, const Hit& b) { return a.first == b.first; });
      return end - all.begin() >= static_cast<std::ptrdiff_t>(node.number);
    }
  }
  return false;
}

void Evaluation::collect(PlanId plan, Extent extent, std::vector<Hit>& out) const {
  const PlanNode& node = plans_.node(plan);
  switch (node.kind) {
    case NodeKind::term:
    case NodeKind::phrase:
    case NodeKind::entity:
    case NodeKind::pattern:
      return add_places(plans_.leaf(node.first), extent, out);
    case NodeKind::none:
    case NodeKind::measure:
      return;
    case NodeKind::all:
    case NodeKind::any:
    case NodeKind::some:
    case NodeKind::rule:
      for (std::uint32_t i = 0; i < node.count; ++i) {
        const bool sure = node.kind == NodeKind::all || node.kind == NodeKind::rule;
        if (sure || part_holds(node, i, extent)) collect(node.first + i, extent, out);
      }
      return;
    case NodeKind::times:
      return add_hits(node.first, extent, out);
    case NodeKind::field:
      return collect(node.first, limit(node.scope, extent), out);
    case NodeKind::near:
    case NodeKind::before:
      for (const Hit& hit : paired(node, extent, false)) out.push_back(hit);
      return;
    case NodeKind::same:
      for (const Extent unit : units(node, extent)) {
        if (part_holds(node, 0, unit)) collect(node.first, unit, out);
      }
      return;
  }
}

std::size_t Evaluation::held_leaves(PlanId plan, Extent extent) const {
  const PlanNode& node = plans_.node(plan);
  if (is_leaf(node.kind)) return occurs(node, extent) ? 1 : 0;
  std::size_t held = 0;
  for (std::uint32_t i = 0; i < node.count; ++i) held += held_leaves(node.first + i, extent);
  return held;
}

// The sentence that explains SAME best: the first in which it holds, else the first of those in
// which most of its words occur.
Extent Evaluation::telling_unit(const PlanNode& same, Extent extent) const {
  for (const Extent unit : units(same, extent)) {
    if (part_holds(same, 0, unit)) return unit;
  }
  if (same.scope == Scope::title) return limit(Scope::title, extent);
  Extent best;
  std::size_t most = 0;
  const auto& starts = same.scope == Scope::sentence ? sentences_ : paragraphs_;
  for (const std::uint32_t start : starts) {
    const Extent unit = overlap(extent, unit_around(starts, start, reading_.size()));
    const std::size_t held = unit.empty() ? 0 : held_leaves(same.first, unit);
    if (held <= most) continue;
    most = held;
    best = unit;
  }
  return best;
}

}  // namespace wirewatch::rules
