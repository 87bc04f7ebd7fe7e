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

// The words in the order in which text_of() writes them; the first is the anchor (in the last shape
// each is), those after it are frequent.
enum class QueryShape : std::uint8_t {
  both,            // A AND b
  one_of_two,      // A AND (b OR c) AND NOT d
  phrase_or_word,  // ("A b" OR C) AND d
  near,            // (A NEAR/5 b) AND c
  same_sentence,   // SAME(sentence: A AND b~) AND NOT c
  entity,          // @E AND b AND NOT c
  two_of_three,    // 2 OF (A, B, C)
};
inline constexpr unsigned query_shapes = 7;

struct BooleanQuery {
  QueryShape shape = QueryShape::both;
  std::vector<std::string> words;
};

// `entities`: their number; the queries name e0, e1, …
std::vector<BooleanQuery> boolean_queries(std::size_t count, const Vocabulary& vocabulary,
                                          const AnchorSpread& spread, std::size_t entities,
                                          unsigned seed);
std::string text_of(const BooleanQuery& query);
std::vector<rules::RuleDef> rules_of(const std::vector<BooleanQuery>& queries);

// `count` entities e0, e1, … whose names are two neighbouring words of some document.
std::vector<rules::EntityDef> entities_of(const std::vector<feeds::Document>& documents,
                                          std::size_t count, unsigned seed);

}  // namespace wirewatch::bench
