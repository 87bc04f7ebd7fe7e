#include "daemon/pipeline/stage_times.h"

#include <algorithm>

namespace wirewatch::daemon {

std::string_view to_string(Stage stage) {
  constexpr std::array<std::string_view, stage_count> names = {
      "fetch", "parse", "identify", "match", "decide", "commit", "deliver", "total"};
  return names.at(static_cast<std::size_t>(stage));
}

void Histogram::observe(double seconds) {
  const auto* const bound = std::lower_bound(bounds.begin(), bounds.end(), seconds);
  ++buckets_[static_cast<std::size_t>(bound - bounds.begin())];
  ++count_;
  sum_ += seconds;
}

std::uint64_t Histogram::at_most(std::size_t bound) const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= bound && i < buckets_.size(); ++i) total += buckets_[i];
  return total;
}

void StageTimes::observe(Stage stage, std::chrono::steady_clock::duration took) {
  histograms_[static_cast<std::size_t>(stage)].observe(std::chrono::duration<double>(took).count());
}

void StageTimes::decided(const std::string& delivery,
                         std::chrono::steady_clock::time_point answered) {
  constexpr std::size_t most_measured = 4096;
  if (answered == std::chrono::steady_clock::time_point{}) return;
  if (!under_way_.emplace(delivery, answered).second) return;
  order_.push_back(delivery);
  if (order_.size() <= most_measured) return;
  under_way_.erase(order_.front());
  order_.pop_front();
}

void StageTimes::sent(const std::string& delivery) {
  const auto found = under_way_.find(delivery);
  if (found == under_way_.end()) return;
  observe(Stage::total, std::chrono::steady_clock::now() - found->second);
  under_way_.erase(found);
}

}  // namespace wirewatch::daemon
