#include <algorithm>

#include "feeds/ascii.h"
#include "feeds/poll/limits.h"
#include "feeds/poll/poll.h"
#include "feeds/url_parts.h"

namespace wirewatch::feeds {
namespace {

// RFC 9110, 12.5.1. Anything is taken in the end: many feeds have a wrong Content-Type.
constexpr std::string_view kAccept =
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.8, "
    "*/*;q=0.1";

void set_header(Headers& headers, std::string_view name, const std::string& value) {
  headers.erase(std::remove_if(headers.begin(), headers.end(),
                               [&](const auto& h) { return equal_ignoring_case(h.first, name); }),
                headers.end());
  headers.emplace_back(name, value);
}

bool learned_here(const PollWishes& wishes, const PollState& state) {
  return state.url.empty() || state.url == wishes.url;
}

std::uint16_t port_of(const UrlParts& url) {
  return url.port.value_or(url.scheme == "https" ? std::uint16_t{443} : std::uint16_t{80});
}

// May what is meant for `from` be sent to `to`? Same host and port; http to https counts as same.
bool trusted_with_headers(const std::string& from, const std::string& to) {
  if (from == to) return true;
  const auto a = parse_url(from, nullptr);
  const auto b = parse_url(to, nullptr);
  if (!a || !b || a->host != b->host) return false;
  if (a->scheme == b->scheme) return port_of(*a) == port_of(*b);
  return a->scheme == "http" && !a->port && !b->port;
}

}  // namespace

std::string_view header(const Headers& headers, std::string_view name) {
  for (auto it = headers.rbegin(); it != headers.rend(); ++it) {
    if (equal_ignoring_case(it->first, name)) return it->second;
  }
  return {};
}

std::string effective_url(const PollWishes& wishes, const PollState& state) {
  if (state.moved_count < PollLimits::moves_to_keep || !learned_here(wishes, state)) {
    return wishes.url;
  }
  const auto from = parse_url(wishes.url, nullptr);
  const auto to = parse_url(state.moved_to, nullptr);
  if (!to || (from && from->scheme == "https" && to->scheme == "http")) return wishes.url;
  return state.moved_to;
}

RequestPlan plan_request(const PollWishes& wishes, const PollState& state, Instant now) {
  RequestPlan plan;
  plan.url = effective_url(wishes, state);
  plan.headers.reserve(8);
  plan.headers.emplace_back("Accept", kAccept);
  if (!wishes.user_agent.empty()) plan.headers.emplace_back("User-Agent", wishes.user_agent);

  const bool known = !state.etag.empty() || !state.last_modified.empty();
  plan.unconditional = !known || !learned_here(wishes, state) ||
                       state.last_unconditional == Instant{} ||
                       state.last_unconditional > now ||  // the clock stepped back
                       now - state.last_unconditional >= PollLimits::unconditional_after;
  if (!plan.unconditional) {
    if (!state.etag.empty()) plan.headers.emplace_back("If-None-Match", state.etag);
    if (!state.last_modified.empty()) {
      plan.headers.emplace_back("If-Modified-Since", state.last_modified);
    }
  }
  if (!wishes.headers.empty() && trusted_with_headers(wishes.url, plan.url)) {
    for (const auto& [name, value] : wishes.headers) set_header(plan.headers, name, value);
  }
  return plan;
}

}  // namespace wirewatch::feeds
