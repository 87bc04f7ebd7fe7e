#include "rules/match/needs.h"

#include <algorithm>
#include <iterator>

namespace wirewatch::rules {
namespace {

void tidy(Need& need) {
  auto& atoms = need.atoms;
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
}

}  // namespace

std::uint64_t cost(const Need& need, const AtomTable& atoms) {
  // Few sources, tags and languages are shared by very many documents.
  constexpr std::uint64_t common_field = 50;
  std::uint64_t sum = 0;
  for (const AtomId atom : need.atoms) sum += atoms.weight(atom);
  return need.about_document ? sum * common_field : sum;
}

std::vector<Need> needs_of_leaf(const Leaf& leaf) {
  std::vector<Need> needs;
  if (leaf.atom != no_atom) needs.push_back({{leaf.atom}, false});
  for (const Step& step : leaf.steps) {
    for (const AtomId atom : step.apart) {
      Need& need = needs.emplace_back();
      need.atoms.push_back(atom);
      if (step.closed != no_atom) need.atoms.push_back(step.closed);
    }
  }
  return needs;
}

void keep_cheapest(std::vector<Need>& needs, const AtomTable& atoms) {
  for (Need& need : needs) tidy(need);
  std::stable_sort(needs.begin(), needs.end(),
                   [&](const Need& a, const Need& b) { return cost(a, atoms) < cost(b, atoms); });
  needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
  if (needs.size() > most_needs) needs.resize(most_needs);
}

std::vector<Need> needs_of_some(const std::vector<std::vector<Need>>& parts, std::size_t number,
                                const AtomTable& atoms) {
  std::vector<Need> all;
  if (number == parts.size()) {
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
  }
  // Of any (count - number + 1) parts one holds: the cheapest need of each, together.
  std::vector<const Need*> cheapest;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    cheapest.push_back(&*std::min_element(
        part.begin(), part.end(),
        [&](const Need& a, const Need& b) { return cost(a, atoms) < cost(b, atoms); }));
  }
  const std::size_t needed = parts.size() - number + 1;
  if (cheapest.size() < needed) return all;
  std::stable_sort(cheapest.begin(), cheapest.end(),
                   [&](const Need* a, const Need* b) { return cost(*a, atoms) < cost(*b, atoms); });
  Need united;
  for (std::size_t i = 0; i < needed; ++i) {
    const Need& one = *cheapest[i];
    united.atoms.insert(united.atoms.end(), one.atoms.begin(), one.atoms.end());
    united.about_document = united.about_document || one.about_document;
  }
  tidy(united);
  all.push_back(std::move(united));
  return all;
}

}  // namespace wirewatch::rules
