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

}  // namespace wirewatch::daemon
