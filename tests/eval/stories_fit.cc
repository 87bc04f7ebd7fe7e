#include "tests/eval/stories_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <unordered_map>

#include "feeds/stories/story_index.h"
#include "tests/eval/evidence_fit.h"

namespace wirewatch::eval {
namespace {

using feeds::Parameters;

// Of a mixed story, as much must be of the document's own for joining it to be right.
constexpr double own_share_least = 0.6;
// The weight of a document whose story has begun but is not among those near it.
constexpr double lost_weight = 0.3;
constexpr std::size_t rounds_kept = 6;
// Of each set, about.
constexpr std::size_t decisions_of_round = 700;

std::string kind_of(const Set& set) {
  return set.name.substr(0, set.name.find('-'));
}

// Strangers only keep the rest honest.
double weight_of(const std::string& kind) {
  return kind == "strangers" ? 200 : 1000;
}

std::size_t fold_of(const Set& set, int truth, std::size_t folds) {
  const auto key = static_cast<std::uint32_t>(set.topics[static_cast<std::size_t>(truth)]);
  return (key * 2654435761u >> 16) % folds;
}

// A decision and the document that it was about.
struct Noted {
  const Set* set = nullptr;
  int truth = 0;
  Decision decision;
};

struct Pass {
  std::vector<std::string> stories;
  std::vector<Noted> noted;
};

// How many of a story's documents are of which true story.
using Members = std::unordered_map<std::string, std::map<int, int>>;

Decision decision_of(const std::vector<feeds::StoryNear>& near, Members& members, int truth,
                     bool has_begun) {
  std::vector<double> own(near.size());
  double most = 0;
  for (std::size_t i = 0; i < near.size(); ++i) {
    double all = 0;
    double mine = 0;
    for (const auto& [story, count] : members[near[i].story]) {
      all += count;
      if (story == truth) mine += count;
    }
    if (all > 0 && mine >= own_share_least * all) own[i] = mine;
    most = std::max(most, own[i]);
  }
  Decision decision;
  for (std::size_t i = 0; i < near.size(); ++i) {
    Choice choice;
    std::copy(near[i].evidence.begin(), near[i].evidence.end(), choice.evidence.begin());
    choice.right = own[i] > 0 && own[i] >= most / 2;
    decision.choices.push_back(choice);
  }
  if (most == 0 && has_begun) decision.weight = lost_weight;
  return decision;
}

Pass pass(const Set& set, const Parameters& parameters) {
  feeds::StoryIndex index(feeds::StoryLimits{}, parameters);
  Pass pass;
  Members members;
  std::map<int, bool> begun;
  std::unordered_map<std::string, int> truths;
  for (std::size_t i = 0; i < set.documents.size(); ++i) {
    const int truth = set.truth[i];
    const std::vector<feeds::StoryNear> near = index.stories_near(set.documents[i], {});
    feeds::Placement placement = index.place(set.documents[i], {});
    if (truth >= 0 && placement.relation != feeds::Relation::copy && !near.empty())
      pass.noted.push_back({&set, truth, decision_of(near, members, truth, begun[truth])});
    for (const feeds::StoryMerge& merge : placement.merges) {
      for (const auto& [story, count] : members[merge.story]) members[merge.into][story] += count;
      members.erase(merge.story);
    }
    if (placement.split) {
      for (const feeds::StorySplit::Left& left : placement.split->documents) {
        const auto known = truths.find(left.id);
        if (known == truths.end()) continue;
        --members[placement.split->from][known->second];
        ++members[placement.split->story][known->second];
      }
    }
    truths[set.documents[i].id] = truth;
    ++members[placement.story][truth];
    if (truth >= 0) begun[truth] = true;
    pass.stories.push_back(std::move(placement.story));
  }
  return pass;
}

// A bound on the cosine with the story: where the first round starts, whatever parameters.h says.
Parameters plain(Parameters parameters) {
  parameters.start_score = -2.7;
  parameters.curves = {};
  auto& centroid = parameters.curves[static_cast<std::size_t>(feeds::Evidence::centroid)];
  centroid.at = {0, 0.25, 0.5, 0.75, 1};
  centroid.adds = {0, 2.5, 5, 7.5, 10};
  return parameters;
}

using Wanted = std::function<bool(const Set&, int truth)>;

double worth(const std::vector<Set>& sets, const Parameters& parameters, const Wanted& wanted) {
  double sum = 0;
  double count = 0;
  for (const Set& set : sets) {
    std::vector<int> truth = set.truth;
    for (int& one : truth)
      if (one >= 0 && !wanted(set, one)) one = -1;
    if (std::count(truth.begin(), truth.end(), -1) == std::ssize(truth)) continue;
    const Scores s = score(truth, pass(set, parameters).stories);
    sum += s.pair_f1 + s.bcubed_f1 + 0.5 * s.once - 0.5 * s.never;
    count += 1;
  }
  return sum / count;
}

LearntCurves learnt_from(const std::deque<std::vector<Noted>>& rounds, const Wanted& wanted,
                         std::vector<double>& start) {
  std::map<std::string, double> counts;
  for (const std::vector<Noted>& round : rounds)
    for (const Noted& one : round)
      if (wanted(*one.set, one.truth)) counts[kind_of(*one.set)] += 1;
  std::vector<Decision> decisions;
  for (const std::vector<Noted>& round : rounds) {
    for (const Noted& one : round) {
      if (!wanted(*one.set, one.truth)) continue;
      decisions.push_back(one.decision);
      decisions.back().weight *= weight_of(kind_of(*one.set)) / counts[kind_of(*one.set)];
    }
  }
  return fit_curves(decisions, start);
}

// Where the documents of one part went, under the decisions learnt from the others.
struct HeldOut {
  std::vector<int> truth;
  std::vector<std::string> stories;
};

class Fitting {
 public:
  Fitting(const std::vector<Set>& sets, const Parameters& parameters, int rounds)
      : sets_(sets), parameters_(plain(parameters)), rounds_(rounds), held_(sets.size()) {}

