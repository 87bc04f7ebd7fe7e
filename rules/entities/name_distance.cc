#include "rules/entities/name_distance.h"

#include <algorithm>
#include <cmath>

#include "rules/entities/sound_costs.h"

namespace wirewatch::rules {
namespace {

struct Costs {
  float pair[all_sounds][all_sounds];
  float alone[2][3][all_sounds];
  Costs() {
    for (std::size_t x = 0; x < all_sounds; ++x) {
      for (std::size_t y = 0; y < all_sounds; ++y) pair[x][y] = cost_of(sound_pair_costs[x][y]);
      for (std::size_t other = 0; other < 2; ++other) {
        for (std::size_t at = 0; at < 3; ++at) {
          alone[other][at][x] = cost_of(sound_alone_costs[other][at][x]);
        }
      }
    }
  }
};

const Costs& costs() {
  static const Costs table;
  return table;
}

std::size_t place(std::size_t at, std::size_t length) {
  return at == 0 ? 0 : at + 1 == length ? 2 : 1;
}

float doubling(const Sounds& a, std::size_t i, const Sounds& b, std::size_t j) {
  if (a.row[i] != b.row[j]) return 0;
  return sound_doubled_costs[((a.doubled >> i) & 1U) + ((b.doubled >> j) & 1U)];
}

}  // namespace

float self_agreement(const Sounds& sounds) {
  float sum = 0;
  for (std::size_t i = 0; i < sounds.length; ++i) {
    sum += costs().pair[sounds.row[i]][sounds.row[i]];
    if (!sounds.abjad) sum += doubling(sounds, i, sounds, i);
  }
  return sum;
}

Nearness nearness(const Sounds& a, const Sounds& b) {
  const Costs& table = costs();
  const std::size_t n = a.length;
  const std::size_t m = b.length;
  const bool vowelled = !a.abjad && !b.abjad;
  float row[max_sounds + 1];
  row[0] = 0;
  for (std::size_t j = 0; j < m; ++j) {
    row[j + 1] = row[j] + table.alone[a.abjad][place(j, m)][b.row[j]];
  }
  for (std::size_t i = 0; i < n; ++i) {
    float diagonal = row[0];
    const float left_out = table.alone[b.abjad][place(i, n)][a.row[i]];
    row[0] += left_out;
    const float* const pair = table.pair[a.row[i]];
    for (std::size_t j = 0; j < m; ++j) {
      float best = diagonal + pair[b.row[j]];
      if (vowelled) best += doubling(a, i, b, j);
      best = std::max(best, row[j + 1] + left_out);
      best = std::max(best, row[j] + table.alone[a.abjad][place(j, m)][b.row[j]]);
      diagonal = row[j + 1];
      row[j + 1] = best;
    }
  }
  return {row[m], (self_agreement(a) + self_agreement(b)) / 2};
}

}  // namespace wirewatch::rules
