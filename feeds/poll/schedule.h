// When to ask again. Numbers are in limits.h; these are the rules, each with its source.
//
// After a success the interval is the user's `every` (at least 1 s; no other rule applies), else:
//   1. Half the feed's rhythm, between 1 min and 1 h (sampling at twice the rate of change); 15 min
//      when it has none. A feed without a history starts at 5 min at most.
//   2. At least a 60th of the time that the feed has been silent, up to 24 h: a feed that is silent
//      for 60 h is asked once an hour, one that died two months ago once a day. Publication times
//      are bursty, so a long silence says more than the median gap.
//   3. At least what the publisher asks for, capped at 1 h: Cache-Control max-age less Age, else
//      Expires less Date (RFC 9111, 4.2; no-cache and no-store ask for nothing), and the document's
//      <ttl> (RSS 2.0) or sy:updatePeriod (RSS 1.0 Syndication module).
//   4. Two documents without a common item: half the interval used before, at least 1 min; rule 3
//      does not hold then, since items are being lost.
//   5. It grows by half at a time, so that one odd document or a gap are not forgotten at once.
//   6. Jitter of 10 % either way, against stampedes.
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

// The median gap between the different dates of the newest 64; nullopt below three different sane
// dates, or when all are midnights (a day is no time).
std::optional<Span> rhythm_of(const std::vector<Instant>& published, Instant now);

// How long an answer says it stays fresh: 0 when it does not.
Span freshness_of(const Headers& headers, Instant now);

// Rules 1 to 5; no jitter. `state` as after the answer, with the old `interval`; `hint` is rule
// 3's.
Span next_interval(const PollState& state, const PollWishes& wishes, Span hint, bool overlaps,
                   Instant now);

// The wait after a failure, no jitter. `failures` counts this one.
Span back_off(const PollState& state, const PollWishes& wishes, const Verdict& verdict,
              TransportFailure failure, Instant now);

// `span` × (1 − 10 % … 1 + 10 %) for `jitter` in [0, 1).
Span with_jitter(Span span, double jitter);

}  // namespace wirewatch::feeds
