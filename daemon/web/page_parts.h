// What several pages share. `title` and `text` parameters are raw, `body` is markup.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/polling/feed_health.h"
#include "daemon/store/rows.h"

namespace wirewatch::daemon {

// The whole document around `body`. `refresh_s` 0: the page stays as it is.
std::string page(std::string_view title, std::string_view body, int refresh_s = 0);

// <span class="badge KIND">TEXT</span>; `kind` is one of good, bad, wait, plain.
std::string badge(std::string_view kind, std::string_view text);
std::string severity_badge(std::string_view severity);

// One alert as a list entry: severity, headline, rule, sources with their times.
std::string alert_entry(const AlertRow& alert, Instant now);
// Table rows for feeds, failing and paused ones first, in their order otherwise.
std::string feeds_table(const std::vector<const FeedHealth*>& feeds, Instant now);

}  // namespace wirewatch::daemon
