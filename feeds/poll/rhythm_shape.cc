#include "feeds/poll/rhythm_shape.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "feeds/poll/limits.h"

namespace wirewatch::feeds {
namespace {

using L = RhythmLimits;
constexpr double kHour = 3600;
constexpr double kDay = 24 * kHour;

struct Watched {
  double all = 0;  // seconds, forgotten like the counts
  std::array<double, 24> hours{};
  std::array<double, 7> days{};
};

// How long was watched, by hour and by day. After two weeks the shares are even enough.
Watched watched(const Rhythm& rhythm) {
  Watched result;
  const double memory = seconds_of(L::memory);
  const double span = std::max(seconds_of(rhythm.at - rhythm.since), 0.0);
  result.all = memory * -std::expm1(-span / memory);
  if (span > 14 * kDay) {
    result.hours.fill(result.all / 24);
    result.days.fill(result.all / 7);
    return result;
  }
  for (Instant from = rhythm.since; from < rhythm.at;) {
    const HourOfWeek place = hour_of_week(from);
    const double step = std::min(place.left, seconds_of(rhythm.at - from));
    const double weighed = step * std::exp(-seconds_of(rhythm.at - from) / memory);
    result.hours[place.hour] += weighed;
    result.days[place.day] += weighed;
    from += std::max(span_of(step), Span(1));
  }
  return result;
}

template <std::size_t N>
void shrink(const std::array<float, N>& counts, const std::array<double, N>& exposures,
            double per_second, double carried, double weight, double blur,
            std::array<double, N>& factors) {
  double sum = 0;
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t before = (i + N - 1) % N;
    const std::size_t after = (i + 1) % N;
    const auto blurred = [&](const auto& from) {
      return (1 - 2 * blur) * static_cast<double>(from[i]) +
             blur * (static_cast<double>(from[before]) + static_cast<double>(from[after]));
    };
    factors[i] = (weight + blurred(counts)) /
                 (weight + carried / static_cast<double>(N) + per_second * blurred(exposures));
    sum += factors[i];
  }
  for (double& factor : factors) factor *= static_cast<double>(N) / sum;
}

}  // namespace

HourOfWeek hour_of_week(Instant when) {
  using namespace std::chrono;
  const std::int64_t seconds_since = floor<seconds>(when.time_since_epoch()).count();
  const std::int64_t hour =
      seconds_since >= 0 ? seconds_since / 3600 : (seconds_since - 3599) / 3600;
  const auto positive = [](std::int64_t value, std::int64_t of) {
    return static_cast<std::size_t>(((value % of) + of) % of);
  };
  HourOfWeek place;
  place.hour = positive(hour, 24);
  const std::int64_t day = (hour - static_cast<std::int64_t>(place.hour)) / 24;
  place.day = positive(day + 4, 7);  // 1970-01-01 was a Thursday
  place.left = seconds_of(Span(seconds((hour + 1) * 3600)) - when.time_since_epoch());
  return place;
}

RhythmShape::RhythmShape(const Rhythm& rhythm) {
  const Watched time = watched(rhythm);
  rate = (static_cast<double>(rhythm.items) + L::prior_items) /
         (time.all + L::prior_items * seconds_of(L::prior_gap));
  const double excited = static_cast<double>(rhythm.share[0] + rhythm.share[1]);
  calm = 1 - std::min(excited, L::most_excited);
  batch = rhythm.events > 0 ? std::max(1.0, static_cast<double>(rhythm.items / rhythm.events)) : 1;
  // Counts of clusters tell less than counts of independent items.
  const double spread = batch / (calm * calm);
  const double per_second = time.all > 0 ? static_cast<double>(rhythm.items) / time.all : 0;
  // Of the habits, what was carried over from an earlier regime (rhythm_change.h).
  const double counted = std::accumulate(rhythm.hours.begin(), rhythm.hours.end(), 0.0);
  const double carried = std::max(counted - static_cast<double>(rhythm.items), 0.0);
  shrink(rhythm.hours, time.hours, per_second, carried, L::hour_weight * spread, L::hour_blur,
         hours);
  shrink(rhythm.days, time.days, per_second, carried, L::day_weight * spread, 0, days);
  const double clusters = static_cast<double>(rhythm.missed) * calm / batch;
  silence = std::min(1.0, L::patience / std::max(clusters, 1e-9));
  const double now = base_at(rhythm.at);
  for (std::size_t j = 0; j < quick.size(); ++j) {
    const auto share = static_cast<double>(rhythm.share[j]);
    quick[j] = batch * share * static_cast<double>(rhythm.quick[j]) / seconds_of(L::quick[j]);
    excess[j] = quick[j] - share * now;
  }
}

double RhythmShape::base_at(Instant when) const {
  const HourOfWeek place = hour_of_week(when);
  return rate * silence * hours[place.hour] * days[place.day];
}

// What follows on others is followed itself: the excess of one kernel fades with τ/(1 − n).
double RhythmShape::rate_after(double seconds, double base) const {
  double sum = base;
  for (std::size_t j = 0; j < excess.size(); ++j) {
    sum += excess[j] * std::exp(-seconds * calm / seconds_of(L::quick[j]));
  }
  return std::max(sum, base * calm);
}

}  // namespace wirewatch::feeds
