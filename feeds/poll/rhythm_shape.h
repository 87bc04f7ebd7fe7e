// A rhythm's rate as numbers to work with: what rhythm.h's formula comes to at one moment.
#pragma once

#include <array>

#include "feeds/poll/rhythm.h"

namespace wirewatch::feeds {

struct RhythmShape {
  explicit RhythmShape(const Rhythm& rhythm);

  double base_at(Instant when) const;                // items a second, without bursts
  double burst_after(double seconds) const;          // the bursts' part, that long after rhythm.at
  double burst_items(double from, double to) const;  // expected between two such times

  double rate = 0;                 // items a second, on average
  double calm = 1;                 // 1 − n₁ − n₂
  double batch = 1;                // items an event
  double silence = 1;              // what a long silence leaves of the rate
  std::array<double, 24> hours{};  // factors, 1 on average
  std::array<double, 7> days{};
  std::array<double, 2> burst{};  // items a second at rhythm.at
};

// Hour of the day and day of the week (0 Sunday), UTC.
struct HourOfWeek {
  std::size_t hour = 0;
  std::size_t day = 0;
  double left = 0;  // seconds until the next hour
};
HourOfWeek hour_of_week(Instant when);

inline double seconds_of(Span span) {
  return static_cast<double>(span.count()) / 1e6;
}
inline Span span_of(double seconds) {
  return Span(static_cast<std::int64_t>(seconds * 1e6));
}

}  // namespace wirewatch::feeds
