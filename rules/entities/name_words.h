// The words of a text as those of names: which have a capital, and what joins them.
#pragma once

#include <vector>

#include "feeds/document.h"
#include "rules/entities/name_units.h"

namespace wirewatch::rules {

// By token. Refers to `document`, which has to outlive it. Linear.
std::vector<NameWord> name_words_of(const feeds::Document& document);

}  // namespace wirewatch::rules
