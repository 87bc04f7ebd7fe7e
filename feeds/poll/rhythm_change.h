// When a feed becomes another: Page's cumulative sums over the learned rhythm.
//
// By the average rate (hours and days included; bursts left out, for they would explain a wake-up
// as well) events should come as a Poisson process of rate 1 once time is counted in expected
// events. What is counted weighs (1 − n₁ − n₂)², since clusters vary more. Against it stand two
// others: g times as busy, and g times as quiet. The log likelihood ratio of either is summed from
// where it was last below zero, so it grows by log g an event and shrinks by g − 1 an expected one
// (or the reverse). When a sum passes the threshold the memory is shortened: busier, to what came
// since the sum was zero; quieter, to the same rhythm at 1/g of its rate, known weakly. The habits
// of hours and days stay, with the weight of a few items. Source: E. S. Page, "Continuous
// inspection schemes" (Biometrika 41, 1954). Numbers are in limits.h.
#pragma once

#include "feeds/poll/rhythm.h"

namespace wirewatch::feeds {

// That much time passed, in which so many items were expected by the average (bursts left out).
void note_expected(Rhythm& rhythm, double seconds, double items);

// An item came at rhythm.at, and is counted; `event`: it is one of its own.
void note_arrival(Rhythm& rhythm, bool event);

// Shortens the memory if either sum says so.
void change_regime(Rhythm& rhythm);

}  // namespace wirewatch::feeds
