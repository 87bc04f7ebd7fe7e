// Any bytes → a field map (first line, pointers parted by blanks) and a JSON document: an error or
// items within the limits.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feeds/parse/json_map.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch::feeds;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t line = bytes.find('\n');
  if (line == std::string_view::npos) return 0;
  std::string_view head = bytes.substr(0, line);
  JsonMap map;
  JsonPointers items;
  JsonPointers* const fields[] = {&items,       &map.title,     &map.link,
                                  &map.id,      &map.published, &map.summary,
                                  &map.content, &map.author,    &map.category};
  for (JsonPointers* field : fields) {
    const std::string_view pointer = head.substr(0, head.find(' '));
    head.remove_prefix(std::min(head.size(), pointer.size() + 1));
    if (check_json_pointer(pointer).has_value()) field->emplace_back(pointer);
  }
  if (!items.empty()) map.items = items.front();
  ParseContext context;
  context.url = "https://example.org/api";
  context.limits.items = 50;
  context.limits.text_bytes = 4096;
  const auto parsed = parse_json_map(bytes.substr(line + 1), map, context);
  if (parsed.has_error()) {
    if (parsed.error().text.empty()) std::abort();
    return 0;
  }
  if (parsed->items.size() > context.limits.items) std::abort();
  for (const Item& item : parsed->items) {
    if (item.title.size() > 5 * context.limits.text_bytes) std::abort();
    if (item.link.starts_with("javascript:")) std::abort();
  }
  return 0;
}
