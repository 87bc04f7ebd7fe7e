// The words that one written Arabic word may stand for when it is looked for by its stem.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/query/node.h"

namespace wirewatch::rules {

// Folded words; the first is `folded` itself, no two are equal. At least three letters are left of
// each. None but itself for other scripts.

// Of a text's word: without what may be written onto it (wa, fa, bi, ka, li, the article), and
// without the ending of the plural, of which Snowball leaves a letter: "ولزياراتهم" is also "زيار".
std::vector<std::string> arabic_readings_of_text(std::string_view folded);

// Of a query's word. A particle goes only with an article behind it, since a first letter is more
// often the word's own here: كتاب is not ك and تاب.
std::vector<std::string> arabic_readings_of_query(std::string_view folded);

// The first word of the query that is Arabic and has no `~`, so that it is found only where
// nothing is written onto it. None when the query has other forms of it as well, is about
// documents in other languages only, or the letters are those of another language.
const Node* arabic_word_as_written(const Node& tree);

}  // namespace wirewatch::rules
