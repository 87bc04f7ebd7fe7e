// When to ask again. Numbers are in limits.h; these are the rules, each with its source.
//
// After a success the interval is the user's `every` (at least 1 s; no other rule applies), else:
//   1. Until the items that are expected to wait by then have waited a *price* together, in
//      item-seconds: at a rate of λ that is √(2·price/λ). Polls ∝ √rate is what makes the mean
//      delay of all feeds' items smallest for a number of polls (Lagrange: every poll must save as
//      much as every other; Sia, Cho and Cho, IEEE TKDE 19, 2007). The price is one item for a
//      minute; where the budget (budget.h) does not reach so far, more. The rate is the feed's own,
//      with hours, days and bursts (rhythm.h). Between 1 min and 24 h, or the user's bounds.
//   2. At latest when half as many new items are expected as a document shows.
//   3. A feed that was watched for less than 6 h begins at 5 min at most and grows by half at a
//   time.
//   4. At least what the publisher asks for, capped at 1 h: Cache-Control max-age less Age, else
//      Expires less Date (RFC 9111, 4.2; no-cache and no-store ask for nothing), and the document's
//      <ttl> (RSS 2.0) or sy:updatePeriod (RSS 1.0 Syndication module).
//   5. Not in the hours and days that <skipHours> and <skipDays> (RSS 2.0, GMT) name, but a poll a
//      day at least.
//   6. Two documents without a common item: half the interval used before, at least 1 min; rules 4
//      and 5 do not hold then, since items are being lost. Afterwards it grows by half at a time.
//   7. Jitter of 10 % either way, against stampedes.
//
// After the n-th failure in a row the wait is `first` × 2^(n−1), at most 1 h within a day of the
// last success, else at most 24 h. `first` is a share of the interval, from 1 min to 1 h: a quarter
// when the network failed (it is often back soon), a half for 429 and 5xx, the whole for what
// someone must repair (4xx, TLS, a body that is no feed, too big, refused); nobody whose `every` is
// shorter than a minute waits that minute at first. Never earlier than Retry-After (RFC
// 9110, 10.2.3). Jitter as above, but only later where Retry-After decides.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "feeds/poll/poll.h"

namespace wirewatch::feeds {

// Published dates between 1990 and 15 min from now can be true; others are none.
bool sane_date(Instant date, Instant now);

// How long an answer says it stays fresh: 0 when it does not.
Span freshness_of(const Headers& headers, Instant now);

// Rules 1 to 4 and 6; no jitter. `state` as after the answer, with the old `interval` and, after a
// gap, the new `catch_up`; `hint` is rule 4's.
struct Interval {
  Span span{};
  bool by_price = false;  // rule 1 decided, within its bounds
};
Interval next_interval(const PollState& state, const PollWishes& wishes, Span hint, Instant now);

// Rule 5: the first instant from `due` on that is not to be skipped, at most 24 h after `now`.
// Masks that leave no hour of the week mean nothing.
Instant after_skipped(Instant due, std::uint32_t hours, std::uint8_t days, Instant now);

// The wait after a failure, no jitter. `failures` counts this one.
Span back_off(const PollState& state, const PollWishes& wishes, const Verdict& verdict,
              TransportFailure failure, Instant now);

// `span` × (1 − 10 % … 1 + 10 %) for `jitter` in [0, 1).
Span with_jitter(Span span, double jitter);

}  // namespace wirewatch::feeds
