// A URL taken apart, for those in feeds/ who need more than a string. See feeds/url.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

// A parsed http or https URL; every part is serialised (percent-encoded) already.
struct UrlParts {
  std::string scheme;  // "http" or "https"
  std::string username;
  std::string password;
  std::string host;                   // "example.org", "127.0.0.1" or "[::1]"
  std::optional<std::uint16_t> port;  // absent for the scheme's default
  std::vector<std::string> path;      // segments; never empty once parsed
  std::optional<std::string> query;   // without "?"
  std::optional<std::string> fragment;
};

// The basic URL parser (https://url.spec.whatwg.org/#concept-basic-url-parser) for http and https.
// `reference`: any bytes; bad UTF-8 reads as U+FFFD. nullopt: a failure, or another scheme.
std::optional<UrlParts> parse_url(std::string_view reference, const UrlParts* base);

// The URL serialiser of the standard.
std::string serialise_url(const UrlParts& url);

// The host parser for special schemes: percent-decoding, IDNA (UTS 46, non-transitional), the
// number forms of IPv4 and IPv6 literals. `input`: valid UTF-8. nullopt: a failure.
std::optional<std::string> parse_host(std::string_view input);

}  // namespace wirewatch::feeds
