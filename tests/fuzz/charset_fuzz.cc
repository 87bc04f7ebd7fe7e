// Any bytes, their first line taken as the Content-Type → valid UTF-8 without controls.
#include "feeds/parse/charset.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feeds/parse/charset_utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch::feeds;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  const Utf8Text text =
      to_utf8(bytes.substr(std::min(line + 1, bytes.size())), bytes.substr(0, line));
  if (take_census(text.text).bad > 0) std::abort();
  for (const char c : text.text) {
    if (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') std::abort();
  }
  return 0;
}
