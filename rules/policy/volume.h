// How often rules matched lately, against their own past.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "feeds/time.h"

namespace wirewatch::rules {

// Hours since 1970.
std::int64_t hour_of(Instant instant);

class RuleVolumes {
 public:
  static constexpr std::int64_t past_hours = 24 * 7;

  // `hour` is the present one, or those of the past in their order: what stands later is forgotten.
  void add(const std::string& rule, std::int64_t hour, std::uint32_t matched);
  // Matches of this hour and, in proportion, of the one before it, over the mean of the hours of
  // the past week before these (of at least half a match an hour, so that two are no rise). `was`:
  // earlier names of the rule, whose matches are its own.
  double rise(const std::string& rule, Instant now, const std::vector<std::string>& was = {}) const;
  std::vector<std::string> names() const;
  std::uint64_t in_past_week(const std::string& rule, Instant now) const;

 private:
  std::map<std::string, std::deque<std::pair<std::int64_t, std::uint32_t>>> hours_;
};

}  // namespace wirewatch::rules
