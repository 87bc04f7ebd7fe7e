// First pass over a web page: what is left is small, tidy and harmless to parse.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

// What a page may cost. Real pages stay far below; the rest of a larger one is dropped.
struct ScanLimits {
  std::size_t input_bytes = 16U << 20U;
  std::size_t markup_bytes = 4U << 20U;
  std::size_t tags = 100'000;
  std::size_t depth = 300;  // open elements; deeper ones lose their tags, not their text
};

struct ScannedPage {
  // Elements with the attributes that extraction looks at, and text. Gone are scripts, styles,
  // comments, drawings, and the formatting elements (b, i, font, …) whose misnesting makes an HTML
  // parser copy them without end. `style` is reduced to `hidden`.
  std::string markup;
  std::vector<std::string_view> json_ld;  // contents of JSON-LD scripts, inside `page`
};

// `page` is UTF-8. Linear time; the result holds at most `limits` of everything.
ScannedPage scan_page(std::string_view page, const ScanLimits& limits = {});

}  // namespace wirewatch::feeds
