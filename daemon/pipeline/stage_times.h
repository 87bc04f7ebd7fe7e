// How long each stage takes, as histograms with fixed bounds: for the metrics page.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace wirewatch::daemon {

// `deliver`: a message is rendered (if it was not ready), sent and answered. `total`: from the last
// byte of the feed's answer to the moment at which the message is sent.
enum class Stage : std::uint8_t { fetch, parse, identify, match, decide, commit, deliver, total };
inline constexpr std::size_t stage_count = 8;
std::string_view to_string(Stage stage);

class Histogram {
 public:
  // Upper bounds in seconds; the last bucket has none.
  static constexpr std::array<double, 16> bounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                    0.0075, 0.01,    0.015,  0.02,  0.03,   0.05,
                                                    0.1,    0.25,    1.0,    30.0};
  void observe(double seconds);
  std::uint64_t count() const { return count_; }
  double sum() const { return sum_; }
  std::uint64_t at_most(std::size_t bound) const;  // cumulative, as Prometheus wants it

 private:
  std::array<std::uint64_t, bounds.size() + 1> buckets_{};
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

class StageTimes {
 public:
  void observe(Stage stage, std::chrono::steady_clock::duration took);
  // Ends of `total`: where a delivery that is due was decided and committed, and where it is first
  // sent. Of the last 4,096 alone it is known when they were decided.
  void decided(const std::string& delivery, std::chrono::steady_clock::time_point answered);
  void sent(const std::string& delivery);
  const Histogram& of(Stage stage) const { return histograms_[static_cast<std::size_t>(stage)]; }

 private:
  std::array<Histogram, stage_count> histograms_;
  std::unordered_map<std::string, std::chrono::steady_clock::time_point> under_way_;
  std::deque<std::string> order_;  // in which they were decided, those that were sent included
};

// Measures from its construction to its end.
class StageTimer {
 public:
  StageTimer(StageTimes& times, Stage stage)
      : times_(times), stage_(stage), start_(std::chrono::steady_clock::now()) {}
  ~StageTimer() { times_.observe(stage_, std::chrono::steady_clock::now() - start_); }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  StageTimes& times_;
  Stage stage_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace wirewatch::daemon
