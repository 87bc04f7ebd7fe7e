// `--since` of the verbs that look back: a span until now, or a date.
#pragma once

#include <string>

#include "feeds/result.h"
#include "feeds/time.h"

namespace wirewatch::daemon {

struct Since {
  Instant from{};
  std::string words;  // "7 days", "the time since 2025-08-29"
};

// "90s", "15m", "24h", "7d", or an ISO 8601 date or instant. Error: what is right.
Result<Since> read_since(const std::string& text);

}  // namespace wirewatch::daemon
