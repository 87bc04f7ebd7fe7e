// Any two byte strings as base and reference: what comes out must be a fixed point.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feeds/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t split = input.find('\0');
  const std::string_view base = input.substr(0, split);
  const std::string_view reference =
      split == std::string_view::npos ? std::string_view() : input.substr(split + 1);
  using namespace wirewatch::feeds;
  for (const auto& url : {resolve_url(base, reference), resolve_url("", base)}) {
    if (!url) continue;
    if (resolve_url("", *url) != url) std::abort();
    if (canonical_url(*url).empty() || host_of(*url).empty()) std::abort();
  }
  canonical_url(input);
  return 0;
}
