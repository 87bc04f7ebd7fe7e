// After which words a full stop does not end a sentence.
#pragma once

#include <string_view>

namespace wirewatch::feeds {

// A title before a name (Mr., Gen.): its stop never ends a sentence.
bool is_title_word(std::string_view folded);
// Months, company forms and the like: the stop ends a sentence only before a sentence's opener.
bool is_abbreviation(std::string_view folded);
// Words that open sentences far more often than they are names: the, he, in, …
bool is_opener(std::string_view folded);

}  // namespace wirewatch::feeds
