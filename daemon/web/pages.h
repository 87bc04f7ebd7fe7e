// The pages for people: plain HTML5 without script, made from values. Whatever a field holds, it is
// shown as text; see markup.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/control.h"
#include "daemon/store/reader.h"

namespace wirewatch::daemon {

// What stands on the first page, beside what Control tells.
struct StatusFacts {
  DaemonStatus status;
  FeedGlance feeds;
  std::vector<ReceiverHealth> receivers;
  std::vector<std::string> rules;  // names
  StoreCounts counts;
  std::vector<AlertRow> alerts;          // newest first
  std::vector<rules::Silence> silences;  // that hold
};

// Reloads itself every 15 seconds.
std::string status_page(const StatusFacts& facts);
// `rule`: the filter that was asked for, empty for none.
std::string alerts_page(const std::vector<AlertRow>& alerts, const std::string& rule, Instant now);
std::string digest_page(const std::vector<AlertRow>& alerts, Instant now);  // what one told of
std::string alert_page(const AlertRow& alert, const std::vector<DeliveryRow>& deliveries,
                       const std::vector<VerdictRow>& verdicts, Instant now);
// Failing ones first; at most 2,000.
std::string feeds_page(const std::vector<FeedHealth>& feeds, Instant now);
// The timeline, in order of arrival; at most the first 1,000 documents.
std::string story_page(const std::vector<DocumentRow>& documents,
                       const std::vector<AlertRow>& alerts, Instant now);
// For 404 and the like; `text` is escaped here.
std::string message_page(std::string_view title, std::string_view text);

std::string_view stylesheet();  // text/css

}  // namespace wirewatch::daemon
