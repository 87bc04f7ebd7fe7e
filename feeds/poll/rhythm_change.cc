#include "feeds/poll/rhythm_change.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "feeds/poll/limits.h"
#include "feeds/poll/rhythm_shape.h"

namespace wirewatch::feeds {
namespace {

using L = RhythmLimits;
constexpr double kHour = 3600;

template <class Numbers>
void scale(Numbers& numbers, double by) {
  for (float& number : numbers) number *= static_cast<float>(by);
}

double batch_of(const Rhythm& rhythm) {
  return rhythm.events > 0 ? std::max(1.0, static_cast<double>(rhythm.items / rhythm.events)) : 1;
}

// Counts of clusters vary more than those of single events, by 1/(1 − n₁ − n₂)².
double weight_of(const Rhythm& rhythm) {
  const double excited = static_cast<double>(rhythm.share[0] + rhythm.share[1]);
  return std::pow(1 - std::min(excited, L::most_excited), L::rise_weight);
}

// As if it were watched for `seconds` only, and brought `items` in them.
void restart(Rhythm& rhythm, double seconds, double items) {
  const double batch = batch_of(rhythm);
  // Σ hours − items is what the habits weigh beside the items since then: see rhythm_shape.cc.
  const double sum = std::accumulate(rhythm.hours.begin(), rhythm.hours.end(), 0.0);
  const double kept = sum > 0 ? std::min(1.0, (items + L::kept_habits) / sum) : 0;
  scale(rhythm.hours, kept);
  scale(rhythm.days, kept);
  rhythm.since = rhythm.at - span_of(seconds);
  rhythm.items = static_cast<float>(items);
  rhythm.events = static_cast<float>(items / batch);
  rhythm.share.fill(static_cast<float>(L::first_share));  // the change was no burst
  rhythm.rise = rhythm.rise_items = rhythm.rise_hours = rhythm.fall = 0;
}

}  // namespace

void note_expected(Rhythm& rhythm, double seconds, double items) {
  const double expected = items / batch_of(rhythm) * weight_of(rhythm);
  const double fall = static_cast<double>(rhythm.fall) + (1 - 1 / L::fall_factor) * expected;
  rhythm.fall = static_cast<float>(std::min(fall, 1e6));
  if (rhythm.rise <= 0) return;
  rhythm.rise -= static_cast<float>((L::rise_factor - 1) * expected);
  rhythm.rise_hours += static_cast<float>(seconds / kHour);
  if (rhythm.rise <= 0) rhythm.rise = rhythm.rise_items = rhythm.rise_hours = 0;
}

void note_arrival(Rhythm& rhythm, bool event) {
  // The item with which it begins says when, and not how often.
  if (rhythm.rise > 0) rhythm.rise_items += 1;
  if (!event) return;
  const double weight = weight_of(rhythm);
  rhythm.rise += static_cast<float>(weight * std::log(L::rise_factor));
  const double fall = static_cast<double>(rhythm.fall) - weight * std::log(L::fall_factor);
  rhythm.fall = static_cast<float>(std::max(fall, 0.0));
}

void change_regime(Rhythm& rhythm) {
  const double watched = seconds_of(rhythm.at - rhythm.since);
  if (static_cast<double>(rhythm.rise) > L::rise_threshold) {
    const double lasted = static_cast<double>(rhythm.rise_hours) * kHour;
    if (lasted < watched && lasted >= seconds_of(L::rise_least)) {
      restart(rhythm, lasted, static_cast<double>(rhythm.rise_items));
    }
  } else if (static_cast<double>(rhythm.fall) > L::fall_threshold) {
    const RhythmShape shape(rhythm);
    const double rate = shape.rate / L::fall_factor;
    const double seconds = std::min(watched, seconds_of(L::fall_memory));
    restart(rhythm, seconds, std::min(rate * seconds, static_cast<double>(rhythm.items)));
  }
}

}  // namespace wirewatch::feeds
