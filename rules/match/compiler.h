// From rules as written to a RuleSet, with everything that is wrong with them.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/match/implies.h"
#include "rules/match/rule_set.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

// Bounds on rules that name rules.
inline constexpr std::size_t max_rule_depth = 16;         // $a names $b names $c …
inline constexpr std::size_t max_resolved_nodes = 20000;  // of one query with all that it names

class Compiler {
 public:
  Compiler(const std::vector<RuleDef>& defs, const Gazetteer& gazetteer);
  RuleSet::Outcome run();

 private:
  enum class State : std::uint8_t { fresh, busy, good, bad };
  struct Entry {
    State state = State::fresh;
    std::size_t depth = 1;
    std::size_t nodes = 0;  // of the tree with those of all rules that it names
    bool is_named = false;  // by another rule
    std::shared_ptr<Node> tree;
    std::vector<Diagnostic> found;
  };

  void settle(std::size_t rule);
  void read(std::size_t rule);
  void resolve(std::size_t rule, Node& node);
  bool report(std::size_t rule, const Node& where, std::string text, std::string hint);
  std::optional<std::size_t> named(std::size_t rule, const Node& node);
  std::vector<std::string> rule_names() const;

  const std::vector<RuleDef>& defs_;
  const Gazetteer& gazetteer_;
  Suggestions suggestions_;
  Implications implications_;
  std::vector<Entry> entries_;  // as defs_
  boost::unordered_flat_map<std::string, std::size_t> by_name_;
  std::vector<std::size_t> path_;  // being settled, each named by the one before
};

// What is wrong with an example, or nothing: `tree` is resolved.
std::vector<Diagnostic> failed_examples(const RuleDef& def, const Node& tree,
                                        const Gazetteer& gazetteer);

}  // namespace wirewatch::rules
