// What protocols and addresses are written in: small letters, hexadecimal digits, percent encoding.
// Bytes beyond ASCII stay as they are.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace wirewatch::feeds {

inline char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string lower(std::string_view text);

inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// 0 … 15, or -1 where `c` is no hexadecimal digit.
inline int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// RFC 3986, 2.1: all but its unreserved characters (2.3) as "%2F".
std::string percent_encoded(std::string_view text);

// The other way; a '%' without two hexadecimal digits behind it stays.
std::string percent_decoded(std::string_view text);

}  // namespace wirewatch::feeds
