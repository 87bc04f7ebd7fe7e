// Every number of the polling rules, in one table. The rules themselves stand in schedule.h, the
// learned rhythm in rhythm.h, the budget in budget.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "feeds/time.h"

namespace wirewatch::feeds {

struct PollLimits {
  // Intervals between successful polls.
  static constexpr double price = 60;                              // item-seconds: one for a minute
  static constexpr Span first_interval = std::chrono::minutes(5);  // no history yet
  static constexpr Span floor = std::chrono::minutes(1);           // of what we choose
  static constexpr Span wished_floor = std::chrono::seconds(1);    // of the user's `every`
  static constexpr Span ceiling = std::chrono::hours(24);          // the longest that we choose
  static constexpr Span hint_cap =
      std::chrono::hours(1);              // max-age, Expires and ttl beyond: capped
  static constexpr double jitter = 0.10;  // either way
  static constexpr double growth = 1.5;   // while too little is known, and after a gap, at most
  static constexpr Span young = std::chrono::hours(6);  // watched for less: too little is known
  static constexpr double shown_share = 0.5;   // of the items a document shows: new ones at most
  static constexpr std::size_t history = 256;  // newest dates of a document that are looked at
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
  static constexpr Span back_off_default = std::chrono::minutes(15);  // no interval known
  static constexpr Span back_off_cap = std::chrono::hours(24);
  static constexpr Span fresh_outage = std::chrono::hours(24);  // shorter: retried once an hour

  // Told to the operator.
  static constexpr Span gap_told_again = std::chrono::hours(24);  // a gap is recent for so long
  static constexpr double fresh_again = 0.5;  // staleness below which a stale feed is no longer so
};

struct RhythmLimits {
  // The rate.
  static constexpr Span memory = std::chrono::hours(24 * 21);     // counts are forgotten within
  static constexpr Span look_back = std::chrono::hours(24 * 90);  // into a first document's dates
  static constexpr double prior_items = 0.3;                      // what is believed beforehand …
  static constexpr Span prior_gap = std::chrono::hours(24);       // … one item a day, that weakly
  static constexpr double hour_weight = 1;   // items that a flat hour counts for
  static constexpr double hour_blur = 0.12;  // of each hour's items counted to either neighbour
  static constexpr double day_weight = 1.5;  // items that a flat day counts for
  static constexpr double patience = 4;      // clusters missed before the rate is doubted

  // Bursts.
  static constexpr std::array<Span, 2> quick = {std::chrono::minutes(20), std::chrono::hours(3)};
  static constexpr Span same_event = std::chrono::minutes(1);  // items closer than this are one
  static constexpr double first_share = 0.1;    // of events that follow others, before any is known
  static constexpr double least_share = 0.002;  // so that it can be learned again
  static constexpr double most_excited = 0.9;   // more would never calm down
  static constexpr double share_events = 150;   // that the shares remember

  // Another regime.
  static constexpr double rise_factor = 4;      // busier by this is tested for …
  static constexpr double rise_threshold = 12;  // … and believed at such odds (log)
  static constexpr double rise_weight = 2;
  static constexpr Span rise_least = std::chrono::hours(4);  // shorter is a burst
  static constexpr double fall_factor = 4;                   // likewise quieter
  static constexpr double fall_threshold = 30;
  static constexpr Span fall_memory = std::chrono::hours(24 * 7);  // what is remembered then
  static constexpr double kept_habits = 20;  // items that the habits of before count for

  // Staleness: all three must be reached.
  static constexpr double stale_clusters = 12;  // expected and none came
  static constexpr Span stale_least = std::chrono::hours(12);
  static constexpr double stale_longest = 2.5;  // times the longest silence known
  static constexpr Span longest_memory = std::chrono::hours(24 * 90);
};

struct BudgetLimits {
  static constexpr double burst = 0.5;     // of a window's polls that may be saved up
  static constexpr double low = 0.2;       // of that; with less left, polls become dearer quickly
  static constexpr double pull = 0.3;      // how the price leans towards a purse that is half full
  static constexpr double rush = 0.8;      // of what all spend now, where that is above the mean
  static constexpr double dearest = 1e12;  // item-seconds: at this price everything waits a day
};

}  // namespace wirewatch::feeds
