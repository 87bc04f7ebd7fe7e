// How people write times, sizes, addresses and names; each with what would be right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "feeds/result.h"
#include "feeds/time.h"

namespace wirewatch::daemon {

// "90s", "5m", "1h30m", "3d": whole numbers with the units w, d, h, m, s, ms, each at most once,
// big ones first; "0" needs none. At most 100 years. Errors say what is wrong and, for a bare
// number, what to write.
Result<Span> parse_span(std::string_view text);
std::string span_text(Span span);  // the shortest form that parse_span reads; "0s" for none

// "15MiB", "2GB", "512B": a whole number with B, KB, MB, GB, TB (thousands) or KiB, MiB, GiB, TiB.
Result<std::uint64_t> parse_size(std::string_view text);
std::string size_text(std::uint64_t bytes);

// Digits without a leading zero, below 10^15.
Result<std::uint64_t> parse_count(std::string_view text);

// Letters (ASCII), digits, '-', '_'; 1 to 64 of them.
bool valid_name(std::string_view name);
// The same with ':' allowed, up to 128: "country:IQ".
bool valid_entity_id(std::string_view id);

// "10.0.0.0/8", "fd00::/8": network address and prefix length.
bool valid_network(const std::string& cidr);
// "127.0.0.1:8420", "[::1]:8420": an address (no name) and a port.
bool valid_listen(const std::string& text);
bool valid_time_zone(const std::string& name);           // by ICU, IANA names only
std::string nearest_time_zone(const std::string& name);  // empty when none is near

// An absolute http or https URL with a host, at most 4096 bytes, no blanks or control characters.
// Errors never hold the URL: it may be secret.
Result<void> check_url(std::string_view url);
bool url_has_password(std::string_view url);
// RFC 9110 field names; values of bytes 0x20 to 0x7e and tab.
bool valid_header_name(std::string_view name);
bool valid_header_value(std::string_view value);

}  // namespace wirewatch::daemon
