#include "tests/eval/evidence_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "tests/eval/descent.h"
#include "tests/eval/parameter_names.h"

namespace wirewatch::eval {
namespace {

using feeds::curve_knots;
using feeds::Evidence;
using feeds::evidence_count;

constexpr double price_of_values = 0.3;
constexpr double price_of_bends = 2;
constexpr double brief_costs = 2;  // times the price of the rest: what is short is the exception
constexpr int most_steps = 80;

// Odds, counts and distance in time, in which the score is straight: a bend would tell one stream
// from another.
bool is_straight(std::size_t evidence) {
  const auto what = static_cast<Evidence>(evidence);
  return what == Evidence::beginning || what == Evidence::near_best ||
         what == Evidence::near_many || what == Evidence::size || what == Evidence::days;
}

enum class Direction : unsigned char { rises, falls, any };

// What is more alike is never less evidence for the story, whatever the decisions fitted say: where
// none of them was, a curve that may turn tells anything.
Direction direction(std::size_t evidence) {
  switch (static_cast<Evidence>(evidence)) {
    case Evidence::crowd:
    case Evidence::days:
    case Evidence::new_name:
    case Evidence::length:
    case Evidence::beginning:
      return Direction::falls;
    case Evidence::size:
    case Evidence::shortness:
    case Evidence::near_best:
    case Evidence::near_many:
      return Direction::any;
    // Of a large story, whose many words every document has: at one cosine, more of them in common
    // may speak against it.
    case Evidence::known:
    case Evidence::shared:
    case Evidence::story_title:
    case Evidence::votes:
    case Evidence::known_gap:
    case Evidence::title_gap:
      return Direction::any;
    default:
      return Direction::rises;
  }
}

// The numbers looked for: the start score, then of each curve `adds` and `brief`.
constexpr std::size_t number_count = 1 + 2 * curve_knots * evidence_count;
constexpr std::size_t adds_at(std::size_t evidence) {
  return 1 + 2 * curve_knots * evidence;
}
constexpr std::size_t brief_at(std::size_t evidence) {
  return adds_at(evidence) + curve_knots;
}

using Knots = std::array<double, curve_knots>;

struct Weighed {
  double value = 0;
  double weight = 0;
};

// The value that a share of the weight lies below; of values in order.
double at_share(const std::vector<Weighed>& values, double share) {
  double all = 0;
  for (const Weighed& one : values) all += one.weight;
  double below = 0;
  for (const Weighed& one : values) {
    below += one.weight;
    if (below >= share * all * (1 - 1e-9)) return one.value;
  }
  return values.back().value;
}

// At equal shares of the weight of what lies beyond the knot before, so that a value that many have
// (no days, all known) takes one knot and not all.
Knots knots_of(std::vector<Weighed> values, std::size_t evidence) {
  std::sort(values.begin(), values.end(),
            [](const Weighed& a, const Weighed& b) { return a.value < b.value; });
  const std::size_t most = is_straight(evidence) ? 2 : curve_knots;
  const double first = at_share(values, 0.01);
  const double last = at_share(values, 0.99);
  const double least = 1e-6 + 0.02 * (last - first);
  std::erase_if(values, [last](const Weighed& one) { return one.value > last; });
  std::vector<double> kept = {first};
  while (kept.size() < most) {
    const double beyond = kept.back() + least;
    std::erase_if(values, [beyond](const Weighed& one) { return one.value <= beyond; });
    if (values.empty()) break;
    kept.push_back(at_share(values, 1 / static_cast<double>(most - kept.size())));
  }
  if (kept.size() < 2) kept.push_back(kept.back() + 1);
  Knots knots{};
  // As the source will have it.
  for (std::size_t k = 0; k < curve_knots; ++k)
    knots[k] = std::stod(fmt::format("{:.4g}", kept[std::min(k, kept.size() - 1)]));
  return knots;
}

// Where a value lies: `low` of the number before it and `high` of the one behind.
struct Cell {
  std::size_t at = 0;
  double low = 0;
  double high = 0;
};

class Likelihood {
 public:
  explicit Likelihood(const std::vector<Decision>& decisions) : decisions_(decisions) {
    for (std::size_t j = 0; j < evidence_count; ++j) {
      std::vector<Weighed> values;
      for (const Decision& one : decisions)
        for (const Choice& choice : one.choices)
          values.push_back(
              {choice.evidence[j], one.weight / static_cast<double>(one.choices.size())});
      knots_[j] = knots_of(std::move(values), j);
    }
    for (const Decision& one : decisions)
      for (const Choice& choice : one.choices) add_cells(choice.evidence);
  }

