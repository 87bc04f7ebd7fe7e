// What an evaluation tells people: the spans of a match, and the tree clause by clause.
#include <algorithm>
#include <tuple>

#include "rules/match/evaluate.h"

namespace wirewatch::rules {

std::vector<MatchSpan> Evaluation::spans_of(const std::vector<Hit>& hits) const {
  std::vector<MatchSpan> spans;
  for (const Hit& hit : hits) {
    if (hit.last >= reading_.own_words()) continue;  // in a field about the document
    const feeds::Token& first = reading_.token(hit.first);
    MatchSpan span{first.field, first.start, reading_.token(hit.last).end, hit.leaf->clause};
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

RuleMatch Evaluation::match(PlanId plan) const {
  std::vector<Hit> found;
  collect(plan, whole(), found);
  RuleMatch match;
  for (const Hit& hit : found) {
    if (hit.mention != no_mention) match.entities.push_back(mentions_[hit.mention].entity);
  }
  std::sort(match.entities.begin(), match.entities.end());
  match.entities.erase(std::unique(match.entities.begin(), match.entities.end()),
                       match.entities.end());
  match.spans = spans_of(found);
  return match;
}

Explained Evaluation::explain(PlanId plan, const Node& tree, Extent extent) const {
  const PlanNode& node = plans_.node(plan);
  Explained explained;
  explained.clause = to_text(tree);
  explained.kind = kind_name(node.kind);
  explained.holds = holds(plan, extent);
  if (is_leaf(node.kind)) {
    explained.spans = spans_of(hits(plan, extent));
    return explained;
  }
  Extent inner = extent;
  if (node.kind == NodeKind::field) inner = limit(node.scope, extent);
  if (node.kind == NodeKind::same) inner = telling_unit(node, extent);
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Node& part = tree.kind == NodeKind::rule ? *tree.named : tree.parts[i];
    explained.parts.push_back(explain(node.first + i, part, inner));
  }
  return explained;
}

}  // namespace wirewatch::rules
