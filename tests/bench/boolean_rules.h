// Rules and documents from a seeded generator, for figures on large sets of rules.
#pragma once

#include <string>
#include <vector>

#include "feeds/document.h"
#include "rules/match/rule_set.h"

namespace wirewatch::bench {

// How the rules' rarest required words are spread: the share of rules whose anchor stands in so
// many of the documents, as people write rules: most are about something that is rarely in the
// news.
struct AnchorSpread {
  double never = 0.50;   // a name that none of these documents holds
  double rare = 0.45;    // in at most one document in 1,000
  double medium = 0.05;  // in at most one document in 100
};

// `words` of the documents with the number of documents that hold them, most frequent first.
struct Vocabulary {
  std::vector<std::pair<std::string, std::uint32_t>> words;
  std::size_t documents = 0;
};
Vocabulary vocabulary_of(const std::vector<feeds::Document>& documents);

// Shapes: A AND B; A AND (B OR C) AND NOT D; "A B" OR C with D; A NEAR/5 B AND C;
// SAME(sentence: A AND b~) AND NOT D; 2 OF (A, A2, A3); A is the anchor, the others are frequent.
std::vector<rules::RuleDef> boolean_rules(std::size_t count, const Vocabulary& vocabulary,
                                          const AnchorSpread& spread, unsigned seed);

}  // namespace wirewatch::bench
