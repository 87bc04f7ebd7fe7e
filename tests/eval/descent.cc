#include "tests/eval/descent.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>

namespace wirewatch::eval {
namespace {

constexpr std::size_t steps_known = 16;

double product(const Numbers& a, const Numbers& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void add(Numbers& to, double times, const Numbers& what) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += times * what[i];
}

struct Step {
  Numbers numbers;  // how far it went
  Numbers slope;    // how much the slope changed
};

// The way down by the last steps (L-BFGS; Nocedal, 1980).
Numbers way_down(const std::deque<Step>& steps, const Numbers& slope) {
  Numbers way = slope;
  Numbers shares(steps.size());
  for (std::size_t i = steps.size(); i-- > 0;) {
    shares[i] = product(steps[i].numbers, way) / product(steps[i].numbers, steps[i].slope);
    add(way, -shares[i], steps[i].slope);
  }
  double scale = 1e-3;
  if (!steps.empty())
    scale = product(steps.back().numbers, steps.back().slope) /
            product(steps.back().slope, steps.back().slope);
  for (double& one : way) one *= scale;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double back = product(steps[i].slope, way) / product(steps[i].numbers, steps[i].slope);
    add(way, shares[i] - back, steps[i].numbers);
  }
  for (double& one : way) one = -one;
  return way;
}

}  // namespace

// Numbers that lie at their bound and would go below it stay there for the step; what the step
// takes below is set to the bound (two-metric projection; Bertsekas, 1982).
Numbers lowest(const Cost& cost_of, Numbers numbers, const std::vector<bool>& not_negative,
               int most_steps) {
  Numbers slope;
  double cost = cost_of(numbers, slope);
  std::deque<Step> steps;
  std::vector<bool> held_before(numbers.size(), false);
  for (int i = 0; i < most_steps; ++i) {
    std::vector<bool> held(numbers.size());
    Numbers free = slope;
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      held[k] = not_negative[k] && numbers[k] <= 0 && slope[k] > 0;
      if (held[k]) free[k] = 0;
    }
    if (held != held_before) steps.clear();
    held_before = held;
    Numbers way = way_down(steps, free);
    for (std::size_t k = 0; k < numbers.size(); ++k)
      if (held[k]) way[k] = 0;
    Numbers next;
    Numbers next_slope;
    double next_cost = 0;
    double far = 1;
    for (int tries = 0; tries < 25; ++tries, far *= 0.4) {
      next = numbers;
      add(next, far, way);
      for (std::size_t k = 0; k < numbers.size(); ++k)
        if (not_negative[k]) next[k] = std::max(0.0, next[k]);
      next_cost = cost_of(next, next_slope);
      Numbers moved = next;
      add(moved, -1, numbers);
      if (next_cost <= cost + 1e-4 * product(moved, slope)) break;
    }
    if (!(next_cost < cost)) {
      if (steps.empty()) break;
      steps.clear();
      continue;
    }
    Step step{next, next_slope};
    add(step.numbers, -1, numbers);
    add(step.slope, -1, slope);
    if (product(step.numbers, step.slope) > 1e-12) steps.push_back(std::move(step));
    if (steps.size() > steps_known) steps.pop_front();
    const double gain = cost - next_cost;
    numbers = std::move(next);
    slope = std::move(next_slope);
    cost = next_cost;
    if (steps.size() > 3 && gain < 1e-4 * std::abs(cost)) break;
  }
  return numbers;
}

}  // namespace wirewatch::eval
