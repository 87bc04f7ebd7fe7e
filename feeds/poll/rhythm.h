// How a feed publishes, learned from the arrival of its items and kept in less than 200 bytes
// (packed).
//
// Items arrive as a self-exciting (Hawkes) process over a rate that varies with the hour:
//
//   rate(t) = λ · [(1 − n₁ − n₂) · hour(t) · day(t)  +  m · Σ nⱼ · quickⱼ(t) / τⱼ]
//
//   λ         items a second over the last weeks: a forgotten count over the time that was watched,
//             with a Gamma prior, so that a feed of which nothing is known has a rate as well;
//   hour, day factors by hour of the day and day of the week, UTC: Gamma posteriors shrunk towards
//             1, the more so the fewer items and the more bursty the feed;
//   quickⱼ    events lately, forgotten within τⱼ (minutes; hours): a burst goes on for a while;
//   nⱼ        the share of events that follow others so (branching ratio), by online EM; ahead of
//             time the excess fades with τⱼ/(1 − n₁ − n₂); m is items an event (of one minute).
//
// A change of regime (a feed that wakes up after a pause, or goes to sleep) is told by a test and
// shortens the memory at once: rhythm_change.h.
//
// Long silence lessens the rate: a feed that should have brought k clusters and brought none is
// thought to be slower in that proportion, down to Lindy's law (what was silent for T comes back at
// a rate of about 1/T). Sources: Hawkes, "Spectra of some self-exciting and mutually exciting point
// processes" (Biometrika 58, 1971); Cho and Garcia-Molina, "Effective page refresh policies for web
// crawlers" (ACM TODS 28, 2003), for rates from incomplete change histories; Sia, Cho and Cho,
// "Efficient monitoring algorithm for fast news alerts" (IEEE TKDE 19, 2007), for periodic Poisson
// rates of feeds and the square-root law. Numbers are in limits.h.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/time.h"

namespace wirewatch::feeds {

struct Rhythm {
  Instant at{};          // the sums are as of now; zero: nothing was seen yet
  Instant since{};       // watched from then on, or as far back as the first document went
  Instant last_item{};   // arrival of the newest item
  float items = 0;       // forgotten count
  float events = 0;      // likewise
  float missed = 0;      // items expected since the last one
  float longest = 0;     // hours; the longest silence, slowly forgotten
  float rise = 0;        // evidence for another regime (see rhythm_change.h): a busier one …
  float rise_items = 0;  // … items since it began, if it did
  float rise_hours = 0;  // … and for how long
  float fall = 0;        // … and for a quieter one
  std::array<float, 2> quick{};
  std::array<float, 2> share{};
  std::array<float, 24> hours{};  // forgotten counts by hour of the day …
  std::array<float, 7> days{};    // … and day of the week, 0 Sunday
};

// Items that arrived (any order; later than `now` counts as now, earlier than what was learned
// already as then), and that time has come to `now`. The first call may reach back: the watch
// begins with its earliest item.
void learn(Rhythm& rhythm, std::vector<Instant> arrivals, Instant now);

// Items an hour at `when`, as expected at rhythm.at or later, if none arrives until then.
double rate_at(const Rhythm& rhythm, Instant when);

// Items expected in [from, to); `from` at or after rhythm.at.
double expected_items(const Rhythm& rhythm, Instant from, Instant to);

// Items a day over the last weeks, whatever the hour.
double items_a_day(const Rhythm& rhythm, Instant now);

// How long after `from` the items that are then expected to wait have waited `price` together (in
// item-seconds), or that `most_items` are expected, whichever is first; between 0 and `longest`.
struct Wait {
  Span span{};
  bool by_price = false;
};
Wait wait_for_price(const Rhythm& rhythm, Instant from, double price, double most_items,
                    Span longest);

// Has a feed been silent for so much longer than its rhythm that something is probably wrong?
// 1 and above: yes. It grows while nothing arrives; see `stale_*` in limits.h.
double staleness(const Rhythm& rhythm, Instant now);

// "about 12 a day, mostly 06–20 UTC", "about 3 a week, mostly on Mon and Thu", "nothing yet".
std::string rhythm_words(const Rhythm& rhythm, Instant now);

// For the store; what does not unpack is nothing learned.
std::string pack_rhythm(const Rhythm& rhythm);
Rhythm unpack_rhythm(std::string_view bytes);

}  // namespace wirewatch::feeds
