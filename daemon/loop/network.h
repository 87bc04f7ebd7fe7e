// What a request is and which bounds it has, without the machinery: light enough for any header.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "feeds/poll/poll.h"
#include "feeds/result.h"
#include "feeds/time.h"

namespace wirewatch::daemon {

// Which addresses may be reached. Loopback, private, link-local, CGNAT, ULA, v4-mapped, NAT64 and
// metadata addresses are refused on the connected address unless a CIDR here allows them.
struct NetworkRules {
  std::vector<std::string>
      allow;  // CIDRs, checked when the config was read: "10.0.0.0/8", "::1/128"
  bool operator==(const NetworkRules&) const = default;
};

// Where a request goes instead of to its host. The proxy's own address is allowed by being named
// here; where the names in URLs lead is its business then, but an address that is written out in a
// URL (in any spelling) and may not be reached is refused before the proxy is asked.
struct Proxy {
  std::string url;  // "http://proxy:3128", https or socks5; names are resolved by the proxy. Empty:
                    // the request goes straight to its host
  std::string user;  // empty: no credentials
  std::string password;
  std::vector<std::string> except;  // hosts, with all below them, and networks (CIDR) of addresses
};

// A message by SMTP (RFC 5321) instead of a request by HTTP: `url` is smtp://host:port or
// smtps://host:port, `body` the message with CRLF at the ends of its lines.
struct MailEnvelope {
  std::string from;             // mailboxes, in UTF-8
  std::vector<std::string> to;  // one to a hundred
  std::string hello;            // how we name ourselves (EHLO)
  std::string user;             // empty: no login
  std::string password;
  bool encrypt = true;  // STARTTLS (RFC 3207) with smtp://, or nothing is sent
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  feeds::Headers headers;
  std::string body;
  std::size_t body_cap = 15U << 20U;  // raw bytes of the answer, as sent
  Span deadline = std::chrono::seconds(60);
  bool follow_redirects = true;    // by hand, at most five hops; http and https only; headers that
                                   // the config added do not travel to another host
  std::vector<std::string> allow;  // CIDRs that this request may reach beyond the client's rules
  std::optional<Proxy> proxy;      // instead of the client's
  std::optional<MailEnvelope> mail;
};

struct HttpLimits {
  std::size_t connections = 256;
  std::size_t connections_per_host = 4;
  Span spacing = std::chrono::milliseconds(100);  // between the beginnings of two polls of a host
  Span connect_timeout = std::chrono::seconds(15);
  std::size_t low_speed_bytes = 30;                // slower than this a second …
  Span low_speed_time = std::chrono::seconds(20);  // … for this long is given up
};

// Is `host`, as a URL names it, asked through the proxy?
bool goes_through(const Proxy& proxy, const std::string& host);
// "http://host:port" and the like, without user, password, path; errors say what would be right.
Result<void> check_proxy(const std::string& url);

// Is this textual IP address within rules (public, or allowed)? For tests and `check`.
bool address_allowed(const NetworkRules& rules, const std::string& address);
bool valid_cidr(const std::string& cidr);

}  // namespace wirewatch::daemon
