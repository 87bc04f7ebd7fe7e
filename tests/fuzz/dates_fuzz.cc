// Any bytes → no date, or one between the years 1 and 9999.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feeds/parse/dates.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto date = wirewatch::feeds::parse_date(bytes);
  if (!date) return 0;
  if (wirewatch::to_iso8601(*date).size() < 20) std::abort();
  return 0;
}
