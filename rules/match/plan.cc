#include "rules/match/plan.h"

#include <algorithm>

#include "rules/match/needs.h"

namespace wirewatch::rules {
namespace {

// A phrase of plain words in few ways to write it is one test of its own.
constexpr std::size_t most_ways = 8;

bool add_ways(const std::vector<Spellings>& words, std::vector<std::vector<std::string>>& ways) {
  ways.assign(1, {});
  for (const Spellings& word : words) {
    const auto plain = [](const WordToken& token) { return token.match == WordMatch::folded; };
    if (!std::all_of(word.apart.begin(), word.apart.end(), plain)) return false;
    if (word.closed && ways.size() * 2 > most_ways) return false;
    const std::size_t before = ways.size();
    if (word.closed) {
      const auto copy = ways;
      ways.insert(ways.end(), copy.begin(), copy.end());
    }
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (i < before) {
        for (const WordToken& token : word.apart) ways[i].push_back(token.folded);
      } else {
        ways[i].push_back(word.closed->folded);
      }
    }
  }
  return !ways[0].empty();
}

}  // namespace

void Plans::add_words(const Node& tree, Leaf& leaf) {
  std::vector<Spellings> words;
  for (const Word& word : tree.words) {
    words.push_back(spellings(word));
    if (words.back().apart.empty()) words.pop_back();
  }
  std::vector<std::vector<std::string>> ways;
  if (add_ways(words, ways)) {
    leaf.atom = atoms_.add_phrase(ways);
    return;
  }
  if (words.size() == 1 && words[0].apart.size() == 1 && !words[0].closed) {
    leaf.atom = atoms_.add_word(words[0].apart[0]);
    return;
  }
  for (const Spellings& word : words) {
    Step& step = leaf.steps.emplace_back();
    for (const WordToken& token : word.apart) step.apart.push_back(atoms_.add_word(token));
    if (word.closed) step.closed = atoms_.add_word(*word.closed);
  }
}

LeafId Plans::add_leaf(const Node& tree, const Gazetteer& gazetteer) {
  std::string clause = to_text(tree);
  const auto next = static_cast<LeafId>(leaves_.size());
  const auto entry = known_.try_emplace(clause, next);
  if (!entry.second) return entry.first->second;
  Leaf leaf;
  leaf.clause = std::move(clause);
  if (tree.kind == NodeKind::entity) {
    leaf.atom = atoms_.add_entity(tree.reference, gazetteer);
  } else if (tree.kind == NodeKind::pattern) {
    auto pattern = Pattern::compile(tree.reference, tree.ignore_case);
    if (pattern) leaf.pattern = *pattern;  // check() has reported the others
  } else {
    add_words(tree, leaf);
  }
  leaves_.push_back(std::move(leaf));
  return next;
}

PlanId Plans::add(const Node& tree, const Gazetteer& gazetteer, std::vector<Need>* needs) {
  const auto root = static_cast<PlanId>(nodes_.size());
  nodes_.emplace_back();
  std::vector<Need> found;
  fill(root, tree, gazetteer, found);
  if (needs != nullptr) *needs = std::move(found);
  return root;
}

PlanId Plans::add_named(const std::shared_ptr<const Node>& tree, const Gazetteer& gazetteer,
                        std::vector<Need>& needs) {
  auto at = named_.find(tree);
  if (at == named_.end()) {
    Named named;
    named.plan = add(*tree, gazetteer, &named.needs);
    at = named_.emplace(tree, std::move(named)).first;
  }
  needs = at->second.needs;
  return at->second.plan;
}

void Plans::fill(PlanId id, const Node& tree, const Gazetteer& gazetteer,
                 std::vector<Need>& needs) {
  PlanNode node;
  node.kind = tree.kind;
  node.scope = tree.scope;
  node.measure = tree.measure;
  node.comparison = tree.comparison;
  node.number = tree.number;
  if (is_leaf(tree.kind)) {
    node.first = add_leaf(tree, gazetteer);
    node.atom = leaves_[node.first].atom;
    needs = needs_of_leaf(leaves_[node.first]);
    keep_cheapest(needs, atoms_);
    nodes_[id] = node;
    return;
  }
  if (tree.kind == NodeKind::rule) {
    node.first = add_named(tree.named, gazetteer, needs);
    node.count = 1;
    nodes_[id] = node;
    return;
  }
  node.first = static_cast<std::uint32_t>(nodes_.size());
  node.count = static_cast<std::uint32_t>(tree.parts.size());
  nodes_.resize(nodes_.size() + tree.parts.size());
  std::vector<std::vector<Need>> parts(tree.parts.size());
  for (std::size_t i = 0; i < tree.parts.size(); ++i) {
    fill(node.first + static_cast<std::uint32_t>(i), tree.parts[i], gazetteer, parts[i]);
  }
  const bool about_document = tree.kind == NodeKind::field && is_about_document(tree.scope);
  if (about_document) fields_ |= mask_of(tree.scope);
  const bool any = tree.kind == NodeKind::any || tree.kind == NodeKind::some;
  const std::size_t holding = !any ? parts.size() : tree.kind == NodeKind::some ? tree.number : 1;
  if (tree.kind != NodeKind::none) needs = needs_of_some(parts, holding, atoms_);
  for (Need& need : needs) need.about_document = need.about_document || about_document;
  keep_cheapest(needs, atoms_);
  if (tree.kind == NodeKind::same) set_anchors(node, needs);
  nodes_[id] = node;
}

// The cheapest need that is met within the unit itself.
void Plans::set_anchors(PlanNode& same, const std::vector<Need>& needs) {
  for (const Need& need : needs) {
    if (need.about_document) continue;
    same.anchors = static_cast<std::uint32_t>(anchors_.size());
    same.anchor_count = static_cast<std::uint32_t>(need.atoms.size());
    anchors_.insert(anchors_.end(), need.atoms.begin(), need.atoms.end());
    return;
  }
}

void Plans::finish() {
  known_ = {};
  named_.clear();
  atoms_.finish();
  nodes_.shrink_to_fit();
}

std::size_t Plans::bytes() const {
  std::size_t total = nodes_.capacity() * sizeof(PlanNode) + leaves_.capacity() * sizeof(Leaf) +
                      anchors_.capacity() * sizeof(AtomId);
  for (const Leaf& leaf : leaves_) {
    total += leaf.clause.capacity() > 15 ? leaf.clause.capacity() + 1 : 0;
    total += leaf.steps.capacity() * sizeof(Step);
  }
  return total;
}

}  // namespace wirewatch::rules
