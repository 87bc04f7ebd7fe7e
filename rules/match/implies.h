// Which clauses make which others hold, as far as their form tells.
#pragma once

#include <unordered_map>
#include <vector>

#include "rules/entities/gazetteer.h"
#include "rules/match/word_tokens.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

// What comparing takes, kept from one comparison to the next: a list that thousands of rules name
// is taken apart once. All trees that are compared with one of these live as long as it does.
class Implications {
 public:
  explicit Implications(const Gazetteer& gazetteer) : gazetteer_(gazetteer) {}

  // True only where `b` holds in every document (or part of one) in which `a` holds.
  bool implies(const Node& a, const Node& b);
  // True only where no document (or part of one) can make both hold.
  bool excludes(const Node& a, const Node& b);

 private:
  using Words = std::vector<WordToken>;
  const Words& words_of(const Node& node);
  bool leaf_implies(const Node& a, const Node& b);
  bool values_exclude(const Node& a, const Node& b);

  const Gazetteer& gazetteer_;
  std::unordered_map<const Node*, Words> words_;
};

}  // namespace wirewatch::rules
