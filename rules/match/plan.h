// All queries with their words turned into atoms: what is evaluated. Flat, since a set may hold
// hundreds of thousands of them.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "feeds/prefetch.h"
#include "rules/match/atoms.h"
#include "rules/match/pattern.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

using PlanId = std::uint32_t;
using LeafId = std::uint32_t;

// What stands for places in the text, shared by all queries that name it.
struct Leaf {
  std::string clause;       // canonical text
  AtomId atom = no_atom;    // one test, or
  std::vector<Step> steps;  // several, one after the other within a paragraph, or
  std::shared_ptr<const Pattern> pattern;
};

struct PlanNode {
  NodeKind kind = NodeKind::term;
  Scope scope = Scope::text;
  Measure measure = Measure::age;
  Comparison comparison = Comparison::less;
  std::uint32_t number = 0;
  // Leaves: the LeafId; rule: the root of the rule named; else the first of `count` parts, side by
  // side.
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  // SAME: where what is inside holds, one of these atoms occurs (a range of Plans::anchors);
  // none: it can hold without any.
  std::uint32_t anchors = 0;
  std::uint32_t anchor_count = 0;
  AtomId atom = no_atom;  // of a leaf that is one test: then the Leaf need not be looked at
};

// One way to need something: at least one of these atoms occurs.
struct Need {
  std::vector<AtomId> atoms;    // ascending
  bool about_document = false;  // perhaps only in a field about the document: source, lang, …
  bool operator==(const Need&) const = default;
};

class Plans {
 public:
  // Adds a tree that passed check() and whose rules are resolved. Its needs, when asked for, are
  // all of those that were found (a few at most): where the tree holds, each of them is met.
  PlanId add(const Node& tree, const Gazetteer& gazetteer, std::vector<Need>* needs = nullptr);
  // Likewise of a tree that others name: it is added once, however many do.
  PlanId add_named(const std::shared_ptr<const Node>& tree, const Gazetteer& gazetteer,
                   std::vector<Need>& needs);
  void finish();

  const PlanNode& node(PlanId id) const { return nodes_[id]; }
  // That a tree will be walked soon: its first nodes stand side by side.
  void prefetch(PlanId id) const {
    feeds::prefetch(&nodes_[id]);
    feeds::prefetch(reinterpret_cast<const char*>(&nodes_[id]) + 64);
  }
  const Leaf& leaf(LeafId id) const { return leaves_[id]; }
  std::span<const AtomId> anchors(const PlanNode& same) const {
    return std::span(anchors_).subspan(same.anchors, same.anchor_count);
  }
  const AtomTable& atoms() const { return atoms_; }
  FieldMask fields() const { return fields_; }  // that any of the trees asks about
  std::size_t bytes() const;                    // that nodes and leaves take, about

 private:
  void fill(PlanId id, const Node& tree, const Gazetteer& gazetteer, std::vector<Need>& needs);
  void set_anchors(PlanNode& same, const std::vector<Need>& needs);
  LeafId add_leaf(const Node& tree, const Gazetteer& gazetteer);
  void add_words(const Node& tree, Leaf& leaf);

  std::vector<PlanNode> nodes_;
  std::vector<Leaf> leaves_;
  std::vector<AtomId> anchors_;
  AtomTable atoms_;
  FieldMask fields_ = 0;
  struct Named {
    PlanId plan = 0;
    std::vector<Need> needs;
  };
  boost::unordered_flat_map<std::string, LeafId> known_;  // by clause; while adding
  std::map<std::shared_ptr<const Node>, Named> named_;    // likewise
};

}  // namespace wirewatch::rules
