// Any bytes under any label: never more than the cap.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feeds/parse/content_coding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kCap = 1U << 20U;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* label : {"", "gzip", "deflate", "br", "zstd", "gzip, br", "br, gzip, deflate"}) {
    const auto body = wirewatch::feeds::decode_content(bytes, label, kCap);
    if (body.has_value() && body->bytes.size() > kCap) std::abort();
  }
  return 0;
}
