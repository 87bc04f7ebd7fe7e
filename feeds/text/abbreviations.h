// After which words a full stop does not end a sentence.
#pragma once

#include <string_view>

namespace wirewatch::feeds {

enum class Shortened {
  none,
  title,         // before a name (Mr., Gen.): its stop never ends a sentence
  abbreviation,  // months, company forms and the like: it does only before a sentence's opener
};
Shortened shortened(std::string_view folded);
// Words that open sentences far more often than they are names: the, he, in, …
bool is_opener(std::string_view folded);

}  // namespace wirewatch::feeds