  const Knots& knots(std::size_t evidence) const { return knots_[evidence]; }

  // What the answers and the prices cost, and its slope.
  double operator()(const Numbers& numbers, Numbers& slope) const {
    slope.assign(number_count, 0);
    double cost = 0;
    std::size_t row = 0;
    for (const Decision& one : decisions_) cost += of(one, row, numbers, slope);
    for (std::size_t j = 0; j < evidence_count; ++j) {
      cost += price(adds_at(j), j, 1, numbers, slope);
      cost += price(brief_at(j), j, brief_costs, numbers, slope);
    }
    return cost;
  }

 private:
  void add_cells(const feeds::EvidenceValues& values) {
    const double shortness = values[static_cast<std::size_t>(Evidence::shortness)];
    for (std::size_t j = 0; j < evidence_count; ++j) {
      const Knots& at = knots_[j];
      std::size_t k = 0;
      while (k + 2 < curve_knots && values[j] >= at[k + 1]) ++k;
      double along = values[j] < at[k + 1] ? 0 : 1;
      if (values[j] > at[k] && values[j] < at[k + 1])
        along = (values[j] - at[k]) / (at[k + 1] - at[k]);
      cells_.push_back({adds_at(j) + k, 1 - along, along});
      if (shortness > 0)
        cells_.push_back({brief_at(j) + k, shortness * (1 - along), shortness * along});
    }
    ends_.push_back(cells_.size());
  }

  std::span<const Cell> cells(std::size_t row) const {
    const std::size_t from = row == 0 ? 0 : ends_[row - 1];
    return std::span<const Cell>(cells_).subspan(from, ends_[row] - from);
  }

  double of(const Decision& one, std::size_t& row, const Numbers& numbers, Numbers& slope) const {
    Numbers scores;
    double top = 0;
    bool begins = true;
    for (std::size_t i = 0; i < one.choices.size(); ++i) {
      double score = numbers[0];
      for (const Cell& cell : cells(row + i))
        score += cell.low * numbers[cell.at] + cell.high * numbers[cell.at + 1];
      scores.push_back(score);
      top = std::max(top, score);
      begins = begins && !one.choices[i].right;
    }
    double all = std::exp(-top);
    double right = begins ? all : 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      all += std::exp(scores[i] - top);
      if (one.choices[i].right) right += std::exp(scores[i] - top);
    }
    right = std::max(right, 1e-300);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const double chance = std::exp(scores[i] - top);
      const double share = one.choices[i].right ? chance / right : 0;
      const double steep = one.weight * (chance / all - share);
      slope[0] += steep;
      for (const Cell& cell : cells(row + i)) {
        slope[cell.at] += steep * cell.low;
        slope[cell.at + 1] += steep * cell.high;
      }
    }
    row += one.choices.size();
    return -one.weight * std::log(right / all);
  }

  double price(std::size_t from, std::size_t evidence, double times, const Numbers& numbers,
               Numbers& slope) const {
    const Knots& at = knots_[evidence];
    double cost = 0;
    for (std::size_t k = 0; k < curve_knots; ++k) {
      cost += times * price_of_values / 2 * numbers[from + k] * numbers[from + k];
      slope[from + k] += times * price_of_values * numbers[from + k];
    }
    const double range = at.back() - at.front();
    for (std::size_t k = 0; k + 2 < curve_knots && at[k + 2] > at[k + 1]; ++k) {
      const double left = (at[k + 1] - at[k]) / range;
      const double right = (at[k + 2] - at[k + 1]) / range;
      const double scale = (left + right) / 2;
      const double bend = scale * ((numbers[from + k] - numbers[from + k + 1]) / left +
                                   (numbers[from + k + 2] - numbers[from + k + 1]) / right);
      cost += times * price_of_bends / 2 * bend * bend;
      const double steep = times * price_of_bends * bend * scale;
      slope[from + k] += steep / left;
      slope[from + k + 1] -= steep * (1 / left + 1 / right);
      slope[from + k + 2] += steep / right;
    }
    return cost;
  }

