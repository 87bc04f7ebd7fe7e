#include "tests/eval/polling/simulate.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <queue>
#include <random>

#include "feeds/poll/budget.h"
#include "feeds/poll/poll.h"

namespace wirewatch::eval {
namespace {

constexpr double kDay = 24 * 3600;
using feeds::Budget;
using feeds::Demand;

double seconds_of(Span span) {
  return std::chrono::duration<double>(span).count();
}
Span span_of(double seconds) {
  return Span(static_cast<std::int64_t>(seconds * 1e6));
}

// Delays of one feed's items, polled at these times.
void score(const History& feed, const World& world, const std::vector<double>& times,
           Outcome& outcome, double& waited) {
  for (const double item : feed.items) {
    if (item < world.measure || item >= world.end) continue;
    const auto poll = std::upper_bound(times.begin(), times.end(), item);
    ++outcome.items;
    waited += (poll == times.end() ? world.end : *poll) - item;
  }
  for (const double time : times) {
    if (time >= world.measure && time < world.end) ++outcome.polls;
  }
}

Outcome score_all(const World& world, const std::vector<std::vector<double>>& times) {
  Outcome outcome;
  double waited = 0;
  for (std::size_t i = 0; i < world.feeds.size(); ++i) {
    score(world.feeds[i], world, times[i], outcome, waited);
  }
  outcome.mean_delay = waited / std::max(outcome.items, 1.0);
  return outcome;
}

// Everything is polled once in the end, so that each delay has one.
std::vector<double> regular(const World& world, double interval, double phase) {
  std::vector<double> times;
  if (interval <= 0 || !std::isfinite(interval)) return times;
  const double first = world.measure - interval + phase * interval;
  for (double time = first; time < world.end + interval; time += interval) times.push_back(time);
  return times;
}

// One feed as the daemon sees it.
class Watched {
 public:
  Watched(const History& history, const World& world, std::uint64_t seed)
      : history_(history), world_(world), random_(seed) {
    wishes_.url = "https://example.org/feed";
    due_ = world.learn_from + std::uniform_real_distribution<double>(0, 3600)(random_);
  }

  double due() const { return due_; }
  const std::vector<double>& times() const { return times_; }
  std::uint64_t gaps() const { return state_.gaps; }

  void poll(double time, Budget& budget, Outcome& outcome);

 private:
  void look(double time, feeds::DocumentFacts& facts, Outcome& outcome);

