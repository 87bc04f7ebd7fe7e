#include "tests/eval/polling/histories.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <memory>
#include <random>

namespace wirewatch::eval {
namespace {

constexpr double kHour = 3600;
constexpr double kDay = 24 * kHour;
constexpr double kWeek = 7 * kDay;
using Random = std::mt19937_64;

double uniform(Random& random, double from, double to) {
  return from + (to - from) * std::uniform_real_distribution<double>(0, 1)(random);
}
double log_uniform(Random& random, double from, double to) {
  return std::exp(uniform(random, std::log(from), std::log(to)));
}

// What a publisher does over a week, as factors of its mean rate: second 0 is a Monday's midnight.
using Week = std::array<double, 168>;

void level(Week& week) {
  double sum = 0;
  for (const double factor : week) sum += factor;
  for (double& factor : week) factor *= 168 / sum;
}

Week flat_week() {
  Week week;
  week.fill(1);
  return week;
}

Week diurnal_week(Random& random) {
  Week week;
  const double begin = uniform(random, 0, 24);
  const double awake = uniform(random, 9, 17);
  const double night = uniform(random, 0.02, 0.2);
  for (std::size_t hour = 0; hour < week.size(); ++hour) {
    const double into = std::fmod(static_cast<double>(hour % 24) - begin + 48, 24);
    week[hour] = night + (into < awake ? std::sin(into / awake * 3.14159) : 0);
  }
  level(week);
  return week;
}

// Office hours and quiet weekends, or a few fixed hours of the week.
Week weekly_week(Random& random) {
  Week week = diurnal_week(random);
  if (uniform(random, 0, 1) < 0.6) {
    const double weekend = uniform(random, 0.05, 0.4);
    for (std::size_t hour = 5 * 24; hour < week.size(); ++hour) week[hour] *= weekend;
  } else {
    week.fill(0.02);
    const int slots = 1 + static_cast<int>(uniform(random, 0, 4));
    for (int i = 0; i < slots; ++i) {
      week[static_cast<std::size_t>(uniform(random, 0, 168)) % 168] = 20;
    }
  }
  level(week);
  return week;
}

// A Hawkes process by its clusters: immigrants over the week's rate, each followed by others.
History publish(Random& random, std::string name, double a_day, const Week& week, double branching,
                double decay, double begin, double end) {
  History feed;
  feed.name = std::move(name);
  const double mean = a_day / kDay;
  const double calm = mean * (1 - branching);
  std::vector<double> waiting;
  const double highest = calm * *std::max_element(week.begin(), week.end());
  const auto hour_of = [](double time) {
    return static_cast<std::size_t>(std::fmod(time, kWeek) / kHour) % 168;
  };
  std::exponential_distribution<double> next(highest);
  for (double time = begin + next(random); time < end; time += next(random)) {
    if (uniform(random, 0, highest) < calm * week[hour_of(time)]) waiting.push_back(time);
  }
  std::poisson_distribution<int> children(branching);
  while (!waiting.empty()) {
    const double time = waiting.back();
    waiting.pop_back();
    if (time >= end) continue;
    feed.items.push_back(time);
    for (int left = branching > 0 ? children(random) : 0; left > 0; --left) {
      waiting.push_back(time + std::exponential_distribution<double>(1 / decay)(random));
    }
  }
  std::sort(feed.items.begin(), feed.items.end());
  feed.rate = [week, mean, hour_of, begin, end](double time) {
    return time < begin || time >= end ? 0 : mean * week[hour_of(time)];
  };
  if (branching <= 0) return feed;
  const auto items = std::make_shared<std::vector<double>>(feed.items);
  feed.bursts = [=](double time) {
    if (time < begin || time >= end) return 0.0;
    double rate = calm * week[hour_of(time)];
    auto at = std::lower_bound(items->begin(), items->end(), time);
    while (at != items->begin() && time - *--at < 8 * decay) {
      rate += branching / decay * std::exp(-(time - *at) / decay);
    }
    return rate;
  };
  return feed;
}

// One regime after another: their items, and the rate of whichever holds.
void append(History& feed, const History& next, double from) {
  feed.items.insert(feed.items.end(), next.items.begin(), next.items.end());
  feed.rate = [before = feed.rate, after = next.rate, from](double time) {
    return time < from ? before(time) : after(time);
  };
}

// Pauses for one to three weeks and comes back at another rate; half of them together, as the
// measured weeks begin (later, the oracle would save up polls of weeks, which no budget of a day
// can); the others one by one, and some go to sleep again.
History waking(Random& random, double a_day, double end) {
  const bool together = uniform(random, 0, 1) < 0.5;
  const double wakes = together ? 4 * kWeek + 6 * kHour : uniform(random, 2 * kWeek, 6.5 * kWeek);
  const double sleeps = wakes - uniform(random, 1 * kWeek, 3 * kWeek);
  const bool again = !together && uniform(random, 0, 1) < 0.4;
  const double ends = again ? std::min(wakes + uniform(random, kDay, 2 * kWeek), end) : end;
  const double before = uniform(random, 0, 1) < 0.5 ? a_day : log_uniform(random, 0.1, 2);
  const double asleep = before * (uniform(random, 0, 1) < 0.5 ? 0 : 0.02) + 1e-4;
  const Week week = uniform(random, 0, 1) < 0.5 ? flat_week() : diurnal_week(random);
  const double after = log_uniform(random, 1, 150);
  const std::string name = "waking";
  History feed = publish(random, name, before, week, 0, 1, -2 * kWeek, sleeps);
  append(feed, publish(random, name, asleep, week, 0, 1, sleeps, wakes), sleeps);
  append(feed, publish(random, name, after, week, 0, 1, wakes, ends), wakes);
  append(feed, publish(random, name, asleep, week, 0, 1, ends, end), ends);
  return feed;
}

History make_feed(Random& random, const std::string& kind, double end) {
  const double whole = -2 * kWeek;  // it was there before it was watched
  const double a_day = log_uniform(random, 0.2, 150);
  if (kind == "bursty") {
    const double branching = uniform(random, 0.4, 0.85);
    return publish(random, kind, a_day, flat_week(), branching,
                   log_uniform(random, 10 * 60, 3 * kHour), whole, end);
  }
  if (kind == "diurnal") {
    return publish(random, kind, a_day, diurnal_week(random), 0, 1, whole, end);
  }
  if (kind == "weekly") {
    return publish(random, kind, a_day, weekly_week(random), 0, 1, whole, end);
  }
  if (kind == "dead") {  // half of them have stopped, some long before, some while watched
    const bool stopped = uniform(random, 0, 1) < 0.5;
    const double last = stopped ? uniform(random, -1 * kWeek, 3 * kWeek) : end;
    return publish(random, kind, a_day, flat_week(), 0, 1, whole, last);
  }
  if (kind == "waking") return waking(random, a_day, end);
  // Real ones are some of everything.
  const Week week = uniform(random, 0, 1) < 0.5 ? diurnal_week(random) : weekly_week(random);
  const double branching = uniform(random, 0, 1) < 0.5 ? uniform(random, 0.2, 0.7) : 0;
  return publish(random, kind, a_day, week, branching, log_uniform(random, 600, 2 * kHour), whole,
                 end);
}

std::vector<double> read_times(const std::string& path, Instant begin) {
  std::vector<double> times;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto when = from_iso8601(line);
    if (when) times.push_back(std::chrono::duration<double>(*when - begin).count());
  }
  std::sort(times.begin(), times.end());
  return times;
}

// The rate of what was recorded, in hindsight: the mean of the measured window with the window's
// own profile by hour of the day, blurred by an hour either way.
void estimate_rate(History& feed, const World& world) {
  std::array<double, 24> hours{};
  double count = 0;
  for (const double time : feed.items) {
    if (time < world.measure || time >= world.end) continue;
    hours[static_cast<std::size_t>(std::fmod(time, kDay) / kHour) % 24] += 1;
    ++count;
  }
  std::array<double, 24> rates{};
  const double days = (world.end - world.measure) / kDay;
  for (std::size_t i = 0; i < 24; ++i) {
    const double blurred = hours[i] / 2 + hours[(i + 1) % 24] / 4 + hours[(i + 23) % 24] / 4;
    rates[i] = count == 0 ? 0 : blurred / days / kHour;
  }
  feed.rate = [rates](double time) {
    return rates[static_cast<std::size_t>(std::fmod(time, kDay) / kHour) % 24];
  };
}

}  // namespace

