// How long it takes from publication to detection at a budget of polls: a line a figure.
//
//   polling_eval [--tuning] [--histories FOLDER] [--world KIND] [--minutes MINUTES]
//
// Exits 1 when a figure falls short of its reach.
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/eval/polling/simulate.h"

namespace {

using namespace wirewatch;
using namespace wirewatch::eval;

constexpr double kReach = 0.80;

struct Options {
  bool tuning = false;
  std::string world;   // of one kind only, or recorded; empty: all
  double minutes = 0;  // at this budget only; 0: at each
  std::string histories = "../shared/data/histories";
};

struct Sum {
  double polls = 0, items = 0, fixed = 0, ours = 0;
  double knows[3] = {0, 0, 0};
  std::uint64_t lost = 0, lost_though_shown = 0, apart = 0, told = 0;
};

// Weighed by items: the mean over all of them.
void add(Sum& sum, const World& world, double minutes, std::uint64_t seed) {
  const double a_day = static_cast<double>(world.feeds.size()) * 24 * 60 / minutes;
  const Outcome our = ours(world, a_day, seed);
  sum.polls += our.polls;
  sum.items += our.items;
  sum.ours += our.mean_delay * our.items;
  sum.fixed += fixed(world, our.polls, seed).mean_delay * our.items;
  for (const Knows knows : {Knows::mean, Knows::hours, Knows::bursts}) {
    sum.knows[static_cast<int>(knows)] +=
        oracle(world, our.polls, knows, seed).mean_delay * our.items;
  }
  sum.lost += our.lost;
  sum.lost_though_shown += our.lost_though_shown;
  sum.apart += our.pairs_apart;
  sum.told += our.gaps_told;
}

double share(const Sum& sum, Knows knows) {
  return (sum.fixed - sum.ours) / (sum.fixed - sum.knows[static_cast<int>(knows)]);
}

// `counts`: whether the reach applies; if not, the line is for information and never short.
bool print(const std::string& name, double minutes, const Sum& sum, double budget, bool counts) {
  const auto delay = [&](double all) { return all / sum.items / 60; };
  const double reached = share(sum, Knows::mean);  // polls ∝ √rate, the law of the limit
  const bool good = reached >= kReach || !counts;
  const char* verdict = !counts ? "reported only" : good ? "good" : "SHORT";
  fmt::print(
      "{:<24} a poll in {:>3.0f} min a feed: fixed {:6.2f} min, oracle (mean rate) {:6.2f}, oracle "
      "(rate by the hour) {:6.2f}, ours {:6.2f}: {:.0f} % and {:.0f} % of the gain (reach {:.0f} "
      "%) {}   [told of bursts {:.2f}: {:.0f} %; {:.0f} items, {:.1f} % of the budget]\n",
      name, minutes, delay(sum.fixed), delay(sum.knows[0]), delay(sum.knows[1]), delay(sum.ours),
      100 * share(sum, Knows::mean), 100 * share(sum, Knows::hours), 100 * kReach, verdict,
      delay(sum.knows[2]), 100 * share(sum, Knows::bursts), sum.items, 100 * sum.polls / budget);
  return good;
}

double budget_of(const World& world, double minutes) {
  return static_cast<double>(world.feeds.size()) * (world.end - world.measure) / 60 / minutes;
}

bool losses(const Sum& all) {
  fmt::print("lost items that were shown for twice the interval: {} (reach 0), of {} lost {}\n",
             all.lost_though_shown, all.lost, all.lost_though_shown == 0 ? "good" : "SHORT");
  fmt::print("pairs of documents apart that are told as gaps: {} of {} (reach all) {}\n", all.told,
             all.apart, all.told == all.apart ? "good" : "SHORT");
  return all.lost_though_shown == 0 && all.told == all.apart;
}

struct Run {
  const Options& options;
  std::vector<std::uint64_t> seeds;
  Sum all;
  bool good = true;

