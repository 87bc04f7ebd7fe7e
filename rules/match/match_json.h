// What `match` and `explain` print. The shapes are stable: people pipe them.
#pragma once

#include <string>
#include <vector>

#include "feeds/document.h"
#include "rules/match/rule_set.h"

namespace wirewatch::rules {

// One line without its line break:
// {"id","rules":[{"rule","spans":[{"field","start","end","clause"}],"entities":[…]}]}
// `matches` as RuleSet::match gave them. Offsets are UTF-8 bytes into the document's own title or
// text, as the document holds them (cleaned).
std::string match_json(const feeds::Document& document, const RuleSet& rules,
                       const std::vector<RuleMatch>& matches);

// {"clause","kind","holds","spans"?:[…],"parts"?:[…]}, nested like the query.
std::string explain_json(const Explained& explained);

// The tree, one clause a line, indented: "+ " where it holds and "- " where it does not, with the
// words that made a leaf hold. Ends with a line break. Words come from the document as they are:
// whoever prints to a terminal strips control characters, which a Document no longer has.
std::string explain_text(const Explained& explained, const feeds::Document& document);

}  // namespace wirewatch::rules