World make_world(const std::string& kind, std::uint64_t seed) {
  Random random(seed * 1000 + std::hash<std::string>()(kind) % 1000);
  World world;
  world.name = kind;
  world.begin = from_iso8601("2024-01-01T00:00:00Z").value();  // a Monday
  world.measure = 4 * kWeek;
  world.end = 7 * kWeek;
  world.rates = "as generated";
  for (int i = 0; i < 60; ++i) {
    static constexpr std::array<const char*, 5> kKinds = {"bursty", "diurnal", "weekly", "dead",
                                                          "real"};
    const std::string one = kind == "mixed" ? kKinds[static_cast<std::size_t>(i) % 5] : kind;
    History feed = make_feed(random, one, world.end + kWeek);
    feed.shown = uniform(random, 0, 1) < 0.3 ? 10 : uniform(random, 0, 1) < 0.5 ? 25 : 50;
    world.feeds.push_back(std::move(feed));
  }
  return world;
}

World recorded_world(const std::string& folder, const std::string& learn, const std::string& from,
                     const std::string& to, bool sections) {
  World world;
  world.name = sections ? "recorded, with sections" : "recorded";
  world.begin = from_iso8601(learn).value() - std::chrono::days(7);
  const auto second_of = [&](const std::string& date) {
    return std::chrono::duration<double>(from_iso8601(date).value() - world.begin).count();
  };
  world.learn_from = second_of(learn);
  world.measure = second_of(from);
  world.end = second_of(to);
  world.rates = "mean and hours of the measured window itself, in hindsight";
  constexpr std::array<double, 5> kShares = {0.5, 0.25, 0.15, 0.08, 0.02};
  for (const char* outlet : {"bbc", "cnn", "dailymail"}) {
    History whole;
    whole.name = outlet;
    whole.items = read_times(folder + "/" + outlet + ".txt", world.begin);
    if (sections) {
      Random random(7);
      std::discrete_distribution<std::size_t> pick(kShares.begin(), kShares.end());
      std::vector<History> parts(kShares.size());
      for (const double time : whole.items) parts[pick(random)].items.push_back(time);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i].name = whole.name + " " + std::to_string(i + 1);
        estimate_rate(parts[i], world);
        world.feeds.push_back(std::move(parts[i]));
      }
    }
    estimate_rate(whole, world);
    world.feeds.push_back(std::move(whole));
  }
  return world;
}

}  // namespace wirewatch::eval
