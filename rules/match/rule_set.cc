#include "rules/match/rule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "feeds/text/document.h"
#include "rules/match/evaluate.h"
#include "rules/match/plan.h"
#include "rules/query/parser.h"

namespace wirewatch::rules {

struct RuleSet::Compiled {
  std::vector<RuleDef> rules;
  std::vector<Plan> plans;  // one a rule
  AtomTable atoms;
  std::vector<std::vector<std::uint32_t>> anchored;  // by atom: the rules to look at
};

namespace {

constexpr std::size_t max_name_bytes = 200;

bool is_rule_name(const std::string& name) {
  return !name.empty() && name.size() <= max_name_bytes &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

std::vector<std::uint32_t> candidates(const RuleSet::Compiled& compiled, const Occurrences& found) {
  std::vector<std::uint32_t> rules;
  for (const AtomId atom : found.atoms()) {
    if (atom >= compiled.anchored.size()) continue;
    const auto& anchored = compiled.anchored[atom];
    rules.insert(rules.end(), anchored.begin(), anchored.end());
  }
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
  return rules;
}

// The first words of a text, for a message.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 60;
  if (text.size() <= most) return text;
  std::size_t end = text.rfind(' ', most);
  if (end == std::string::npos || end < most / 2) end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

// Which clauses decided: those of an AND that failed, one level down at a time.
void failed_clauses(const Explained& explained, std::vector<std::string>& out) {
  if (explained.holds) return;
  if (explained.kind == "and") {
    for (const Explained& part : explained.parts) failed_clauses(part, out);
  } else {
    out.push_back(explained.clause);
  }
}

feeds::Document example_document(const Example& example) {
  feeds::DocumentInput input;
  input.id = "example";
  input.title = example.title;
  input.text = example.text;
  input.language = example.language;
  input.source = example.source;
  return feeds::make_document(std::move(input));
}

class Compiler {
 public:
  explicit Compiler(const Gazetteer& gazetteer) : gazetteer_(gazetteer) {}

  RuleSet::Outcome run(const std::vector<RuleDef>& defs) {
    std::set<std::string> names;
    std::vector<std::pair<const RuleDef*, Node>> good;
    for (const RuleDef& def : defs) {
      if (!is_rule_name(def.name)) {
        fail(def,
             {Severity::error, def.name, 0, 0, fmt::format("'{}' is no name for a rule", def.name),
              "letters, digits, '-' and '_'"});
      } else if (!names.insert(def.name).second) {
        fail(def, {Severity::error, def.name, 0, 0,
                   fmt::format("there are two rules named '{}'", def.name), "rename one of them"});
      } else if (auto tree = checked_tree(def)) {
        if (passes_examples(def, *tree)) good.emplace_back(&def, std::move(*tree));
      }
    }
    auto compiled = std::make_shared<RuleSet::Compiled>();
    for (const auto& [def, tree] : good) add(*compiled, *def, tree);
    compiled->atoms.finish();
    outcome_.set = RuleSet(std::move(compiled));
    return std::move(outcome_);
  }

 private:
  void fail(const RuleDef& def, Diagnostic diagnostic) {
    outcome_.diagnostics.push_back(std::move(diagnostic));
    auto& failed = outcome_.failed;
    if (std::find(failed.begin(), failed.end(), def.name) == failed.end()) {
      failed.push_back(def.name);
    }
  }

  std::optional<Node> checked_tree(const RuleDef& def) {
    Parsed parsed = parse(def.query);
    std::vector<Diagnostic> found = std::move(parsed.diagnostics);
    if (parsed.tree) {
      const bool whole = !has_error(found);
      for (Diagnostic& diagnostic : check(*parsed.tree, gazetteer_)) {
        // Of a tree with holes only what concerns single words is certain.
        if (whole || diagnostic.severity == Severity::error) found.push_back(std::move(diagnostic));
      }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.offset < b.offset; });
    const bool broken = has_error(found) || !parsed.tree;
    for (Diagnostic& diagnostic : found) {
      diagnostic.subject = def.name;
      if (diagnostic.severity == Severity::error) {
        fail(def, std::move(diagnostic));
      } else {
        outcome_.diagnostics.push_back(std::move(diagnostic));
      }
    }
    return broken ? std::nullopt : std::move(parsed.tree);
  }

  bool passes_examples(const RuleDef& def, const Node& tree) {
    if (def.examples.empty()) return true;
    AtomTable atoms;
    const Plan plan = make_plan(tree, atoms, gazetteer_);
    bool passed = true;
    for (const Example& example : def.examples) {
      const feeds::Document document = example_document(example);
      const auto mentions = gazetteer_.find(document);
      const Occurrences found = atoms.find(document, mentions);
      const Evaluation evaluation(document, mentions, found);
      if (evaluation.holds(plan) == example.must_match) continue;
      passed = false;
      fail(def, example_failure(def, example, evaluation, plan));
    }
    return passed;
  }

  static Diagnostic example_failure(const RuleDef& def, const Example& example,
                                    const Evaluation& evaluation, const Plan& plan) {
    const std::string shown = shortened(example.title.empty() ? example.text : example.title);
    Diagnostic diagnostic;
    diagnostic.subject = def.name;
    if (!example.must_match) {
      diagnostic.text = fmt::format("the example '{}' must not match, but it does", shown);
      std::string clauses;
      for (const MatchSpan& span : evaluation.match(plan).spans) {
        if (clauses.find(span.clause) != std::string::npos) continue;
        clauses += (clauses.empty() ? "" : ", ") + span.clause;
      }
      diagnostic.hint = "it holds by: " + shortened(clauses);
      return diagnostic;
    }
    diagnostic.text = fmt::format("the example '{}' must match, but it does not", shown);
    std::vector<std::string> clauses;
    failed_clauses(evaluation.explain(plan), clauses);
    diagnostic.hint = fmt::format("what does not hold: {}", fmt::join(clauses, "; "));
    return diagnostic;
  }

  void add(RuleSet::Compiled& compiled, const RuleDef& def, const Node& tree) {
    const auto rule = static_cast<std::uint32_t>(compiled.rules.size());
    compiled.rules.push_back(def);
    compiled.plans.push_back(make_plan(tree, compiled.atoms, gazetteer_));
    // check() has made sure that there are anchors.
    for (const AtomId atom : compiled.plans.back().anchors.value()) {
      if (compiled.anchored.size() <= atom) compiled.anchored.resize(atom + 1);
      compiled.anchored[atom].push_back(rule);
    }
  }

  const Gazetteer& gazetteer_;
  RuleSet::Outcome outcome_;
};

}  // namespace

RuleSet::RuleSet() : compiled_(std::make_shared<const Compiled>()) {}
RuleSet::RuleSet(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

RuleSet::Outcome RuleSet::compile(const std::vector<RuleDef>& defs, const Gazetteer& gazetteer) {
  return Compiler(gazetteer).run(defs);
}

const std::vector<RuleDef>& RuleSet::rules() const {
  return compiled_->rules;
}

std::vector<RuleMatch> RuleSet::match(const feeds::Document& document,
                                      std::span<const feeds::Mention> mentions) const {
  const Occurrences found = compiled_->atoms.find(document, mentions);
  const Evaluation evaluation(document, mentions, found);
  std::vector<RuleMatch> matches;
  for (const std::uint32_t rule : candidates(*compiled_, found)) {
    if (!evaluation.holds(compiled_->plans[rule])) continue;
    RuleMatch& match = matches.emplace_back(evaluation.match(compiled_->plans[rule]));
    match.rule = rule;
  }
  return matches;
}

Explained RuleSet::explain(std::size_t rule, const feeds::Document& document,
                           std::span<const feeds::Mention> mentions) const {
  const Occurrences found = compiled_->atoms.find(document, mentions);
  return Evaluation(document, mentions, found).explain(compiled_->plans.at(rule));
}

std::string RuleSet::canonical(std::size_t rule) const {
  return compiled_->plans.at(rule).clause;
}

}  // namespace wirewatch::rules
