// HTML → plain text that reads well: paragraphs become lines, entities are decoded, scripts go.
#pragma once

#include <string>
#include <string_view>

namespace wirewatch::feeds {

// Paragraphs are parted by "\n\n"; list items, table rows, line breaks and the lines of <pre> by
// "\n"; cells by a blank. Items begin with "• " or their number, "2. ". Scripts, styles and what is
// for browsers without scripts (tracking pixels) are gone. Text without markup comes back with its
// white space tidied. Bad nesting is fine. Bounded depth and time.
std::string html_to_text(std::string_view html);

// The same on one line, for titles: what looks like a tag but is no HTML element ("<T>") stays.
std::string html_to_line(std::string_view html);

// Character references decoded as HTML does, some of them without their ';' ("&nbsp", "&#39").
std::string decode_html_references(std::string_view text);

}  // namespace wirewatch::feeds
