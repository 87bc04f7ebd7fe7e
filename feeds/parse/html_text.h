// HTML → plain text that reads well: paragraphs become lines, entities are decoded, scripts go.
#pragma once

#include <string>
#include <string_view>

namespace wirewatch::feeds {

// Paragraphs are parted by "\n\n", list items and line breaks by "\n". Text without markup comes
// back with its white space tidied. Bad nesting is fine. Bounded depth and time.
std::string html_to_text(std::string_view html);

// The same on one line, for titles: what looks like a tag but is no HTML element ("<T>") stays.
std::string html_to_line(std::string_view html);

// Character references decoded as HTML does, some of them without their ';' ("&nbsp", "&#39").
std::string decode_html_references(std::string_view text);

}  // namespace wirewatch::feeds
