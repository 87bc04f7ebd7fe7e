#include "rules/entities/name_distance.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "rules/entities/sound_costs.h"

namespace wirewatch::rules {
namespace {

// What leaving a short vowel out of an Arabic spelling costs in names that are Arabic themselves.
constexpr float short_vowel = -0.3F;
constexpr float style = 1;  // nats against taking a name for an Arabic one

struct Costs {
  float pair[all_sounds][all_sounds];
  float alone[2][3][all_sounds];
  float classical[3][all_sounds];  // alone[1] in names that are Arabic
  Costs() {
    for (std::size_t x = 0; x < all_sounds; ++x) {
      for (std::size_t y = 0; y < all_sounds; ++y) pair[x][y] = cost_of(sound_pair_costs[x][y]);
      for (std::size_t other = 0; other < 2; ++other) {
        for (std::size_t at = 0; at < 3; ++at) {
          alone[other][at][x] = cost_of(sound_alone_costs[other][at][x]);
        }
      }
      const std::string_view text = sound_text(static_cast<std::uint8_t>(x));
      const bool vowel = text == "a" || text == "e" || text == "i" || text == "o" || text == "u" ||
                         text == "ou" || text == "ei";
      for (std::size_t at = 0; at < 3; ++at) {
        classical[at][x] =
            at == 1 && vowel ? std::max(alone[1][1][x], short_vowel) : alone[1][at][x];
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

using Alone = const float (*)[all_sounds];

// The best alignment; `a_alone` are the costs of sounds of `a` without a partner.
float aligned(const Sounds& a, const Sounds& b, Alone a_alone, Alone b_alone) {
  const Costs& table = costs();
  const std::size_t n = a.length;
  const std::size_t m = b.length;
  const bool vowelled = !a.abjad && !b.abjad;
  float row[max_sounds + 1];
  row[0] = 0;
  for (std::size_t j = 0; j < m; ++j) row[j + 1] = row[j] + b_alone[place(j, m)][b.row[j]];
  for (std::size_t i = 0; i < n; ++i) {
    float diagonal = row[0];
    const float left_out = a_alone[place(i, n)][a.row[i]];
    row[0] += left_out;
    const float* const pair = table.pair[a.row[i]];
    for (std::size_t j = 0; j < m; ++j) {
      float best = diagonal + pair[b.row[j]];
      if (vowelled) best += doubling(a, i, b, j);
      best = std::max(best, row[j + 1] + left_out);
      best = std::max(best, row[j] + b_alone[place(j, m)][b.row[j]]);
      diagonal = row[j + 1];
      row[j + 1] = best;
    }
  }
  return row[m];
}

// "Asaad" and "Assad" are two names: where one lengthens the vowel, the other doubles the
// consonant.
bool lengthened_elsewhere(const Sounds& a, const Sounds& b) {
  if (a.length != b.length) return false;
  const std::uint8_t single = 0;  // "a"
  int long_a = 0;
  int long_b = 0;
  for (std::size_t i = 0; i < a.length; ++i) {
    const bool a_long = sound_text(a.row[i]) == "aa";
    const bool b_long = sound_text(b.row[i]) == "aa";
    if ((a_long ? single : a.row[i]) != (b_long ? single : b.row[i])) return false;
    long_a += int{a_long && !b_long};
    long_b += int{b_long && !a_long};
  }
  const std::uint32_t only_a = a.doubled & ~b.doubled;
  const std::uint32_t only_b = b.doubled & ~a.doubled;
  return (long_a > 0 && only_b != 0 && only_a == 0) || (long_b > 0 && only_a != 0 && only_b == 0);
}

// Teh marbuta is often written without its dots.
std::uint8_t undotted(std::uint8_t sound) {
  static const auto find = [](std::string_view text) {
    std::uint8_t at = 0;
    while (sound_text(at) != text) ++at;
    return at;
  };
  static const std::uint8_t dotted = find("ة");
  static const std::uint8_t plain = find("ه");
  return sound == dotted ? plain : sound;
}

bool equal(const Sounds& a, const Sounds& b) {
  if (a.length != b.length || a.abjad != b.abjad || a.doubled != b.doubled) return false;
  for (std::size_t i = 0; i < a.length; ++i) {
    if (undotted(a.row[i]) != undotted(b.row[i])) return false;
  }
  return true;
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
  Nearness near;
  near.ideal = (self_agreement(a) + self_agreement(b)) / 2;
  near.agreement = aligned(a, b, table.alone[b.abjad], table.alone[a.abjad]);
  if (a.abjad != b.abjad) {
    const float classical = aligned(a, b, b.abjad ? table.classical : table.alone[0],
                                    a.abjad ? table.classical : table.alone[0]);
    near.agreement = std::max(near.agreement, classical - style);
  }
  return near;
}

float likeness(const Sounds& a, const Sounds& b) {
  if (a.length == 0 || b.length == 0) return 0;
  if (equal(a, b)) return 1;
  const Nearness near = nearness(a, b);
  float share = near.agreement / std::max(1.0F, near.ideal);
  if (a.abjad && b.abjad) {
    share = 1 - 3 * (1 - share);
  } else if (a.abjad != b.abjad) {
    share += 0.08F;
  } else if (lengthened_elsewhere(a, b)) {
    share *= 0.6F;
  }
  // Only equal words are equal beyond doubt: what is above nine tenths nears one without reaching
  // it.
  constexpr float most = 0.9F;
  if (share > most) share = 1 - (1 - most) * std::exp((most - share) / (1 - most));
  return std::max(share, 0.0F);
}

}  // namespace wirewatch::rules
