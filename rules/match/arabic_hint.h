// What a clause in Arabic would have found, had it been written with `~`.
#pragma once

#include "rules/match/rule_set.h"

namespace wirewatch::rules {

// Gives each term and phrase of `explained` that does not hold its form with `~` as `hint`, where
// it is Arabic, written without that, and `document` has it so. In whatever part of the document:
// the fields and sentences around the clause are not asked. Compiles a query for each of them, at
// most 100.
void add_arabic_hints(Explained& explained, const feeds::Document& document);

}  // namespace wirewatch::rules
