#include "rules/policy/volume.h"

#include <algorithm>

namespace wirewatch::rules {

std::int64_t hour_of(Instant instant) {
  return std::chrono::floor<std::chrono::hours>(instant).time_since_epoch().count();
}

void RuleVolumes::add(const std::string& rule, std::int64_t hour, std::uint32_t matched) {
  auto& hours = hours_[rule];
  // A clock that was ahead and was put right: what it left would outlive a year of true hours. The
  // next hour alone may be one that a small correction took back.
  while (!hours.empty() && hours.back().first > hour + 1) hours.pop_back();
  const auto at = std::lower_bound(hours.begin(), hours.end(), hour,
                                   [](const auto& one, std::int64_t h) { return one.first < h; });
  if (at != hours.end() && at->first == hour) {
    at->second += matched;
  } else {
    hours.insert(at, {hour, matched});
  }
  while (!hours.empty() && hours.front().first + past_hours + 2 < hours.back().first) {
    hours.pop_front();
  }
}

double RuleVolumes::rise(const std::string& rule, Instant now,
                         const std::vector<std::string>& was) const {
  const std::int64_t hour = hour_of(now);
  const Span into = now - std::chrono::floor<std::chrono::hours>(now);
  const double share_before = 1.0 - static_cast<double>(into.count()) /
                                        static_cast<double>(Span(std::chrono::hours(1)).count());
  double lately = 0;
  double past = 0;
  const auto add_hours = [&](const std::string& name) {
    const auto found = hours_.find(name);
    if (found == hours_.end()) return;
    for (const auto& [when, matched] : found->second) {
      if (when == hour) lately += matched;
      if (when == hour - 1) lately += share_before * matched;
      if (when < hour - 1 && when >= hour - 1 - past_hours) past += matched;
    }
  };
  add_hours(rule);
  for (const std::string& earlier : was) add_hours(earlier);
  const double mean = past / static_cast<double>(past_hours);
  return lately / std::max(mean, 0.5);
}

std::vector<std::string> RuleVolumes::names() const {
  std::vector<std::string> names;
  for (const auto& entry : hours_) names.push_back(entry.first);
  return names;
}

std::uint64_t RuleVolumes::in_past_week(const std::string& rule, Instant now) const {
  const auto found = hours_.find(rule);
  std::uint64_t sum = 0;
  if (found == hours_.end()) return sum;
  const std::int64_t last = hour_of(now);
  const std::int64_t first = last - past_hours;
  for (const auto& [when, matched] : found->second) {
    if (when > first && when <= last) sum += matched;
  }
  return sum;
}

}  // namespace wirewatch::rules