  void count(const std::string& name, double minutes, const Sum& sum, double budget,
             bool counts = true) {
    good = print(name, minutes, sum, budget, counts) && good;
    all.lost += sum.lost;
    all.lost_though_shown += sum.lost_though_shown;
    all.apart += sum.apart;
    all.told += sum.told;
  }
  void generated(double minutes);
  void recorded(double minutes);
};

void Run::generated(double minutes) {
  for (const char* kind : {"bursty", "diurnal", "weekly", "dead", "waking", "mixed"}) {
    if (!options.world.empty() && options.world != kind) continue;
    Sum sum;
    double budget = 0;
    for (const std::uint64_t seed : seeds) {
      const World world = make_world(kind, seed);
      add(sum, world, minutes, seed);
      budget += budget_of(world, minutes);
    }
    count(kind, minutes, sum, budget);
  }
}

// A dense window is learned and measured in itself: where captures are rare, the recording says
// nothing of what the outlet published. `dense` is false where the days of learning lie in such a
// hole; what comes then is a feed that wakes up at hundreds of times its learned rate.
// A window of days has few items, so what counts is all dense windows together.
void Run::recorded(double minutes) {
  struct Window {
    const char *label, *learn, *from, *to;
    bool dense;
  };
  const std::vector<Window> windows =
      options.tuning
          ? std::vector<Window>{{"Apr–May 2020", "2020-04-21", "2020-04-29", "2020-05-15", true}}
          : std::vector<Window>{
                {"May 2020", "2020-05-01", "2020-05-16", "2020-06-01", true},
                {"Sep 2021", "2021-09-16", "2021-09-18", "2021-09-21", true},
                {"Sep 2021, hole", "2021-09-04", "2021-09-15", "2021-09-21", false}};
  for (const bool sections : {false, true}) {
    const char* suffix = sections ? ", sections" : "";
    Sum together;
    double budget_together = 0;
    for (const Window& window : windows) {
      const World world =
          recorded_world(options.histories, window.learn, window.from, window.to, sections);
      Sum sum;
      for (const std::uint64_t seed : seeds) add(sum, world, minutes, seed);
      const double budget = budget_of(world, minutes) * static_cast<double>(seeds.size());
      count(std::string(window.label) + suffix, minutes, sum, budget, false);
      if (!window.dense) continue;
      for (const std::uint64_t seed : seeds) add(together, world, minutes, seed);
      budget_together += budget;
    }
    const std::string name = std::string("recorded, dense") + suffix;
    good = print(name, minutes, together, budget_together, true) && good;
  }
}

bool run(const Options& options) {
  Run run{options, {101, 102, 103}, {}, true};
  if (options.tuning) run.seeds = {1, 2};
  const bool wanted = options.world.empty() || options.world == "recorded";
  const bool histories = wanted && std::filesystem::exists(options.histories + "/bbc.txt");
  if (wanted && !histories) {
    fmt::print("recorded histories skipped: \"{}\" is not there\n", options.histories);
  }
  for (const double minutes : {180.0, 60.0, 20.0}) {
    if (options.minutes > 0 && options.minutes != minutes) continue;
    run.generated(minutes);
    if (histories) run.recorded(minutes);
  }
  return losses(run.all) && run.good;
}

}  // namespace

// Items are weighed alike, so busy feeds count most; that is what people wait for.
int main(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "--tuning") == 0) options.tuning = true;
    if (std::strcmp(arguments[i], "--world") == 0 && i + 1 < count) options.world = arguments[++i];
    if (std::strcmp(arguments[i], "--minutes") == 0 && i + 1 < count) {
      options.minutes = std::strtod(arguments[++i], nullptr);
    }
    if (std::strcmp(arguments[i], "--histories") == 0 && i + 1 < count) {
      options.histories = arguments[++i];
    }
  }
  return run(options) ? 0 : 1;
}