  // Learns from what is wanted. The rest is noted as held out, under `name`.
  void run(const std::string& name, const Wanted& wanted) {
    Parameters now = parameters_;
    std::deque<std::vector<Noted>> rounds;
    std::vector<double> start;
    for (int round = 0; round < rounds_; ++round) {
      rounds.push_back(note(fmt::format("{} round {}", name, round), now, round));
      if (rounds.size() > rounds_kept) rounds.pop_front();
      found_ = learnt_from(rounds, wanted, start);
      now.start_score = found_.start_score;
      now.curves = found_.curves;
    }
    found_.start_score = now.start_score = best_start(now, wanted);
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      const Pass one = pass(sets_[i], now);
      fmt::print("{} {}\n", name, in_words(sets_[i].name, score(sets_[i].truth, one.stories)));
      hold(i, name, wanted, one.stories);
    }
    std::fflush(stdout);
  }

  const LearntCurves& found() const { return found_; }

  void print_held_out() const {
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      const HeldOut& held = held_[i];
      fmt::print("held out {}\n", in_words(sets_[i].name, score(held.truth, held.stories)));
    }
  }

 private:
  std::vector<Noted> note(const std::string& name, const Parameters& now, int round) const {
    std::vector<Noted> noted;
    for (const Set& set : sets_) {
      Pass one = pass(set, now);
      fmt::print("{} {}\n", name, in_words(set.name, score(set.truth, one.stories)));
      // One of several suffices for each round: the next ones note the others.
      const std::size_t each = 1 + one.noted.size() / decisions_of_round;
      for (std::size_t k = static_cast<std::size_t>(round) % each; k < one.noted.size(); k += each)
        noted.push_back(std::move(one.noted[k]));
    }
    std::fflush(stdout);
    return noted;
  }

  // The likeliest decisions are not those with the best scores, which count pairs.
  double best_start(const Parameters& now, const Wanted& wanted) const {
    double best = now.start_score;
    double most = 0;
    for (int step = 2; step >= -6; --step) {
      Parameters other = now;
      other.start_score += 0.1 * step;
      const double reached = worth(sets_, other, wanted);
      if (reached > most) best = other.start_score;
      most = std::max(most, reached);
    }
    return std::round(best * 1000) / 1000;
  }

  void hold(std::size_t set, const std::string& name, const Wanted& wanted,
            const std::vector<std::string>& stories) {
    for (std::size_t i = 0; i < stories.size(); ++i) {
      const int truth = sets_[set].truth[i];
      if (truth < 0 || wanted(sets_[set], truth)) continue;
      held_[set].truth.push_back(truth);
      held_[set].stories.push_back(name + stories[i]);
    }
  }

  const std::vector<Set>& sets_;
  Parameters parameters_;
  int rounds_;
  LearntCurves found_;
  std::vector<HeldOut> held_;  // by set
};

}  // namespace

std::string in_words(const std::string& name, const Scores& s) {
  return fmt::format(
      "{:<11} ARI {:.4f} pair P {:.4f} R {:.4f} F1 {:.4f} BCubed P {:.4f} R {:.4f} F1 {:.4f} "
      "once {:.4f} never {:.4f}",
      name, s.ari, s.pair_precision, s.pair_recall, s.pair_f1, s.bcubed_precision, s.bcubed_recall,
      s.bcubed_f1, s.once, s.never);
}

double worth_of(const std::vector<Set>& sets, const Parameters& parameters) {
  return worth(sets, parameters, [](const Set&, int) { return true; });
}

void fit_stories(const std::vector<Set>& sets, const Parameters& parameters, const FitPlan& plan) {
  Fitting fitting(sets, parameters, plan.rounds);
  if (plan.by_kind) {
    std::map<std::string, bool> kinds;
    for (const Set& set : sets) kinds[kind_of(set)] = true;
    for (const auto& entry : kinds) {
      const std::string kind = entry.first;
      fitting.run("without " + kind, [kind](const Set& set, int) { return kind_of(set) != kind; });
    }
  }
  for (std::size_t fold = 0; !plan.by_kind && fold < plan.folds; ++fold)
    fitting.run(fmt::format("without part {}", fold), [&plan, fold](const Set& set, int truth) {
      return fold_of(set, truth, plan.folds) != fold;
    });
  if (plan.by_kind || plan.folds > 0) {
    fitting.print_held_out();
    return;
  }
  fitting.run("all", [](const Set&, int) { return true; });
  fmt::print("{}", as_source(fitting.found()));
}

}  // namespace wirewatch::eval
