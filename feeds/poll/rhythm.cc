#include "feeds/poll/rhythm.h"

#include <algorithm>
#include <cmath>

#include "feeds/poll/limits.h"
#include "feeds/poll/rhythm_change.h"
#include "feeds/poll/rhythm_shape.h"

namespace wirewatch::feeds {
namespace {

using L = RhythmLimits;
constexpr double kHour = 3600;
constexpr double kLongLook = 14 * 24 * kHour;  // beyond, the average stands for the hours

double items_between(const RhythmShape& shape, Instant at, Instant from, Instant to) {
  if (seconds_of(to - from) > kLongLook) return shape.rate * shape.silence * seconds_of(to - from);
  double sum = 0;
  while (from < to) {
    const double step = std::min(hour_of_week(from).left, seconds_of(to - from));
    const double middle = seconds_of(from - at) + step / 2;
    sum += shape.rate_after(middle, shape.base_at(from)) * step;
    from += std::max(span_of(step), Span(1));
  }
  return sum;
}

template <class Numbers>
void fade(Numbers& numbers, double by) {
  for (float& number : numbers) number *= static_cast<float>(by);
}

void pass_time(Rhythm& rhythm, Instant now) {
  if (now <= rhythm.at) return;
  const double seconds = seconds_of(now - rhythm.at);
  const double by = std::exp(-seconds / seconds_of(L::memory));
  rhythm.items *= static_cast<float>(by);
  rhythm.events *= static_cast<float>(by);
  rhythm.longest *= static_cast<float>(std::exp(-seconds / seconds_of(L::longest_memory)));
  fade(rhythm.hours, by);
  fade(rhythm.days, by);
  for (std::size_t j = 0; j < rhythm.quick.size(); ++j) {
    rhythm.quick[j] *= static_cast<float>(std::exp(-seconds / seconds_of(L::quick[j])));
  }
  rhythm.at = now;
}

// Online EM (one step of Hawkes' likelihood an event): which of the parts brought it?
void note_event(Rhythm& rhythm, const RhythmShape& shape, Instant when) {
  const double after = seconds_of(when - rhythm.at);
  std::array<double, 2> parts{};
  double all = shape.base_at(when) * shape.calm;
  for (std::size_t j = 0; j < parts.size(); ++j) {
    parts[j] = shape.quick[j] * std::exp(-after / seconds_of(L::quick[j]));
    all += parts[j];
  }
  const double step = 1 / (std::min(static_cast<double>(rhythm.events), L::share_events) + 10);
  for (std::size_t j = 0; j < parts.size() && all > 0; ++j) {
    const auto share = static_cast<double>(rhythm.share[j]);
    const double next = share + step * (parts[j] / all - share);
    rhythm.share[j] = static_cast<float>(std::clamp(next, L::least_share, L::most_excited));
  }
}

void arrive(Rhythm& rhythm, Instant when) {
  const bool same_event = rhythm.last_item != Instant{} && when - rhythm.last_item < L::same_event;
  if (when > rhythm.at || !same_event) {
    RhythmShape shape(rhythm);
    shape.silence = 1;
    if (!same_event) note_event(rhythm, shape, when);
    shape.excess.fill(0);
    const double average = items_between(shape, rhythm.at, rhythm.at, when);
    note_expected(rhythm, seconds_of(when - rhythm.at), average);
    if (!same_event && rhythm.last_item != Instant{}) {
      const double gap = seconds_of(when - rhythm.last_item) / kHour;
      rhythm.longest = std::max(rhythm.longest, static_cast<float>(gap));
    }
  }
  pass_time(rhythm, when);
  rhythm.items += 1;
  if (!same_event || rhythm.events < 0.5F) {
    rhythm.events += 1;
    for (float& quick : rhythm.quick) quick += 1;
  }
  const HourOfWeek place = hour_of_week(when);
  rhythm.hours[place.hour] += 1;
  rhythm.days[place.day] += 1;
  rhythm.last_item = std::max(rhythm.last_item, when);
  rhythm.missed = 0;
  note_arrival(rhythm, !same_event);
}

void begin(Rhythm& rhythm, Instant earliest) {
  rhythm.at = rhythm.since = earliest;
  rhythm.share.fill(static_cast<float>(L::first_share));
}

}  // namespace

void learn(Rhythm& rhythm, std::vector<Instant> arrivals, Instant now) {
  std::sort(arrivals.begin(), arrivals.end());
  if (rhythm.at == Instant{} || rhythm.at > now) {  // the first, or the clock was set back
    const Instant earliest = arrivals.empty() ? now : std::min(arrivals.front(), now);
    if (rhythm.at == Instant{}) begin(rhythm, std::max(earliest, now - L::look_back));
    rhythm.since -= std::max(rhythm.at - now, Span(0));
    rhythm.last_item = std::min(rhythm.last_item, now);
    rhythm.at = std::min(rhythm.at, now);
  }
  for (const Instant when : arrivals) {
    arrive(rhythm, std::clamp(when, rhythm.at, std::max(now, rhythm.at)));
  }
  if (now <= rhythm.at) {
    change_regime(rhythm);
    return;
  }
  RhythmShape shape(rhythm);
  shape.silence = 1;  // what was to be expected, had it not fallen silent
  const double more = items_between(shape, rhythm.at, rhythm.at, now);
  rhythm.missed += static_cast<float>(more);
  shape.excess.fill(0);
  const double average = items_between(shape, rhythm.at, rhythm.at, now);
  note_expected(rhythm, seconds_of(now - rhythm.at), average);
  pass_time(rhythm, now);
  change_regime(rhythm);
}

double rate_at(const Rhythm& rhythm, Instant when) {
  const RhythmShape shape(rhythm);
  return kHour * shape.rate_after(seconds_of(when - rhythm.at), shape.base_at(when));
}

double expected_items(const Rhythm& rhythm, Instant from, Instant to) {
  return items_between(RhythmShape(rhythm), rhythm.at, from, to);
}

double items_a_day(const Rhythm& rhythm, Instant now) {
  Rhythm as_of = rhythm;
  if (rhythm.at == Instant{}) return 0;
  pass_time(as_of, now);
  return RhythmShape(as_of).rate * 24 * kHour;
}

Wait wait_for_price(const Rhythm& rhythm, Instant from, double price, double most_items,
                    Span longest) {
  const RhythmShape shape(rhythm);
  const double end = seconds_of(longest);
  const double offset = seconds_of(from - rhythm.at);
  double waited = 0;   // item-seconds
  double waiting = 0;  // items
  double time = 0;
  while (time < end) {
    const Instant when = from + span_of(time);
    const double step = std::min({hour_of_week(when).left, std::max(15.0, time / 6), end - time});
    const double rate = shape.rate_after(offset + time + step / 2, shape.base_at(when));
    const double delay = waiting * step + rate * step * step / 2;
    if (waited + delay >= price) {
      const double missing =
          price - waited;  // = waiting·x + rate·x²/2, solved without cancellation
      const double root = std::sqrt(waiting * waiting + 2 * rate * missing);
      const double after = 2 * missing / (waiting + root);
      if (waiting + rate * after < most_items) return {span_of(std::min(time + after, end)), true};
    }
    if (waiting + rate * step >= most_items) {
      return {span_of(time + (most_items - waiting) / rate), false};
    }
    waited += delay;
    waiting += rate * step;
    time += step;
  }
  return {longest, false};
}

// By the rate as it was at the last item: silence itself must not make silence plausible.
double staleness(const Rhythm& rhythm, Instant now) {
  if (rhythm.last_item == Instant{} || now <= rhythm.last_item) return 0;
  const double memory = seconds_of(L::memory);
  const double since_then = std::max(seconds_of(rhythm.at - rhythm.last_item), 0.0);
  const double items = static_cast<double>(rhythm.items) * std::exp(since_then / memory);
  if (items < L::stale_clusters / 2) return 0;  // too few have no rhythm
  const double before = std::max(seconds_of(rhythm.last_item - rhythm.since), 0.0);
  const double watched = memory * -std::expm1(-before / memory);
  RhythmShape shape(rhythm);
  shape.silence = 1;
  shape.excess.fill(0);
  shape.rate = (items + L::prior_items) / (watched + L::prior_items * seconds_of(L::prior_gap));
  if (before < kLongLook) {  // too short to tell a quiet day of the week from silence
    shape.hours.fill(1);
    shape.days.fill(1);
  }
  const double clusters =
      items_between(shape, rhythm.last_item, rhythm.last_item, now) * shape.calm / shape.batch;
  const double silent = seconds_of(now - rhythm.last_item);
  const double longest = static_cast<double>(rhythm.longest) * kHour * L::stale_longest;
  return std::min({clusters / L::stale_clusters, silent / seconds_of(L::stale_least),
                   longest > 0 ? silent / longest : 1.0});
}

}  // namespace wirewatch::feeds
