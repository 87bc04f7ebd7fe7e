// How near two spellings of one word of a name are.
#pragma once

#include <string_view>

#include "rules/entities/sounds.h"

namespace wirewatch::rules {

// The best alignment of both rows of sounds, in log-odds (nats) of "two spellings of one name"
// against "two names": sums of learned costs, O(length²). Symmetrical.
struct Nearness {
  float agreement = 0;  // of the two
  float ideal = 0;      // what each would have with itself, the mean of both
};
Nearness nearness(const Sounds& a, const Sounds& b);
// What `sounds` has with itself.
float self_agreement(const Sounds& sounds);

// 0 to 1: how sure it is that both are spellings of one name, from their nearness.
float spelling_score(const Sounds& a, const Sounds& b);
float spelling_score(std::string_view a, std::string_view b);

}  // namespace wirewatch::rules
