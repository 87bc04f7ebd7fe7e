#include "rules/match/compiler.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/match/check.h"
#include "rules/match/compiled.h"
#include "rules/query/parser.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t max_name_bytes = 200;
constexpr std::size_t most_path = 500;  // longer ones are too deep anyway

bool is_rule_name(const std::string& name) {
  return !name.empty() && name.size() <= max_name_bytes &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& part : node.parts) count += count_nodes(part);
  return count;
}

}  // namespace

Compiler::Compiler(const std::vector<RuleDef>& defs, const Gazetteer& gazetteer)
    : defs_(defs), gazetteer_(gazetteer), implications_(gazetteer), entries_(defs.size()) {
  for (std::size_t i = 0; i < defs.size(); ++i) {
    const std::string& name = defs[i].name;
    Entry& entry = entries_[i];
    if (!is_rule_name(name)) {
      entry.found.push_back({Severity::error, name, 0, 0,
                             fmt::format("'{}' is no name for a rule", name),
                             "letters, digits, '-' and '_'"});
    } else if (!by_name_.emplace(name, i).second) {
      entry.found.push_back({Severity::error, name, 0, 0,
                             fmt::format("there are two rules named '{}'", name),
                             "rename one of them"});
    } else {
      continue;
    }
    entry.state = State::bad;
  }
}

std::vector<std::string> Compiler::rule_names() const {
  std::vector<std::string> names;
  for (const RuleDef& def : defs_) names.push_back(def.name);
  return names;
}

bool Compiler::report(std::size_t rule, const Node& where, std::string text, std::string hint) {
  entries_[rule].found.push_back({Severity::error, defs_[rule].name, where.offset, where.length,
                                  std::move(text), std::move(hint)});
  return false;
}

// The rule that `node` names, settled and good; what is wrong otherwise is reported.
std::optional<std::size_t> Compiler::named(std::size_t rule, const Node& node) {
  if (node.reference.empty()) return std::nullopt;  // reported while reading
  const auto at = by_name_.find(node.reference);
  if (at == by_name_.end()) {
    const std::string near =
        suggestions_.another() ? nearest_name(node.reference, rule_names()) : std::string();
    report(rule, node, fmt::format("there is no rule '${}'", node.reference),
           near.empty() ? "after '$' comes the name of a rule"
                        : fmt::format("did you mean ${}?", near));
    return std::nullopt;
  }
  const std::size_t other = at->second;
  const auto round = std::find(path_.begin(), path_.end(), other);
  if (round != path_.end()) {
    std::string circle;
    for (auto one = round; one != path_.end(); ++one) circle += defs_[*one].name + " → ";
    report(
        rule, node,
        fmt::format("'${}' leads round in a circle: {}{}", node.reference, circle, node.reference),
        "a rule cannot name itself, not through others either");
    return std::nullopt;
  }
  if (path_.size() < most_path) settle(other);
  if (path_.size() >= most_path || entries_[other].depth >= max_rule_depth) {
    report(rule, node, fmt::format("rules name each other more than {} deep here", max_rule_depth),
           "write what the last of them say into one rule");
    return std::nullopt;
  }
  if (entries_[other].state == State::good) return other;
  report(rule, node, fmt::format("the rule '${}' has errors itself", node.reference),
         "mend that rule first");
  return std::nullopt;
}

void Compiler::resolve(std::size_t rule, Node& node) {
  for (Node& part : node.parts) resolve(rule, part);
  if (node.kind != NodeKind::rule) return;
  const auto other = named(rule, node);
  if (!other) return;
  Entry& entry = entries_[rule];
  Entry& target = entries_[*other];
  entry.depth = std::max(entry.depth, target.depth + 1);
  entry.nodes += target.nodes;
  if (entry.nodes > max_resolved_nodes) {
    report(rule, node,
           fmt::format("with the rules that it names this has more than {} clauses",
                       max_resolved_nodes),
           "name fewer rules");
    return;
  }
  target.is_named = true;
  node.named = target.tree;
}

void Compiler::read(std::size_t rule) {
  Entry& entry = entries_[rule];
  Parsed parsed = parse(defs_[rule].query);
  entry.found = std::move(parsed.diagnostics);
  if (!parsed.tree) return;
  entry.tree = std::make_shared<Node>(std::move(*parsed.tree));
  entry.nodes = count_nodes(*entry.tree);
  const bool whole = !has_error(entry.found);
  resolve(rule, *entry.tree);
  for (Diagnostic& diagnostic : check(*entry.tree, gazetteer_, implications_, suggestions_)) {
    // Of a tree with holes only what concerns single words is certain.
    if (whole || diagnostic.severity == Severity::error)
      entry.found.push_back(std::move(diagnostic));
  }
  std::stable_sort(entry.found.begin(), entry.found.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.offset < b.offset; });
}

void Compiler::settle(std::size_t rule) {
  if (entries_[rule].state != State::fresh) return;
  entries_[rule].state = State::busy;
  path_.push_back(rule);
  read(rule);
  path_.pop_back();
  Entry& entry = entries_[rule];
  if (entry.tree && !has_error(entry.found)) {
    for (Diagnostic& failed : failed_examples(defs_[rule], *entry.tree, gazetteer_)) {
      entry.found.push_back(std::move(failed));
    }
  }
  for (Diagnostic& diagnostic : entry.found) diagnostic.subject = defs_[rule].name;
  entry.state = entry.tree && !has_error(entry.found) ? State::good : State::bad;
}

RuleSet::Outcome Compiler::run() {
  RuleSet::Outcome outcome;
  for (std::size_t i = 0; i < defs_.size(); ++i) settle(i);
  auto compiled = std::make_shared<RuleSet::Compiled>();
  std::vector<std::vector<Need>> needs;
  for (std::size_t i = 0; i < defs_.size(); ++i) {
    Entry& entry = entries_[i];
    for (Diagnostic& diagnostic : entry.found) outcome.diagnostics.push_back(std::move(diagnostic));
    if (entry.state == State::bad) {
      const auto& failed = outcome.failed;
      const std::string& name = defs_[i].name;
      if (std::find(failed.begin(), failed.end(), name) == failed.end())
        outcome.failed.push_back(name);
      continue;
    }
    compiled->rules.push_back(defs_[i]);
    Plans& all = compiled->all;
    std::vector<Need>& needed = needs.emplace_back();
    compiled->plans.push_back(entry.is_named ? all.add_named(entry.tree, gazetteer_, needed)
                                             : all.add(*entry.tree, gazetteer_, &needed));
    entry.tree.reset();
  }
  compiled->all.finish();
  compiled->file(needs);
  outcome.set = RuleSet(std::move(compiled));
  return outcome;
}

}  // namespace wirewatch::rules
