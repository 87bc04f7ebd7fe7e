// What HTML elements do to the layout of text.
#pragma once

#include <cstdint>
#include <string_view>

namespace wirewatch::feeds {

enum class HtmlRole : std::uint8_t {
  unknown,     // not an element of HTML, SVG's and MathML's roots included as inline
  inline_run,  // flows with the text
  block,       // a paragraph of its own
  line,        // a line of its own
  line_break,  // ends a line; two part paragraphs
  cell,        // a blank around it
  hidden,      // its content is not text to read
};

// Case does not matter.
HtmlRole html_role(std::string_view name);

}  // namespace wirewatch::feeds
