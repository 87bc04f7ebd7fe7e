// How well two sounds stand for each other in two spellings of one name, learned from pairs of
// spellings: log-odds against chance in nats. Made by tests/eval/tune_names.
#pragma once

#include "rules/entities/sounds.h"

namespace wirewatch::rules {

// One character a cost: cost_of(code). [sound][other sound]
extern const char* const sound_pair_costs[all_sounds];
// A sound that the other spelling leaves out: [other spelling is an abjad][first, inner, last]
extern const char* const sound_alone_costs[2][3];
// Two equal sounds of which none, one or both are written twice.
extern const float sound_doubled_costs[3];

// Steps of a fifth of a nat from -8.8 ('#') to +8.8; '?' and the backslash are left out, which C++
// reads in its own way.
constexpr float cost_of(char code) {
  const int skipped = (code > '?' ? 1 : 0) + (code > '\\' ? 1 : 0);
  return static_cast<float>(code - skipped - '#' - 44) / 5.0F;
}

}  // namespace wirewatch::rules
