// A rule's own examples.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "feeds/text/document.h"
#include "rules/match/compiler.h"
#include "rules/match/evaluate.h"

namespace wirewatch::rules {
namespace {

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
  if (explained.kind == "and" || explained.kind == "rule") {
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
  input.url = example.url;
  input.feed_tags = example.tags;
  return feeds::make_document(std::move(input));
}

Diagnostic failure(const Example& example, const Evaluation& evaluation, PlanId plan,
                   const Node& tree) {
  const std::string shown = shortened(example.title.empty() ? example.text : example.title);
  Diagnostic diagnostic;
  if (!example.must_match) {
    diagnostic.text = fmt::format("the example '{}' must not match, but it does", shown);
    std::vector<std::string> clauses;
    for (const MatchSpan& span : evaluation.match(plan).spans) {
      const bool known = std::find(clauses.begin(), clauses.end(), span.clause) != clauses.end();
      if (!known) clauses.push_back(span.clause);
    }
    if (!clauses.empty()) {
      diagnostic.hint = "it holds by: " + shortened(fmt::format("{}", fmt::join(clauses, ", ")));
    }
    return diagnostic;
  }
  diagnostic.text = fmt::format("the example '{}' must match, but it does not", shown);
  std::vector<std::string> clauses;
  failed_clauses(evaluation.explain(plan, tree), clauses);
  diagnostic.hint = fmt::format("what does not hold: {}", fmt::join(clauses, "; "));
  return diagnostic;
}

}  // namespace

std::vector<Diagnostic> failed_examples(const RuleDef& def, const Node& tree,
                                        const Gazetteer& gazetteer) {
  std::vector<Diagnostic> failed;
  if (def.examples.empty()) return failed;
  Plans plans;
  const PlanId plan = plans.add(tree, gazetteer);
  for (const Example& example : def.examples) {
    const feeds::Document document = example_document(example);
    const auto mentions = gazetteer.find(document);
    const Reading reading(document, plans.fields(), Span{0});
    const Occurrences found = plans.atoms().find(reading, mentions);
    const Evaluation evaluation(plans, reading, mentions, found);
    if (evaluation.holds(plan) == example.must_match) continue;
    failed.push_back(failure(example, evaluation, plan, tree));
  }
  return failed;
}

}  // namespace wirewatch::rules
