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

void learn_rhythm(PollState& state, const DocumentFacts& facts, Instant before, Instant now) {
  if (const auto rhythm = rhythm_of(facts.published, now)) {
    state.rhythm = std::max(*rhythm, Span(1));
    return;
  }
  // Without usable dates: from what was seen to arrive.
  if (facts.new_items == 0 || before == Instant{} || before >= now) return;
  const Span gap = (now - before) / static_cast<std::int64_t>(facts.new_items);
  state.rhythm = state.rhythm == Span(0) ? gap : (state.rhythm * 3 + gap) / 4;
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

void schedule(PollState& state, const PollWishes& wishes, const Reply& reply, bool overlaps,
              Instant now, double jitter) {
  const Span hint = freshness_of(reply.headers, now);
  state.interval = next_interval(state, wishes, hint, overlaps, now);
  const Span wait = wishes.pushed && !wishes.every ? beside_a_hub(state.interval) : state.interval;
  state.next_due = now + with_jitter(wait, jitter);
}

}  // namespace

PollState after_document(PollState state, const PollWishes& wishes, const Reply& reply,
                         const DocumentFacts& facts, Instant now, double jitter) {
  settle_on_url(state, wishes);
  note_move(state, wishes, reply);
  succeed(state, now);
  state.etag = kept_validator(header(reply.headers, "ETag"));
  state.last_modified = kept_validator(header(reply.headers, "Last-Modified"));
  state.last_unconditional = now;
  const Instant before = state.last_change;
  const bool gap = state.baseline_done && !facts.overlaps;
  note_change(state, facts, now);
  learn_rhythm(state, facts, before, now);
  state.body_hash = facts.body_hash;
  state.ttl = std::clamp(facts.ttl.value_or(Span(0)), Span(0), L::hint_cap);
  state.baseline_done = true;
  schedule(state, wishes, reply, !gap, now, jitter);
  return state;
}

PollState after_not_modified(PollState state, const PollWishes& wishes, const Reply& reply,
                             Instant now, double jitter) {
  settle_on_url(state, wishes);
  note_move(state, wishes, reply);
  succeed(state, now);
  schedule(state, wishes, reply, true, now, jitter);
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
  state.next_due = now + L::ceiling;
  return state;
}

}  // namespace wirewatch::feeds
