// Phrases that news pages put around their articles, from general knowledge of such pages.
#pragma once

#include <string_view>

namespace wirewatch::feeds {

enum class Clutter {
  none,
  line,     // this line is no part of the article
  heading,  // neither is it, nor are the headline-like lines right behind it
  tail,     // nor is anything behind it
};

// `folded` is a line as folded words with single spaces between them, `words` their number.
Clutter clutter_of(std::string_view folded, std::size_t words);

}  // namespace wirewatch::feeds
