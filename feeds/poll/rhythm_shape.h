// A rhythm's rate as numbers to work with: what rhythm.h's formula comes to at one moment.
#pragma once

#include <array>

#include "feeds/poll/rhythm.h"

namespace wirewatch::feeds {

struct RhythmShape {
  explicit RhythmShape(const Rhythm& rhythm);

  double base_at(Instant when) const;  // items a second, whatever came lately
  // The same after what came lately, that many seconds after rhythm.at: more in a burst, less
  // where nothing follows on anything.
  double rate_after(double seconds, double base) const;

  double rate = 0;                 // items a second, on average
  double calm = 1;                 // 1 − n₁ − n₂
  double batch = 1;                // items an event
  double silence = 1;              // what a long silence leaves of the rate
  std::array<double, 24> hours{};  // factors, 1 on average
  std::array<double, 7> days{};
  std::array<double, 2> quick{};   // items a second that follow on others, at rhythm.at …
  std::array<double, 2> excess{};  // … less what does so on average
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
