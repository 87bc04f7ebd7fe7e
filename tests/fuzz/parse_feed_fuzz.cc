// Any bytes → an error or items whose text is valid UTF-8, within the limits.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feeds/parse/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch::feeds;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ParseContext context;
  context.url = "https://example.org/feed";
  context.limits.items = 50;
  context.limits.text_bytes = 4096;
  const auto parsed = parse_feed(bytes, context);
  if (parsed.has_error()) {
    if (parsed.error().text.empty()) std::abort();
    return 0;
  }
  if (parsed->items.size() > context.limits.items) std::abort();
  for (const Item& item : parsed->items) {
    // HTML that was plain text grows by its escapes, at most "&amp;" for one byte.
    if (item.content.size() > 5 * context.limits.text_bytes) std::abort();
    if (item.link.starts_with("javascript:")) std::abort();
  }
  if (to_json(*parsed).find('\0') != std::string::npos) std::abort();
  return 0;
}
