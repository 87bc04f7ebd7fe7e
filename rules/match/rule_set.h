// All rules compiled: which of them hold for a document, where, and why the others do not.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/document.h"
#include "rules/diagnostic.h"
#include "rules/entities/gazetteer.h"
#include "rules/match/severity.h"
#include "rules/policy/alert_policy.h"

namespace wirewatch::rules {

// A document a rule must or must not match, run by `check` and at reload.
struct Example {
  std::string title;
  std::string text;
  std::string language;
  std::string source;
  bool must_match = true;
  std::string url{};
  std::vector<std::string> tags{};  // of its feed
};

struct RuleDef {
  std::string name;   // letters, digits, '-', '_'
  std::string query;  // docs/rules.md
  AlertSeverity severity = AlertSeverity::normal;
  std::vector<std::string> receivers;  // names
  UpdatePolicy updates = UpdatePolicy::new_source;
  std::optional<Span> max_age = std::chrono::hours(72);  // nullopt: any age alerts
  AlertPolicy policy;
  std::vector<Example> examples;
  std::vector<std::string> was;  // earlier names whose state this rule carries on
  bool only_named = false;       // a part of other rules ($name): never matches by itself
};

struct MatchSpan {
  feeds::Field field = feeds::Field::text;
  std::uint32_t start = 0;  // UTF-8 byte offsets into the field's own text
  std::uint32_t end = 0;
  std::string clause;  // the canonical text of the leaf that held: `smuggling`, `"border guard"`
};

struct RuleMatch {
  std::size_t rule = 0;  // index into RuleSet::rules()
  std::vector<MatchSpan> spans;
  std::vector<std::string> entities;  // ids that took part, sorted, once each
};

// One node of an explained query.
struct Explained {
  std::string clause;  // canonical text of this node
  std::string kind;    // "and", "or", "not", "term", "phrase", "entity", "field", …
  bool holds = false;
  std::vector<MatchSpan> spans;  // leaves only
  std::vector<Explained> parts;
  std::string hint{};  // the clause as it would be found; empty: see add_arabic_hints()
};

class RuleSet {
 public:
  struct Compiled;
  RuleSet();  // no rules
  explicit RuleSet(std::shared_ptr<const Compiled> compiled);

  struct Outcome;
  // Every rule that compiles and passes its examples is in the set; the others are missing from
  // it and named by the diagnostics (`subject` = rule name; the failed example is quoted).
  static Outcome compile(const std::vector<RuleDef>& defs, const Gazetteer& gazetteer);

  const std::vector<RuleDef>& rules() const;
  // `mentions` as Gazetteer::find gave them for this document. Rules in the order of rules().
  // `age`: how long before it was first seen the document was published, for `age < 2h`.
  std::vector<RuleMatch> match(const feeds::Document& document,
                               std::span<const feeds::Mention> mentions, Span age = {}) const;
  Explained explain(std::size_t rule, const feeds::Document& document,
                    std::span<const feeds::Mention> mentions, Span age = {}) const;
  // The query of a rule in canonical form, for `check --print`.
  std::string canonical(std::size_t rule) const;
  std::size_t bytes() const;  // that the matcher takes beside the rules as written, about

 private:
  std::shared_ptr<const Compiled> compiled_;
};

struct RuleSet::Outcome {
  RuleSet set;
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> failed;  // names of the rules that are not in the set
};

}  // namespace wirewatch::rules