  const std::vector<Decision>& decisions_;
  std::array<Knots, evidence_count> knots_{};
  std::vector<Cell> cells_;        // of each choice one for each curve, two for short documents
  std::vector<std::size_t> ends_;  // of each choice, where its cells end
};

// The numbers looked for are the curves' first values and the steps from knot to knot, for long
// documents and for short ones, each step counted in the direction it may have.
Numbers as_curves(const Numbers& steps) {
  Numbers numbers(number_count);
  numbers[0] = steps[0];
  for (std::size_t j = 0; j < evidence_count; ++j) {
    const double sign = direction(j) == Direction::falls ? -1 : 1;
    double longer = 0;
    double shorter = 0;
    for (std::size_t k = 0; k < curve_knots; ++k) {
      longer += (k == 0 ? 1 : sign) * steps[adds_at(j) + k];
      shorter += (k == 0 ? 1 : sign) * steps[brief_at(j) + k];
      numbers[adds_at(j) + k] = longer;
      numbers[brief_at(j) + k] = shorter - longer;
    }
  }
  return numbers;
}

Numbers slope_of_steps(const Numbers& slope) {
  Numbers steps(number_count);
  steps[0] = slope[0];
  for (std::size_t j = 0; j < evidence_count; ++j) {
    const double sign = direction(j) == Direction::falls ? -1 : 1;
    double longer = 0;
    double shorter = 0;
    for (std::size_t k = curve_knots; k-- > 0;) {
      longer += slope[adds_at(j) + k] - slope[brief_at(j) + k];
      shorter += slope[brief_at(j) + k];
      steps[adds_at(j) + k] = (k == 0 ? 1 : sign) * longer;
      steps[brief_at(j) + k] = (k == 0 ? 1 : sign) * shorter;
    }
  }
  return steps;
}

std::vector<bool> bounded_steps() {
  std::vector<bool> bounded(number_count, false);
  for (std::size_t j = 0; j < evidence_count; ++j) {
    for (std::size_t k = 1; k < curve_knots; ++k)
      bounded[adds_at(j) + k] = bounded[brief_at(j) + k] = direction(j) != Direction::any;
  }
  return bounded;
}

}  // namespace

LearntCurves fit_curves(const std::vector<Decision>& decisions, std::vector<double>& found) {
  const Likelihood likelihood(decisions);
  const Cost cost = [&likelihood](const Numbers& steps, Numbers& slope) {
    Numbers of_curves;
    const double costs = likelihood(as_curves(steps), of_curves);
    slope = slope_of_steps(of_curves);
    return costs;
  };
  found.resize(number_count, 0);
  found = lowest(cost, std::move(found), bounded_steps(), most_steps);
  const Numbers numbers = as_curves(found);
  const auto rounded = [](double number) { return std::round(number * 1000) / 1000; };
  LearntCurves learnt;
  learnt.start_score = rounded(numbers[0]);
  for (std::size_t j = 0; j < evidence_count; ++j) {
    feeds::EvidenceCurve& curve = learnt.curves[j];
    curve.at = likelihood.knots(j);
    for (std::size_t k = 0; k < curve_knots; ++k) {
      // Where knots repeat, the numbers behind the last are not used.
      const bool used = k < 2 || curve.at[k] > curve.at[k - 1];
      curve.adds[k] = used ? rounded(numbers[adds_at(j) + k]) : curve.adds[k - 1];
      curve.brief[k] = used ? rounded(numbers[brief_at(j) + k]) : curve.brief[k - 1];
    }
  }
  return learnt;
}

std::string as_source(const LearntCurves& learnt) {
  const auto list = [](const std::array<double, curve_knots>& numbers) {
    return fmt::format("{{{:.6g}}}", fmt::join(numbers, ", "));
  };
  std::string text = fmt::format("  double start_score = {:.6g};\n", learnt.start_score);
  for (std::size_t j = 0; j < evidence_count; ++j) {
    const feeds::EvidenceCurve& curve = learnt.curves[j];
    text += fmt::format("      // {}\n      {{{},\n       {},\n       {}}},\n", name_of_evidence(j),
                        list(curve.at), list(curve.adds), list(curve.brief));
  }
  return text;
}

}  // namespace wirewatch::eval
