#include "rules/match/plan.h"

#include <algorithm>
#include <iterator>

namespace wirewatch::rules {
namespace {

using Anchors = std::optional<std::vector<AtomId>>;

std::uint64_t cost(const std::vector<AtomId>& anchors, const AtomTable& atoms) {
  std::uint64_t sum = 0;
  for (const AtomId atom : anchors) sum += atoms.weight(atom);
  return sum;
}

std::vector<AtomId> united(const std::vector<Plan>& parts) {
  std::vector<AtomId> all;
  for (const Plan& part : parts) {
    all.insert(all.end(), part.anchors->begin(), part.anchors->end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// All parts hold: any one part's anchors will do, the cheapest best.
Anchors cheapest(const std::vector<Plan>& parts, const AtomTable& atoms) {
  const Plan* best = nullptr;
  for (const Plan& part : parts) {
    if (!part.anchors) continue;
    if (best == nullptr || cost(*part.anchors, atoms) < cost(*best->anchors, atoms)) best = &part;
  }
  return best == nullptr ? Anchors() : best->anchors;
}

// At least `number` of the parts hold, so one of any (count - number + 1) of them does.
Anchors of_some(const std::vector<Plan>& parts, std::uint32_t number, const AtomTable& atoms) {
  std::vector<Plan> usable;
  for (const Plan& part : parts) {
    if (!part.anchors) continue;
    Plan& kept = usable.emplace_back();
    kept.anchors = part.anchors;
  }
  const std::size_t needed = parts.size() - number + 1;
  if (usable.size() < needed) return std::nullopt;
  std::stable_sort(usable.begin(), usable.end(), [&](const Plan& a, const Plan& b) {
    return cost(*a.anchors, atoms) < cost(*b.anchors, atoms);
  });
  usable.resize(needed);
  return united(usable);
}

Anchors anchors_of(const Plan& plan, const AtomTable& atoms) {
  switch (plan.kind) {
    case NodeKind::term:
    case NodeKind::phrase:
    case NodeKind::entity: {
      const auto rarest =
          std::min_element(plan.atoms.begin(), plan.atoms.end(),
                           [&](AtomId a, AtomId b) { return atoms.weight(a) < atoms.weight(b); });
      return std::vector<AtomId>{*rarest};
    }
    case NodeKind::none:
      return std::nullopt;
    case NodeKind::any:
      return of_some(plan.parts, 1, atoms);
    case NodeKind::some:
      return of_some(plan.parts, plan.number, atoms);
    case NodeKind::all:
    case NodeKind::field:
    case NodeKind::near:
    case NodeKind::before:
    case NodeKind::same:
    case NodeKind::times:
      return cheapest(plan.parts, atoms);
  }
  return std::nullopt;
}

}  // namespace

Plan make_plan(const Node& tree, AtomTable& atoms, const Gazetteer& gazetteer) {
  Plan plan;
  plan.kind = tree.kind;
  plan.scope = tree.scope;
  plan.number = tree.number;
  plan.clause = to_text(tree);
  for (const Word& word : tree.words) {
    for (const WordToken& token : word_tokens(word)) plan.atoms.push_back(atoms.add_word(token));
  }
  if (tree.kind == NodeKind::entity) {
    plan.atoms.push_back(atoms.add_entity(tree.reference, gazetteer));
  }
  for (const Node& part : tree.parts) plan.parts.push_back(make_plan(part, atoms, gazetteer));
  plan.anchors = anchors_of(plan, atoms);
  return plan;
}

}  // namespace wirewatch::rules
