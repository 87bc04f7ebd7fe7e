#include "rules/match/evaluate.h"

#include <algorithm>
#include <tuple>

namespace wirewatch::rules {
namespace {

Extent unit_around(const std::vector<std::uint32_t>& starts, std::uint32_t token,
                   std::uint32_t end) {
  const auto after = std::upper_bound(starts.begin(), starts.end(), token);
  return {*(after - 1), after == starts.end() ? end : *after};
}

Extent overlap(Extent a, Extent b) {
  return {std::max(a.begin, b.begin), std::min(a.end, b.end)};
}

bool earlier(const Hit& a, const Hit& b) {
  return std::tie(a.first, a.last) < std::tie(b.first, b.last);
}

// Is there a hit of `others` (sorted, the longest `longest` tokens) within `distance` of `hit`,
// inside its paragraph, on a side that counts?
bool has_partner(const Hit& hit, const std::vector<Hit>& others, Extent paragraph,
                 std::uint32_t distance, std::uint32_t longest, bool before, bool after) {
  const std::uint64_t reach = std::uint64_t{distance} + longest;
  const std::uint32_t from = hit.first > reach ? hit.first - static_cast<std::uint32_t>(reach) : 0;
  auto at = std::lower_bound(others.begin(), others.end(), std::max(from, paragraph.begin),
                             [](const Hit& h, std::uint32_t i) { return h.first < i; });
  for (; at != others.end() && at->first < paragraph.end; ++at) {
    if (std::uint64_t{at->first} > std::uint64_t{hit.last} + distance) return false;
    const bool follows = at->first > hit.last;
    const bool precedes = at->last < hit.first;
    if (after && follows && at->first - hit.last <= distance) return true;
    if (before && precedes && hit.first - at->last <= distance) return true;
  }
  return false;
}

std::uint32_t longest_of(const std::vector<Hit>& hits) {
  std::uint32_t longest = 0;
  for (const Hit& hit : hits) longest = std::max(longest, hit.last - hit.first + 1);
  return longest;
}

}  // namespace

Evaluation::Evaluation(const feeds::Document& document, std::span<const feeds::Mention> mentions,
                       const Occurrences& occurrences)
    : document_(document), mentions_(mentions), occurrences_(occurrences) {
  for (std::uint32_t i = 0; i < document.tokens.size(); ++i) {
    const feeds::Token& token = document.tokens[i];
    const feeds::Token& last = document.tokens[i == 0 ? 0 : i - 1];
    const bool new_field = i == 0 || token.field != last.field;
    if (new_field || token.sentence != last.sentence || token.paragraph != last.paragraph) {
      sentences_.push_back(i);
    }
    if (new_field || token.paragraph != last.paragraph) paragraphs_.push_back(i);
  }
}

Extent Evaluation::whole() const {
  return {0, static_cast<std::uint32_t>(document_.tokens.size())};
}

Extent Evaluation::limit(Scope field, Extent extent) const {
  const std::uint32_t title = document_.title_tokens;
  switch (field) {
    case Scope::title:
      return overlap(extent, {0, title});
    case Scope::lead:
      return overlap(extent, {title, title + document_.lead_tokens});
    default:
      return overlap(extent, {title, whole().end});
  }
}

Extent Evaluation::sentence_of(std::uint32_t token) const {
  return unit_around(sentences_, token, whole().end);
}

Extent Evaluation::paragraph_of(std::uint32_t token) const {
  return unit_around(paragraphs_, token, whole().end);
}

// The sentences or paragraphs in which the inner clause could hold: those with an anchor of it,
// or all where it needs none.
std::vector<Extent> Evaluation::units(const Plan& same, Extent extent) const {
  if (same.scope == Scope::title) return {limit(Scope::title, extent)};
  if (extent.empty()) return {};
  const bool sentence = same.scope == Scope::sentence;
  const std::vector<std::uint32_t>& all = sentence ? sentences_ : paragraphs_;
  std::vector<std::uint32_t> starts;
  const auto& anchors = same.parts[0].anchors;
  if (!anchors) {
    const Extent first = sentence ? sentence_of(extent.begin) : paragraph_of(extent.begin);
    const auto from = std::lower_bound(all.begin(), all.end(), first.begin);
    starts.assign(from, std::lower_bound(from, all.end(), extent.end));
  } else {
    for (const AtomId atom : *anchors) {
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
    units.push_back(overlap(extent, unit_around(all, start, whole().end)));
  }
  return units;
}

bool Evaluation::phrase_at(const Plan& leaf, std::uint32_t first, Extent extent) const {
  const auto length = static_cast<std::uint32_t>(leaf.atoms.size());
  const Extent inside = overlap(extent, paragraph_of(first));
  if (inside.end - first < length) return false;
  for (std::uint32_t i = 1; i < length; ++i) {
    const auto found = occurrences_.of(leaf.atoms[i]);
    const auto at =
        std::lower_bound(found.begin(), found.end(), first + i,
                         [](const Occurrence& o, std::uint32_t token) { return o.first < token; });
    if (at == found.end() || at->first != first + i) return false;
  }
  return true;
}

void Evaluation::add_hits(const Plan& place, Extent extent, std::vector<Hit>& out) const {
  for (const Plan& part : place.parts) add_hits(part, extent, out);
  if (!is_leaf(place.kind) || extent.empty()) return;
  const auto found = occurrences_.of(place.atoms[0]);
  auto at =
      std::lower_bound(found.begin(), found.end(), extent.begin,
                       [](const Occurrence& o, std::uint32_t token) { return o.first < token; });
  const auto more = static_cast<std::uint32_t>(place.atoms.size() - 1);
  for (; at != found.end() && at->first < extent.end; ++at) {
    if (at->last >= extent.end || (more > 0 && !phrase_at(place, at->first, extent))) continue;
    out.push_back({at->first, at->last + more, at->mention, &place});
  }
}

std::vector<Hit> Evaluation::hits(const Plan& place, Extent extent) const {
  std::vector<Hit> all;
  add_hits(place, extent, all);
  std::stable_sort(all.begin(), all.end(), earlier);
  return all;
}

bool Evaluation::occurs(const Plan& place, Extent extent) const {
  if (extent.empty()) return false;
  const auto found = occurrences_.of(place.atoms[0]);
  auto at =
      std::lower_bound(found.begin(), found.end(), extent.begin,
                       [](const Occurrence& o, std::uint32_t token) { return o.first < token; });
  for (; at != found.end() && at->first < extent.end; ++at) {
    if (at->last >= extent.end) continue;
    if (place.atoms.size() == 1 || phrase_at(place, at->first, extent)) return true;
  }
  return false;
}

std::vector<Hit> Evaluation::paired(const Plan& plan, Extent extent, bool one) const {
  const std::vector<Hit> left = hits(plan.parts[0], extent);
  const std::vector<Hit> right = left.empty() ? std::vector<Hit>() : hits(plan.parts[1], extent);
  const bool ordered = plan.kind == NodeKind::before;
  const std::uint32_t longest = std::max(longest_of(left), longest_of(right));
  std::vector<Hit> both;
  for (const Hit& hit : left) {
    if (!has_partner(hit, right, paragraph_of(hit.first), plan.number, longest, !ordered, true)) {
      continue;
    }
    both.push_back(hit);
    if (one) return both;
  }
  for (const Hit& hit : right) {
    if (has_partner(hit, left, paragraph_of(hit.first), plan.number, longest, true, !ordered)) {
      both.push_back(hit);
    }
  }
  return both;
}

bool Evaluation::holds(const Plan& plan, Extent extent) const {
  const auto part_holds = [&](const Plan& part) { return holds(part, extent); };
  switch (plan.kind) {
    case NodeKind::term:
    case NodeKind::phrase:
    case NodeKind::entity:
      return occurs(plan, extent);
    case NodeKind::all:
      return std::all_of(plan.parts.begin(), plan.parts.end(), part_holds);
    case NodeKind::any:
      return std::any_of(plan.parts.begin(), plan.parts.end(), part_holds);
    case NodeKind::none:
      return !part_holds(plan.parts[0]);
    case NodeKind::field:
      return holds(plan.parts[0], limit(plan.scope, extent));
    case NodeKind::near:
    case NodeKind::before:
      return !paired(plan, extent, true).empty();
    case NodeKind::same: {
      const std::vector<Extent> where = units(plan, extent);
      return std::any_of(where.begin(), where.end(),
                         [&](Extent unit) { return holds(plan.parts[0], unit); });
    }
    case NodeKind::times: {
      std::vector<Hit> all = hits(plan.parts[0], extent);
      const auto end = std::unique(all.begin(), all.end(),
                                   [](const Hit& a, const Hit& b) { return a.first == b.first; });
      return end - all.begin() >= static_cast<std::ptrdiff_t>(plan.number);
    }
    case NodeKind::some:
      return std::count_if(plan.parts.begin(), plan.parts.end(), part_holds) >=
             static_cast<std::ptrdiff_t>(plan.number);
  }
  return false;
}

void Evaluation::collect(const Plan& plan, Extent extent, std::vector<Hit>& out) const {
  switch (plan.kind) {
    case NodeKind::term:
    case NodeKind::phrase:
    case NodeKind::entity:
      return add_hits(plan, extent, out);
    case NodeKind::none:
      return;
    case NodeKind::all:
    case NodeKind::any:
    case NodeKind::some:
      for (const Plan& part : plan.parts) {
        if (plan.kind == NodeKind::all || holds(part, extent)) collect(part, extent, out);
      }
      return;
    case NodeKind::times:
      return add_hits(plan.parts[0], extent, out);
    case NodeKind::field:
      return collect(plan.parts[0], limit(plan.scope, extent), out);
    case NodeKind::near:
    case NodeKind::before:
      for (const Hit& hit : paired(plan, extent, false)) out.push_back(hit);
      return;
    case NodeKind::same:
      for (const Extent unit : units(plan, extent)) {
        if (holds(plan.parts[0], unit)) collect(plan.parts[0], unit, out);
      }
      return;
  }
}

std::vector<MatchSpan> Evaluation::spans_of(std::vector<Hit> hits) const {
  std::vector<MatchSpan> spans;
  for (const Hit& hit : hits) {
    const feeds::Token& first = document_.tokens[hit.first];
    MatchSpan span{first.field, first.start, document_.tokens[hit.last].end, hit.leaf->clause};
    if (hit.mention != no_mention) {
      span.start = mentions_[hit.mention].start;
      span.end = mentions_[hit.mention].end;
    }
    spans.push_back(std::move(span));
  }
  const auto key = [](const MatchSpan& s) { return std::tie(s.field, s.start, s.end, s.clause); };
  std::sort(spans.begin(), spans.end(),
            [&](const MatchSpan& a, const MatchSpan& b) { return key(a) < key(b); });
  spans.erase(std::unique(spans.begin(), spans.end(),
                          [&](const MatchSpan& a, const MatchSpan& b) { return key(a) == key(b); }),
              spans.end());
  if (spans.size() > max_spans) spans.resize(max_spans);
  return spans;
}

RuleMatch Evaluation::match(const Plan& plan) const {
  std::vector<Hit> found;
  collect(plan, whole(), found);
  RuleMatch match;
  for (const Hit& hit : found) {
    if (hit.mention != no_mention) match.entities.push_back(mentions_[hit.mention].entity);
  }
  std::sort(match.entities.begin(), match.entities.end());
  match.entities.erase(std::unique(match.entities.begin(), match.entities.end()),
                       match.entities.end());
  match.spans = spans_of(std::move(found));
  return match;
}

std::size_t Evaluation::held_leaves(const Plan& plan, Extent extent) const {
  if (is_leaf(plan.kind)) return occurs(plan, extent) ? 1 : 0;
  std::size_t held = 0;
  for (const Plan& part : plan.parts) held += held_leaves(part, extent);
  return held;
}

// The sentence that explains SAME best: the first in which it holds, else the first of those in
// which most of its words occur.
Extent Evaluation::telling_unit(const Plan& same, Extent extent) const {
  for (const Extent unit : units(same, extent)) {
    if (holds(same.parts[0], unit)) return unit;
  }
  if (same.scope == Scope::title) return limit(Scope::title, extent);
  Extent best;
  std::size_t most = 0;
  const auto& starts = same.scope == Scope::sentence ? sentences_ : paragraphs_;
  for (const std::uint32_t start : starts) {
    const Extent unit = overlap(extent, unit_around(starts, start, whole().end));
    const std::size_t held = unit.empty() ? 0 : held_leaves(same.parts[0], unit);
    if (held <= most) continue;
    most = held;
    best = unit;
  }
  return best;
}

Explained Evaluation::explain(const Plan& plan, Extent extent) const {
  Explained explained;
  explained.clause = plan.clause;
  explained.kind = kind_name(plan.kind);
  explained.holds = holds(plan, extent);
  if (is_leaf(plan.kind)) {
    explained.spans = spans_of(hits(plan, extent));
    return explained;
  }
  Extent inner = extent;
  if (plan.kind == NodeKind::field) inner = limit(plan.scope, extent);
  if (plan.kind == NodeKind::same) inner = telling_unit(plan, extent);
  for (const Plan& part : plan.parts) explained.parts.push_back(explain(part, inner));
  return explained;
}

}  // namespace wirewatch::rules
