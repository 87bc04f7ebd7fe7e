// The two lines of a document that show why a rule matched.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "feeds/document.h"
#include "rules/match/rule_set.h"

namespace wirewatch::rules {

struct Passage {
  struct Mark {  // byte range in `text` that matched
    std::uint32_t start = 0;
    std::uint32_t end = 0;
  };
  std::string text;         // one line of plain text; "…" where something was left out
  std::vector<Mark> marks;  // ascending, apart from each other
};

inline constexpr std::size_t passage_bytes = 280;

// The stretch of the text (of the title only where the text is empty) in which most different
// clauses of the match stand, cut between words to at most `most_bytes` bytes with its ellipses.
// Begins with a sentence where one begins near enough. Without a match in the text it is the
// text's beginning, unmarked.
Passage passage_for(const feeds::Document& document, const RuleMatch& match,
                    std::size_t most_bytes = passage_bytes);

}  // namespace wirewatch::rules