  const History& history_;
  const World& world_;
  std::mt19937_64 random_;
  feeds::PollWishes wishes_;
  feeds::PollState state_;
  double due_ = 0;
  std::size_t seen_ = 0;  // items published up to the last document
  std::vector<double> times_;
};

void Watched::look(double time, feeds::DocumentFacts& facts, Outcome& outcome) {
  const auto& items = history_.items;
  const auto published =
      static_cast<std::size_t>(std::upper_bound(items.begin(), items.end(), time) - items.begin());
  const std::size_t shown_from = published > history_.shown ? published - history_.shown : 0;
  facts.items = published - shown_from;
  facts.new_items = published - std::max(seen_, shown_from);
  const std::size_t before = seen_ > history_.shown ? seen_ - history_.shown : 0;
  const bool apart =
      state_.baseline_done && seen_ > before && shown_from >= seen_ && facts.new_items > 0;
  facts.overlaps = !apart;
  if (apart) ++outcome.pairs_apart;
  for (std::size_t i = shown_from; i < published; ++i) {
    facts.published.push_back(world_.begin + span_of(items[i]));
  }
  for (std::size_t i = seen_; state_.baseline_done && i < shown_from; ++i) {
    ++outcome.lost;
    const double visible = items[i + history_.shown] - items[i];
    if (visible >= 2 * seconds_of(state_.interval)) ++outcome.lost_though_shown;
  }
  seen_ = published;
}

void Watched::poll(double time, Budget& budget, Outcome& outcome) {
  const Instant now = world_.begin + span_of(time);
  const Demand before = feeds::demand_of(state_);
  wishes_.price = budget.price(now);
  const double jitter = std::uniform_real_distribution<double>(0, 1)(random_);
  feeds::DocumentFacts facts;
  look(time, facts, outcome);
  state_ = facts.new_items > 0 || !state_.baseline_done
               ? feeds::after_document(state_, wishes_, {}, facts, now, jitter)
               : feeds::after_not_modified(state_, wishes_, {}, now, jitter);
  budget.replace(before, feeds::demand_of(state_), now);
  times_.push_back(time);
  due_ = std::chrono::duration<double>(state_.next_due - world_.begin).count();
}

}  // namespace

Outcome ours(const World& world, double polls_a_day, std::uint64_t seed) {
  Budget budget;
  const Instant start = world.begin + span_of(world.learn_from);
  if (polls_a_day > 0) budget.set(polls_a_day, std::chrono::hours(24), start);
  std::vector<Watched> feeds;
  for (const History& feed : world.feeds) feeds.emplace_back(feed, world, seed + feeds.size());
  using Due = std::pair<double, std::size_t>;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue;
  for (std::size_t i = 0; i < feeds.size(); ++i) queue.emplace(feeds[i].due(), i);
  Outcome counted;
  double clock = world.learn_from;
  while (!queue.empty()) {
    const auto [due, i] = queue.top();
    queue.pop();
    clock = std::max(clock, due);
    if (clock > world.end + 2 * kDay) continue;
    const Instant now = world.begin + span_of(clock);
    if (!budget.take(now)) {
      clock += seconds_of(budget.until_next());
      queue.emplace(due, i);
      continue;
    }
    feeds[i].poll(clock, budget, counted);
    queue.emplace(feeds[i].due(), i);
  }
  std::vector<std::vector<double>> times;
  for (const Watched& feed : feeds) {
    times.push_back(feed.times());
    counted.gaps_told += feed.gaps();
  }
  Outcome outcome = score_all(world, times);
  outcome.lost = counted.lost;
  outcome.lost_though_shown = counted.lost_though_shown;
  outcome.pairs_apart = counted.pairs_apart;
  outcome.gaps_told = counted.gaps_told;
  return outcome;
}

Outcome fixed(const World& world, double polls, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const double interval =
      (world.end - world.measure) * static_cast<double>(world.feeds.size()) / polls;
  std::vector<std::vector<double>> times;
  for (std::size_t i = 0; i < world.feeds.size(); ++i) {
    const double phase = std::uniform_real_distribution<double>(0, 1)(random);
    times.push_back(regular(world, interval, phase));
  }
  return score_all(world, times);
}

namespace {

constexpr double kStep = 60;

// Rates by the minute, from a day before the measured window to a day behind it.
std::vector<double> rates_of(const History& feed, const World& world, Knows knows) {
  std::vector<double> rates;
  double sum = 0;
  for (double time = world.measure - kDay; time < world.end + kDay; time += kStep) {
    const bool told = knows == Knows::bursts && feed.bursts;
    rates.push_back(told ? feed.bursts(time) : feed.rate(time));
    if (time >= world.measure && time < world.end) sum += rates.back();
  }
  if (knows == Knows::mean) {
    rates.assign(rates.size(), sum * kStep / (world.end - world.measure));
  }
  return rates;
}

std::vector<double> polls_at_price(const std::vector<double>& rates, const World& world,
                                   double price, double phase) {
  std::vector<double> times;
  double waited = price * phase;
  double waiting = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double begin = world.measure - kDay + static_cast<double>(i) * kStep;
    double into = 0;
    while (into < kStep) {
      const double left = kStep - into;
      const double delay = waiting * left + rates[i] * left * left / 2;
      if (waited + delay < price) {
        waited += delay;
        waiting += rates[i] * left;
        break;
      }
      const double missing = price - waited;
      const double root = std::sqrt(waiting * waiting + 2 * rates[i] * missing);
      into += std::max(2 * missing / (waiting + root), 1e-3);
      times.push_back(begin + into);
      waited = waiting = 0;
    }
  }
  return times;
}

}  // namespace

Outcome oracle(const World& world, double polls, Knows knows, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::vector<double>> rates;
  std::vector<double> phases;
  for (const History& feed : world.feeds) {
    rates.push_back(rates_of(feed, world, knows));
    phases.push_back(std::uniform_real_distribution<double>(0, 1)(random));
  }
  double low = 1e-2;
  double high = 1e9;
  Outcome outcome;
  for (int round = 0; round < 45; ++round) {
    const double price = std::sqrt(low * high);
    std::vector<std::vector<double>> times;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      times.push_back(polls_at_price(rates[i], world, price, phases[i]));
    }
    outcome = score_all(world, times);
    if (std::abs(outcome.polls - polls) < 1e-3 * polls) break;
    (outcome.polls > polls ? low : high) = price;
  }
  return outcome;
}

}  // namespace wirewatch::eval
