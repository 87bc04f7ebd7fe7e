// The figures for Prometheus, text exposition format 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/). Labels are stages, states and
// receivers' names, so the number of series is bounded by the config; feeds have no label.
#pragma once

#include <string>
#include <vector>

#include "daemon/control.h"

namespace wirewatch::daemon {

struct MetricFacts {
  DaemonStatus status;
  FeedTotals feeds;
  std::vector<ReceiverHealth> receivers;
  StageTimes times;
  StoreStats store;
  std::uint64_t free_bytes = 0;
  StoreCounts counts;
};

inline constexpr const char* metrics_type = "text/plain; version=0.0.4; charset=utf-8";
std::string metrics_text(const MetricFacts& facts);

}  // namespace wirewatch::daemon
