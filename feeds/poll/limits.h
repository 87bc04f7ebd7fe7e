// Every number of the polling rules, in one table. The rules themselves stand in schedule.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "feeds/time.h"

namespace wirewatch::feeds {

struct PollLimits {
  // Intervals between successful polls.
  static constexpr Span first_interval = std::chrono::minutes(5);     // no history yet
  static constexpr Span default_interval = std::chrono::minutes(15);  // a history without rhythm
  static constexpr Span floor = std::chrono::minutes(1);              // of what we choose
  static constexpr Span wished_floor = std::chrono::seconds(1);       // of the user's `every`
  static constexpr Span lively_ceiling = std::chrono::hours(1);       // while the feed is alive
  static constexpr Span ceiling = std::chrono::hours(24);             // for one silent for months
  static constexpr std::int64_t silence_share = 60;  // silent for 60 h: polled once an hour
  static constexpr Span hint_cap =
      std::chrono::hours(1);                       // max-age, Expires and ttl beyond: capped
  static constexpr double jitter = 0.10;           // either way
  static constexpr double growth = 1.5;            // from one interval to the next, at most
  static constexpr std::size_t rhythm_items = 64;  // newest dates that are looked at
  static constexpr std::size_t rhythm_dates = 3;   // fewer different dates say nothing
  static constexpr Span date_ahead = std::chrono::minutes(15);  // a date later than this is wrong

  // Requests.
  static constexpr Span unconditional_after = std::chrono::hours(24);
  static constexpr std::size_t validator_bytes = 4096;  // a longer ETag is not remembered
  static constexpr std::uint32_t moves_to_keep = 3;     // same permanent redirect, in a row
  static constexpr std::uint32_t failures_to_forget_move = 3;

  // Failures.
  static constexpr Span retry_after_cap = std::chrono::hours(24);
  static constexpr Span local_retry = std::chrono::seconds(30);
  static constexpr Span back_off_floor = std::chrono::minutes(1);
  static constexpr Span back_off_first_cap = std::chrono::hours(1);
  static constexpr Span back_off_cap = std::chrono::hours(24);
  static constexpr Span fresh_outage = std::chrono::hours(24);  // shorter: retried once an hour
};

}  // namespace wirewatch::feeds
