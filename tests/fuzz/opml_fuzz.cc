// Any bytes → feeds with http or https URLs, within the bounds, or messages.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch::daemon;
  const SourceFile file("list.opml", std::string(reinterpret_cast<const char*>(data), size));
  Problems problems;
  Draft draft;
  read_opml(file, problems, FeedConfig(), draft);
  for (const FeedDraft& feed : draft.feeds) {
    if (!check_url(feed.config.url).has_value()) std::abort();
    if (feed.config.tags.size() > kMaxTexts) std::abort();
  }
  for (const ConfigMessage& message : problems.take({"list.opml"})) {
    if (message.text.empty()) std::abort();
  }
  return 0;
}
