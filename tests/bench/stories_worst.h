// Streams that are meant to be slow to place, made of words that mean nothing.
#pragma once

namespace wirewatch::bench {

// One that is the same text again and again, one in which every report is of one event, and one
// that goes on after a pause longer than the window. Prints for each the longest placement.
void place_worst_cases(bool rows);

}  // namespace wirewatch::bench
