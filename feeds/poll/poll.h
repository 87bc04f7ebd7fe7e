// Polling as pure decisions: what to ask, what an answer means, when to ask again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  Instant last_success{};        // an answer that was a document or "not modified"
  Instant last_change{};         // a document with new or changed items
  Instant last_unconditional{};  // a full answer asked for without validators
  std::uint32_t failures = 0;    // in a row
  std::string failure;           // why the last poll failed, in users' words; empty when it did not
  std::string moved_to;          // target of the last permanent redirect
  std::uint32_t moved_count = 0;  // how often in a row it was the same
  Span rhythm{};                  // typical time between new items, 0 unknown
  bool baseline_done = false;     // a document has parsed once
  bool paused = false;            // 410 Gone: not polled until the operator asks
};

// The user's wishes for one feed.
struct PollWishes {
  std::string url;
  std::optional<Span> every;  // fixed interval instead of the feed's own rhythm
  std::string user_agent;
  Headers headers;  // extra request headers, secrets resolved
};

struct RequestPlan {
  std::string url;
  Headers headers;
  bool unconditional = false;
};

// Both validators byte-exact where known, except once a day, when a full answer is asked for.
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
};
Verdict interpret(const Reply& reply, Instant now);

// What parsing found, for the next interval.
struct DocumentFacts {
  std::string body_hash;
  std::size_t items = 0;
  std::size_t new_items = 0;
  bool overlaps = true;            // at least one item was known before (or none was new)
  std::vector<Instant> published;  // of the document's items
  std::optional<Span> ttl;
};

// The state after each kind of answer, with `next_due` set. `jitter` is uniform in [0, 1) and
// comes from the caller, so that decisions repeat in tests.
PollState after_document(PollState state, const PollWishes& wishes, const Reply& reply,
                         const DocumentFacts& facts, Instant now, double jitter);
PollState after_not_modified(PollState state, const PollWishes& wishes, const Reply& reply,
                             Instant now, double jitter);
// `reason` from interpret() or from the parser. Validators stay as they were; back-off by kind,
// growing to 24 h and never to a stop. A local shortage does not count as a failure.
PollState after_failure(PollState state, const PollWishes& wishes, const Verdict& verdict,
                        TransportFailure failure, Instant now, double jitter);
PollState after_gone(PollState state, const Verdict& verdict, Instant now);

}  // namespace wirewatch::feeds
