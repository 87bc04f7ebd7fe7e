// Any HTML → text that is no longer than its source allows and holds no controls of its own.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feeds/parse/html_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch::feeds;
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  const std::string text = html_to_text(html);
  // The longest that a reference grows: "&nGt;" with 5 bytes becomes 6; line breaks add two.
  if (text.size() > 2 * html.size() + 2) std::abort();
  if (text.find("\n\n\n") != std::string::npos) std::abort();
  if (!text.empty() && (text.front() == '\n' || text.back() == '\n')) std::abort();
  if (html_to_line(html).find('\n') != std::string::npos) std::abort();
  return 0;
}
