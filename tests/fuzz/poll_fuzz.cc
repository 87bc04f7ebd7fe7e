// Any headers and any status: waits stay within their bounds, validators are safe to send.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "feeds/poll/poll.h"

namespace {

bool printable(const std::string& value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch;
  using namespace wirewatch::feeds;
  if (size < 3) return 0;
  const Instant now = from_unix_micros(1'790'000'000'000'000);
  Reply reply;
  reply.status = data[0] * 3;
  reply.failure = static_cast<TransportFailure>(data[1] % 12);
  reply.body = "x";
  const std::string value(reinterpret_cast<const char*>(data + 3), size - 3);
  for (const char* name : {"ETag", "Last-Modified", "Retry-After", "Cache-Control", "Expires"}) {
    reply.headers.emplace_back(name, value);
  }
  reply.permanent_url = value;
  PollWishes wishes;
  wishes.url = "https://example.org/feed";
  DocumentFacts facts;
  facts.ttl = Span(static_cast<std::int64_t>(data[2]) << 52U);
  facts.new_items = data[2];

  const Verdict verdict = interpret(reply, now);
  PollState state;
  for (int i = 0; i < 5; ++i) {
    state = after_document(state, wishes, reply, facts, now, 0.99);
    state = after_not_modified(state, wishes, reply, now, 0.99);
    const PollState failed = after_failure(state, wishes, verdict, reply.failure, now, 0.99);
    for (const PollState& s : {state, failed}) {
      const Span wait = s.next_due - now;
      if (wait < std::chrono::seconds(25) || wait > std::chrono::hours(27)) std::abort();
      if (!printable(s.etag) || !printable(s.last_modified)) std::abort();
    }
    plan_request(wishes, state, now);
  }
  return 0;
}
