// stories_eval [--shared DIR] [--sets NAME,…] [NAME=VALUE …] [-- NAME=VALUE …]…
// Reads each set once, and prints its scores under each setting of feeds/stories/parameters.h.
// With --fit ROUNDS it fits the curves of the evidence (stories_fit.h); with --folds N as well it
// scores what was left out instead, with --by-kind 1 whole kinds of sets.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <unordered_map>

#include "feeds/stories/last_stories.h"
#include "feeds/stories/parameters.h"
#include "feeds/stories/story_index.h"
#include "tests/eval/evaluation.h"
#include "tests/eval/parameter_names.h"
#include "tests/eval/stories_fit.h"
#include "tests/eval/story_sets.h"

namespace wirewatch::eval {
namespace {

using feeds::Parameters;

struct Placed {
  std::vector<std::string> stories;
  std::vector<std::string> copies;
  std::vector<std::string> final_stories;
};

Placed placed(const Set& set, const Parameters& parameters) {
  feeds::StoryIndex index(feeds::StoryLimits{}, parameters);
  Placed all;
  feeds::LastStories last;
  for (const feeds::Document& document : set.documents) {
    feeds::Placement placement = index.place(document, {});
    last.take(document.id, placement);
    all.stories.push_back(std::move(placement.story));
    all.copies.push_back(std::move(placement.copy_group));
  }
  for (const feeds::Document& document : set.documents)
    all.final_stories.push_back(last.of(document.id));
  return all;
}

void print_scores(const Set& set, const Parameters& parameters) {
  const auto started = std::chrono::steady_clock::now();
  const Placed all = placed(set, parameters);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  const bool by_copies = set.name == "syndication";
  const Scores s = score(set.truth, by_copies ? all.copies : all.stories);
  const Scores at_last = score(set.truth, by_copies ? all.copies : all.final_stories);
  fmt::print("{}  final {:.4f} {:.4f}  {:.0f}/s\n", in_words(set.name, s), at_last.pair_f1,
             at_last.bcubed_f1, static_cast<double>(set.documents.size()) / took.count());
}

std::string describe(const Parameters& parameters, const std::vector<std::string>& varied) {
  std::string text;
  for (const std::string& name : varied)
    text += fmt::format(" {}={:.4g}", name, *number_of(const_cast<Parameters&>(parameters), name));
  return text;
}

// Changes one to three of `varied` at random, and keeps what is better; the same seed finds the
// same. Steps shrink for what was varied in vain and grow for what helped.
void search(const std::vector<Set>& sets, Parameters best, const std::vector<std::string>& varied,
            int tries, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> steps;
  for (const std::string& name : varied) steps.push_back(0.3 * std::abs(*number_of(best, name)));
  double best_worth = worth_of(sets, best);
  fmt::print("{:.4f}{}\n", best_worth, describe(best, varied));
  for (int i = 0; i < tries; ++i) {
    Parameters other = best;
    std::vector<std::size_t> changed;
    for (auto k = random() % 3 + 1; k > 0; --k) {
      const std::size_t which = random() % varied.size();
      *number_of(other, varied[which]) += steps[which] * normal(random);
      changed.push_back(which);
    }
    const double reached = worth_of(sets, other);
    const bool better = reached > best_worth;
    for (const std::size_t which : changed) steps[which] *= better ? 1.6 : 0.93;
    if (!better) continue;
    best_worth = reached;
    best = other;
    fmt::print("{:.4f}{}\n", best_worth, describe(best, varied));
    std::fflush(stdout);
  }
}

std::vector<std::string> split(const std::string& names) {
  std::vector<std::string> all;
  for (std::size_t start = 0; start <= names.size();) {
    const std::size_t end = std::min(names.find(',', start), names.size());
    all.push_back(names.substr(start, end - start));
    start = end + 1;
  }
  return all;
}

int run(int argc, char** argv) {
  std::string shared = "../shared";
  std::string names = "ecb,allsides,headlines";
  std::optional<FitPlan> plan;
  int tries = 0;
  unsigned seed = 1;
  std::vector<std::string> varied;
  std::vector<Parameters> settings(1);
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--shared" && has_value) {
      shared = argv[++i];
    } else if (word == "--sets" && has_value) {
      names = argv[++i];
    } else if (word == "--fit" && has_value) {
      plan.emplace().rounds = std::atoi(argv[++i]);
    } else if (word == "--folds" && has_value && plan) {
      plan->folds = static_cast<std::size_t>(std::atoi(argv[++i]));
    } else if (word == "--by-kind" && has_value && plan) {
      plan->by_kind = std::atoi(argv[++i]) != 0;
    } else if (word == "--search" && has_value) {
      tries = std::atoi(argv[++i]);
    } else if (word == "--seed" && has_value) {
      seed = static_cast<unsigned>(std::atoi(argv[++i]));
    } else if (word == "--vary" && has_value) {
      varied = split(argv[++i]);
    } else if (word == "--") {
      settings.emplace_back();
    } else {
      assign(settings.back(), word);
    }
  }
  std::vector<Set> sets;
  for (const std::string& name : split(names)) {
    sets.push_back(story_set(name, shared + "/data"));
    if (tries > 0 || plan) continue;
    for (const Parameters& parameters : settings) print_scores(sets.back(), parameters);
    sets.clear();
  }
  if (plan) fit_stories(sets, settings.front(), *plan);
  if (tries > 0) search(sets, settings.front(), varied, tries, seed);
  return 0;
}

}  // namespace
}  // namespace wirewatch::eval

int main(int argc, char** argv) {
  return wirewatch::eval::run(argc, argv);
}
