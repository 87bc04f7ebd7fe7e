// Any bytes as a web page → a bounded list of http(s) addresses, each once.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "feeds/article/discover.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch::feeds;
  const std::string_view page(reinterpret_cast<const char*>(data), size);
  const auto candidates = discover_feeds(page, {"https://example.org/a/b", ""});
  if (candidates.size() > 56) std::abort();
  std::set<std::string> seen;
  for (const FeedCandidate& candidate : candidates) {
    if (!candidate.url.starts_with("http")) std::abort();
    if (!seen.insert(candidate.url).second) std::abort();
  }
  return 0;
}
