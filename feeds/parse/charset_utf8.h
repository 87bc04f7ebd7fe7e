// Bytes that may be UTF-8: counted, and cleaned of what no text holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wirewatch::feeds {

struct Census {
  std::size_t multibyte = 0;  // valid UTF-8 sequences above ASCII
  std::size_t bad = 0;        // bytes that belong to none
  std::size_t high = 0;       // bytes above ASCII
  std::size_t paired = 0;     // of these, the ones that stand beside another one
};

Census take_census(std::string_view bytes);

bool is_utf8(std::string_view bytes);
// Of valid UTF-8: whether clean() would leave it as it is.
bool holds_no_controls(std::string_view bytes);

// Bad bytes as U+FFFD, NUL and other controls gone. `valid`: `text` is UTF-8, as is_utf8() says.
std::string clean(std::string text, bool valid, bool& had_controls);

}  // namespace wirewatch::feeds
