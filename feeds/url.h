// URLs as the WHATWG URL standard (https://url.spec.whatwg.org/) reads them, http and https only.
// Input is any bytes of any length; bad UTF-8 reads as U+FFFD. Linear.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wirewatch::feeds {

// Resolves `reference` against `base` (may be empty when the reference is absolute) and serialises
// the result. nullopt when that is a failure in the standard or not http or https. A base that is
// itself no http(s) URL counts as none, so that a broken xml:base spoils no absolute link.
std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);

// The form under which two links are the same page: scheme-less, without user, "www.", default
// port, trailing slash, fragment, tracking parameters (utm_*, fbclid, …); the other parameters
// sorted, escapes normalised (RFC 3986, 6.2.2). A key for comparing, not a URL to open. The input
// itself, trimmed, when it is no http(s) URL.
std::string canonical_url(std::string_view url);

// "example.org" of "https://www.example.org:8443/x"; empty when there is none.
std::string host_of(std::string_view url);

}  // namespace wirewatch::feeds
