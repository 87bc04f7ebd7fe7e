// The lines of a text, tidied.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

struct Line {
  std::uint32_t start = 0;  // bytes of Lines::text
  std::uint32_t end = 0;
  bool blank_before = false;
};

struct Lines {
  std::string text;  // the lines, parted by a line break, or by two where blank ones stood between
  std::vector<Line> lines;  // none is empty
};

// Of valid UTF-8. Blanks at the ends of lines are gone, inner runs of blanks made one; lines of a
// text that is wrapped at a column are put together. Linear time.
Lines lines_of(std::string_view text);

// Whether the last thing in the line is a mark that ends a sentence, or a quotation mark behind it.
bool ends_sentence(std::string_view line);

}  // namespace wirewatch::feeds
