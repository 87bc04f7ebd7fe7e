// Polling as pure decisions: what to ask, what an answer means, when to ask again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "feeds/poll/limits.h"
#include "feeds/poll/rhythm.h"
#include "feeds/result.h"
#include "feeds/time.h"

namespace wirewatch::feeds {

using Headers = std::vector<std::pair<std::string, std::string>>;  // names compare without case

// The value of the last header of that name, or empty.
std::string_view header(const Headers& headers, std::string_view name);

// What is remembered of a feed between polls; stored with every commit. Zero instants: never.
struct PollState {
  std::string etag;           // byte-exact as received; only bytes 0x20 to 0x7e are ever kept
  std::string last_modified;  // likewise
  std::string body_hash;      // of the last decoded body that parsed
  Instant next_due{};
  Instant last_poll{};
  Instant last_success{};  // an answer that was a document or "not modified"
  Instant last_change{};   // a document with new or changed items
  Instant
      last_unconditional{};    // last full answer; a day later one is asked for without validators
  std::uint32_t failures = 0;  // in a row
  std::string failure;         // why the last poll failed, in users' words; empty when it did not
  std::string moved_to;        // target of the last permanent redirect
  std::uint32_t moved_count = 0;  // how often in a row it was the same
  Rhythm rhythm;                  // learned from the items' arrival
  Span interval{};                // chosen at the last success, without jitter; 0 none yet
  double price = 0;               // at which it was chosen; 0: another rule decided
  Span catch_up{};                // after a gap: the interval may be no longer than this; 0 none
  Span ttl{};                     // the last document's own wish, kept for the 304s that follow
  std::uint32_t skip_hours = 0;   // likewise; bits as in FeedInfo
  std::uint8_t skip_days = 0;
  std::uint32_t shown = 0;  // items of the last document
  std::uint32_t gaps = 0;   // how often two documents in a row had no item in common
  Instant last_gap{};
  Instant stale_since{};       // silent against its own rhythm since it was noticed; zero: not
  std::string url;             // PollWishes::url under which all this was learned
  bool baseline_done = false;  // a document has parsed once
  bool paused = false;         // 410 Gone: not polled until the operator asks
};

// The user's wishes for one feed.
struct PollWishes {
  std::string url;
  std::optional<Span> every;  // fixed interval instead of the feed's own rhythm
  std::optional<Span> least;  // bounds of the interval that its rhythm chooses
  std::optional<Span> most;
  double price = PollLimits::price;  // of one poll, in item-seconds: the budget's (budget.h)
  std::string user_agent;
  Headers headers;      // extra request headers, secrets resolved
  bool pushed = false;  // a hub brings what is new: without `every`, polls only look after it
};

struct RequestPlan {
  std::string url;
  Headers headers;
  bool unconditional = false;
};

// Where the feed is asked for: the target of a permanent redirect once that came three times in a
// row for this very `wishes.url`, else `wishes.url`. A target that gives up https is not kept.
std::string effective_url(const PollWishes& wishes, const PollState& state);

// Both validators byte-exact where known (RFC 9110, 13.1: If-None-Match and If-Modified-Since),
// except 24 h after the last full answer, when another is asked for without them: some servers
// answer 304 for ever. Validators learned under another `wishes.url` are not sent. Headers of the
// user come last and replace ours of the same name; they stay at home when a kept redirect leads
// to another host, or from https to http.
RequestPlan plan_request(const PollWishes& wishes, const PollState& state, Instant now);

// What the network brought. `status` 0: no answer, and `failure` says why.
enum class TransportFailure : std::uint8_t {
  none,
  dns,
  connect,
  tls,
  timeout,
  too_big,
  refused_address,
  refused_redirect,
  redirect_loop,
  cut,
  local,  // our own shortage (no descriptors); never blamed on the feed
  other,
};
struct Reply {
  int status = 0;
  Headers headers;
  std::string body;  // as sent, still encoded
  TransportFailure failure = TransportFailure::none;
  std::string failure_text;   // users' words
  std::string effective_url;  // after redirects
  std::string permanent_url;  // target, when every hop was 301 or 308
  bool sent = false;  // `status` 0: the request went out whole, so it may have been acted on
};

enum class ReplyKind : std::uint8_t {
  document,      // a body to parse
  not_modified,  // 304
  gone,          // 410
  failed,
};
struct Verdict {
  ReplyKind kind = ReplyKind::failed;
  std::string reason;               // users' words; for failed and gone
  std::optional<Span> retry_after;  // clamped to 0 … 24 h
  int status = 0;                   // the answer's, 0 when there was none or the parser complains
};
// 200 and 203 with a body are documents; 206 and an empty body are failures. Retry-After (RFC 9110,
// 10.2.3) is read in seconds, with a fraction too, or as an HTTP date; a past one is 0, junk none.
Verdict interpret(const Reply& reply, Instant now);

// What parsing found, for the next interval.
struct DocumentFacts {
  std::string body_hash;
  std::size_t items = 0;
  std::size_t new_items = 0;
  bool overlaps = true;            // at least one item was known before (or none was new)
  std::vector<Instant> published;  // of the document's items
  std::optional<Span> ttl;
  std::uint32_t skip_hours = 0;  // as in FeedInfo
  std::uint8_t skip_days = 0;
};

// The state after each kind of answer, with `next_due` set; the rules for it stand in schedule.h.
// `jitter` is uniform in [0, 1) and comes from the caller, so that decisions repeat in tests.
//
// A document: validators are taken from `reply` as they are, or dropped where a byte lies outside
// 0x20 to 0x7e or there are more than 4096. A first document sets `last_change` to its newest sane
// date, and its dates are the beginning of the rhythm, so that a feed which died years ago is not
// taken for a lively one. A later document that shares no item with the one before is a gap.
PollState after_document(PollState state, const PollWishes& wishes, const Reply& reply,
                         const DocumentFacts& facts, Instant now, double jitter);
PollState after_not_modified(PollState state, const PollWishes& wishes, const Reply& reply,
                             Instant now, double jitter);
// `verdict` from interpret(), or with the parser's reason. Validators stay as they were; back-off
// by kind, growing to 24 h and never to a stop. A local shortage does not count as a failure and
// is tried again in 30 s. A kept redirect whose target fails three times in a row is forgotten.
PollState after_failure(PollState state, const PollWishes& wishes, const Verdict& verdict,
                        TransportFailure failure, Instant now, double jitter);
// Paused until the operator asks; `next_due` is a day away for those who poll it regardless.
PollState after_gone(PollState state, const Verdict& verdict, Instant now);

}  // namespace wirewatch::feeds
