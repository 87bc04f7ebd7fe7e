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

// 0 to 1: how sure it is that both are spellings of one word. Two spellings in scripts with vowels
// are judged by their agreement as a share of the ideal; of an Arabic and a vowelled spelling,
// those count that leave short vowels out as Arabic names do or write them out as foreign names do;
// two Arabic spellings must be all but equal. Random words reach `surely_one` once in 10,000 pairs.
float likeness(const Sounds& a, const Sounds& b);
inline constexpr float surely_one = 0.65F;

}  // namespace wirewatch::rules
