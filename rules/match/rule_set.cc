#include "rules/match/rule_set.h"

#include "rules/match/compiled.h"
#include "rules/match/compiler.h"
#include "rules/match/evaluate.h"
#include "rules/query/parser.h"

namespace wirewatch::rules {
namespace {

// The tree of a rule that compiled, with those of the rules that it names.
Node resolved_tree(const RuleSet::Compiled& compiled, const std::string& query);

void resolve(const RuleSet::Compiled& compiled, Node& node) {
  for (Node& part : node.parts) resolve(compiled, part);
  if (node.kind != NodeKind::rule) return;
  for (const RuleDef& def : compiled.rules) {
    if (def.name != node.reference) continue;
    node.named = std::make_shared<const Node>(resolved_tree(compiled, def.query));
  }
}

Node resolved_tree(const RuleSet::Compiled& compiled, const std::string& query) {
  Node tree = parse(query).tree.value_or(Node());
  resolve(compiled, tree);
  return tree;
}

}  // namespace

RuleSet::RuleSet() : RuleSet(std::make_shared<Compiled>()) {}
RuleSet::RuleSet(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

RuleSet::Outcome RuleSet::compile(const std::vector<RuleDef>& defs, const Gazetteer& gazetteer) {
  return Compiler(defs, gazetteer).run();
}

const std::vector<RuleDef>& RuleSet::rules() const {
  return compiled_->rules;
}

std::vector<RuleMatch> RuleSet::match(const feeds::Document& document,
                                      std::span<const feeds::Mention> mentions, Span age) const {
  std::vector<RuleMatch> matches;
  if (compiled_->rules.empty()) return matches;
  const Reading reading(document, compiled_->all.fields(), age);
  const Occurrences found = compiled_->all.atoms().find(reading, mentions);
  const std::vector<std::uint32_t> candidates = compiled_->candidates(found);
  if (candidates.empty()) return matches;
  for (const std::uint32_t rule : candidates) compiled_->all.prefetch(compiled_->plans[rule]);
  const Evaluation evaluation(compiled_->all, reading, mentions, found);
  for (const std::uint32_t rule : candidates) {
    if (!evaluation.holds(compiled_->plans[rule])) continue;
    RuleMatch& match = matches.emplace_back(evaluation.match(compiled_->plans[rule]));
    match.rule = rule;
  }
  return matches;
}

Explained RuleSet::explain(std::size_t rule, const feeds::Document& document,
                           std::span<const feeds::Mention> mentions, Span age) const {
  const Reading reading(document, compiled_->all.fields(), age);
  const Occurrences found = compiled_->all.atoms().find(reading, mentions);
  return Evaluation(compiled_->all, reading, mentions, found)
      .explain(compiled_->plans.at(rule),
               resolved_tree(*compiled_, compiled_->rules.at(rule).query));
}

std::string RuleSet::canonical(std::size_t rule) const {
  return to_text(parse(compiled_->rules.at(rule).query).tree.value_or(Node()));
}

std::size_t RuleSet::bytes() const {
  return compiled_->all.bytes() + compiled_->all.atoms().word_index_bytes() +
         compiled_->postings.capacity() * sizeof(Posting) +
         compiled_->posting_starts.capacity() * sizeof(std::uint32_t);
}

}  // namespace wirewatch::rules
