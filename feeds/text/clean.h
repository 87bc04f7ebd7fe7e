// The article's own text out of what a page or a feed gives for it.
#pragma once

#include <string>
#include <string_view>

#include "feeds/text/tokenise.h"

namespace wirewatch::feeds {

enum class Repeats { drop, keep };  // paragraphs that stood before

// `text` and `title` as unicode::tidy gives them. Returns the text with one paragraph a line,
// paragraphs that were parted by blank lines still so. Gone are: hard line wraps inside
// paragraphs, page clutter, lines that repeat the title, and (Repeats::drop) paragraphs that stood
// before. Linear time.
std::string clean_text(std::string_view text, std::string_view title,
                       Repeats repeats = Repeats::drop);

// The same where `words` are the title's; the words of what is returned are put behind them.
std::string clean_text(std::string_view text, Words& words, Repeats repeats = Repeats::drop);

}  // namespace wirewatch::feeds
