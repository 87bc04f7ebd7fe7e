// Inside of RuleSet: all rules as one matcher. Private to rules/match.
#pragma once

#include <vector>

#include "rules/match/needs.h"
#include "rules/match/plan.h"
#include "rules/match/rule_set.h"

namespace wirewatch::rules {

// A rule to look at when an atom occurred, unless `second` (which it needs as well) did not.
struct Posting {
  std::uint32_t rule = 0;
  AtomId second = no_atom;
};

struct RuleSet::Compiled {
  std::vector<RuleDef> rules;
  std::vector<PlanId> plans;  // one a rule
  Plans all;
  std::vector<std::uint64_t> has_postings;    // a bit for each atom: most have none
  std::vector<std::uint32_t> posting_starts;  // by atom, and one more
  std::vector<Posting> postings;
  std::vector<std::uint32_t> always;  // rules that need no word: patterns only

  // Which rules to look at, ascending.
  std::vector<std::uint32_t> candidates(const Occurrences& found) const;
  // Files rule n under the rarest of `needs[n]`; empty ones are looked at always, and those that
  // are only named by others never.
  void file(const std::vector<std::vector<Need>>& needs);
};

}  // namespace wirewatch::rules
