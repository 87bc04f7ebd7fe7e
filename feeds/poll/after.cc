#include <algorithm>

#include "feeds/poll/limits.h"
#include "feeds/poll/poll.h"
#include "feeds/poll/schedule.h"
#include "feeds/poll/websub.h"

namespace wirewatch::feeds {
namespace {

using L = PollLimits;

// Byte-exact, or nothing: a value with CR LF would become a header of its own when it is sent.
std::string kept_validator(std::string_view value) {
  const bool printable =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
  return printable && value.size() <= L::validator_bytes ? std::string(value) : std::string();
}

void succeed(PollState& state, Instant now) {
  state.last_poll = now;
  state.last_success = now;
  state.failures = 0;
  state.failure.clear();
  state.paused = false;
}

// What was learned under another URL of the same feed says nothing about this one.
void settle_on_url(PollState& state, const PollWishes& wishes) {
  if (!state.url.empty() && state.url != wishes.url) {
    state.etag.clear();
    state.last_modified.clear();
    state.moved_to.clear();
    state.moved_count = 0;
    state.interval = Span(0);
    state.catch_up = Span(0);
    state.shown = 0;
  }
  state.url = wishes.url;
}

// RFC 9110, 15.4.2: a 301 is a promise, but servers in trouble make it too, so it has to repeat.
void note_move(PollState& state, const PollWishes& wishes, const Reply& reply) {
  const std::string asked = effective_url(wishes, state);
  if (reply.permanent_url.empty() || reply.permanent_url == asked) {
    if (asked != wishes.url) return;  // the kept target answers by itself
    state.moved_to.clear();
    state.moved_count = 0;
  } else if (reply.permanent_url == state.moved_to) {
    state.moved_count = std::min(state.moved_count + 1, L::moves_to_keep);
  } else {
    state.moved_to = reply.permanent_url;
    state.moved_count = 1;
  }
}

// When the document's new items came: by their dates as far as these can be true, since a date
// before the last look says little about when the item was put there; the others evenly since then.
std::vector<Instant> arrivals_of(const DocumentFacts& facts, Instant last_look, Instant now) {
  std::vector<Instant> arrivals;
  for (const Instant date : facts.published) {
    if (sane_date(date, now)) arrivals.push_back(std::min(date, now));
  }
  std::sort(arrivals.begin(), arrivals.end(), std::greater<>());
  const std::size_t all = std::min(facts.new_items, L::history);
  if (arrivals.size() > all) arrivals.resize(all);
  for (Instant& one : arrivals) one = std::max(one, last_look);
  const std::size_t undated = all - arrivals.size();
  for (std::size_t i = 0; i < undated; ++i) {
    const Span share = (now - last_look) / static_cast<std::int64_t>(undated);
    arrivals.push_back(now - share * static_cast<std::int64_t>(i));
  }
  return arrivals;
}

// Of a first document all sane dates count; days without a time are spread over the day.
std::vector<Instant> history_of(const DocumentFacts& facts, Instant now) {
  std::vector<Instant> dates;
  for (const Instant date : facts.published) {
    if (sane_date(date, now)) dates.push_back(std::min(date, now));
  }
  std::sort(dates.begin(), dates.end(), std::greater<>());
  if (dates.size() > L::history) dates.resize(L::history);
  const bool days_only = std::all_of(dates.begin(), dates.end(), [](Instant date) {
    return date == std::chrono::floor<std::chrono::days>(date);
  });
  if (!days_only) return dates;
  constexpr Span kDay = std::chrono::hours(24);
  for (std::size_t i = 0; i < dates.size(); ++i) {
    const Instant spread = dates[i] + kDay * static_cast<std::int64_t>(i * 5 % 24) / 24;
    dates[i] = std::min(spread, now);
  }
  return dates;
}

void learn_rhythm(PollState& state, const DocumentFacts& facts, Instant last_look, bool first,
                  Instant now) {
  if (first || last_look == Instant{} || last_look > now) {
    learn(state.rhythm, history_of(facts, now), now);
  } else {
    learn(state.rhythm, arrivals_of(facts, last_look, now), now);
  }
}

// Told once, and not again before it is plainly over: a few items, and then silence, are not news.
void judge_staleness(PollState& state, Instant now) {
  const double score = staleness(state.rhythm, now);
  const bool out = state.failures > 0 && state.rhythm.at != Instant{} &&
                   now - std::max(state.last_success, state.rhythm.since) > L::fresh_outage;
  if (score >= 1 || out) {
    if (state.stale_since == Instant{}) state.stale_since = now;
  } else if (score < L::fresh_again && state.failures == 0) {
    state.stale_since = Instant{};
  }
}

void note_gap(PollState& state, bool gap, Instant now) {
  if (gap) {
    ++state.gaps;
    state.last_gap = now;
    state.catch_up = std::max(state.interval / 2, L::floor);
  } else if (state.catch_up > Span(0)) {
    state.catch_up = std::chrono::duration_cast<Span>(state.catch_up * L::growth);
    if (state.catch_up > L::ceiling) state.catch_up = Span(0);
  }
}

void note_change(PollState& state, const DocumentFacts& facts, Instant now) {
  const bool first = !state.baseline_done;
  Instant newest{};
  for (const Instant date : facts.published) {
    if (sane_date(date, now)) newest = std::max(newest, date);
  }
  if (first && newest != Instant{}) {
    state.last_change = std::min(newest, now);
  } else if (facts.new_items > 0) {
    state.last_change = now;
  }
}

void schedule(PollState& state, const PollWishes& wishes, const Reply& reply, bool gap, Instant now,
              double jitter) {
  const Interval next = next_interval(state, wishes, freshness_of(reply.headers, now), now);
  state.interval = next.span;
  state.price = next.by_price ? wishes.price : 0;
  const bool beside = wishes.pushed && !wishes.every && !gap;
  state.next_due =
      now + with_jitter(beside ? beside_a_hub(state.interval) : state.interval, jitter);
  if (gap || wishes.every) return;
  state.next_due = after_skipped(state.next_due, state.skip_hours, state.skip_days, now);
}

}  // namespace

PollState after_document(PollState state, const PollWishes& wishes, const Reply& reply,
                         const DocumentFacts& facts, Instant now, double jitter) {
  settle_on_url(state, wishes);
  note_move(state, wishes, reply);
  const Instant last_look = state.last_success;
  succeed(state, now);
  state.etag = kept_validator(header(reply.headers, "ETag"));
  state.last_modified = kept_validator(header(reply.headers, "Last-Modified"));
  state.last_unconditional = now;
  const bool first = !state.baseline_done;
  const bool gap = !first && state.shown > 0 && !facts.overlaps;
  note_change(state, facts, now);
  learn_rhythm(state, facts, last_look, first, now);
  note_gap(state, gap, now);
  judge_staleness(state, now);
  state.body_hash = facts.body_hash;
  state.ttl = std::clamp(facts.ttl.value_or(Span(0)), Span(0), L::hint_cap);
  state.skip_hours = facts.skip_hours;
  state.skip_days = facts.skip_days;
  state.shown = static_cast<std::uint32_t>(std::min<std::size_t>(facts.items, 1'000'000));
  state.baseline_done = true;
  schedule(state, wishes, reply, gap, now, jitter);
  return state;
}

PollState after_not_modified(PollState state, const PollWishes& wishes, const Reply& reply,
                             Instant now, double jitter) {
  settle_on_url(state, wishes);
  note_move(state, wishes, reply);
  succeed(state, now);
  learn(state.rhythm, {}, now);
  note_gap(state, false, now);
  judge_staleness(state, now);
  schedule(state, wishes, reply, false, now, jitter);
  return state;
}

PollState after_failure(PollState state, const PollWishes& wishes, const Verdict& verdict,
                        TransportFailure failure, Instant now, double jitter) {
  if (failure == TransportFailure::local) {
    state.next_due = now + with_jitter(L::local_retry, jitter);
    return state;
  }
  const bool moved = effective_url(wishes, state) != wishes.url;
  state.last_poll = now;
  state.failures = std::min(state.failures, 1'000'000U) + 1;
  state.failure = verdict.reason;
  state.price = 0;
  if (state.rhythm.at == Instant{}) learn(state.rhythm, {}, now);  // watched from now on
  judge_staleness(state, now);
  if (moved && state.failures >= L::failures_to_forget_move) {
    state.moved_to.clear();
    state.moved_count = 0;
  }
  const Span wait = back_off(state, wishes, verdict, failure, now);
  state.next_due = now + with_jitter(wait, jitter);
  if (verdict.retry_after) {
    const auto earliest = with_jitter(*verdict.retry_after, 0.5 + jitter / 2);
    state.next_due = std::max(state.next_due, now + earliest);
  }
  return state;
}

PollState after_gone(PollState state, const Verdict& verdict, Instant now) {
  state.last_poll = now;
  state.failures = std::min(state.failures, 1'000'000U) + 1;
  state.failure = verdict.reason;
  state.paused = true;
  state.price = 0;
  state.next_due = now + L::ceiling;
  return state;
}

}  // namespace wirewatch::feeds
