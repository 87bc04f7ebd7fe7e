// HTTP for feeds and receivers: libcurl's multi interface on the loop, guarded and bounded.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/activity.h"
#include "daemon/loop/clock.h"
#include "feeds/poll/poll.h"

namespace wirewatch::daemon {

// Which addresses may be reached. Loopback, private, link-local, CGNAT, ULA, v4-mapped, NAT64 and
// metadata addresses are refused on the connected address unless a CIDR here allows them.
struct NetworkRules {
  std::vector<std::string>
      allow;  // CIDRs, checked when the config was read: "10.0.0.0/8", "::1/128"
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  feeds::Headers headers;
  std::string body;
  std::size_t body_cap = 15U << 20U;  // raw bytes of the answer, as sent
  Span deadline = std::chrono::seconds(60);
  bool follow_redirects = true;  // by hand, at most five hops; http and https only; headers that
                                 // the config added do not travel to another host
};

struct HttpLimits {
  std::size_t connections = 256;
  std::size_t connections_per_host = 4;
  Span connect_timeout = std::chrono::seconds(15);
  std::size_t low_speed_bytes = 30;                // slower than this a second …
  Span low_speed_time = std::chrono::seconds(20);  // … for this long is given up
};

// The first client makes the process ignore SIGPIPE, which TLS connections need.
class HttpClient {
 public:
  HttpClient(asio::io_context& loop, Activity& activity, HttpLimits limits, NetworkRules rules);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The answer, or why there was none (`status` 0, `failure`, `failure_text`). Throws only when
  // cancelled. Sends "Accept-Encoding: gzip, deflate, br" unless the headers name one; the body
  // comes back as sent. Header values with bytes outside 0x20–0x7e and tab are refused.
  // "User-Agent: wirewatch" likewise. A failure's text names hosts only: paths, queries and
  // credentials of URLs may be secrets. After a redirect to another host, port or from https to
  // http, only User-Agent, Accept* and If-* headers are sent. A 301, 302 or 303 turns what is
  // neither GET nor HEAD into a GET without a body (RFC 9110, 15.4).
  asio::awaitable<feeds::Reply> fetch(HttpRequest request);

  void set_rules(NetworkRules rules);  // after a reload; closes pooled connections

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // a fetch under way may outlive its client: it then throws
};

// Is this textual IP address within rules (public, or allowed)? For tests and `check`.
bool address_allowed(const NetworkRules& rules, const std::string& address);
bool valid_cidr(const std::string& cidr);

}  // namespace wirewatch::daemon
