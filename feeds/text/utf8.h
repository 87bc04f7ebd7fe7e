// UTF-8 in and out, tolerant of anything. Unicode 15, chapter 3.9 (maximal subparts).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wirewatch::feeds::unicode {

struct Decoded {
  char32_t code = 0;         // U+FFFD where the bytes are no character
  std::uint32_t length = 1;  // bytes taken, at least 1
};

// The character that starts at byte `at`, which lies inside `bytes`.
Decoded decode(std::string_view bytes, std::size_t at);

// Bytes of the character that starts at byte `at`, which lies inside `bytes`; 0: none does.
std::size_t sequence_length(std::string_view bytes, std::size_t at);

// Is its first character a capital, of any script that has them (Unicode's Lu and Lt)?
bool begins_with_capital(std::string_view text);

// `code` is at most U+10FFFF.
void append(std::string& out, char32_t code);

// Bytes of a terminal's control sequence (ECMA-48, 5.4: ESC [ parameters, final byte) that starts
// at byte `at`; 0: none does.
std::size_t control_sequence_length(std::string_view bytes, std::size_t at);

// Valid UTF-8 of at most `max_bytes`, cut at a character: bad bytes become U+FFFD; terminals'
// control sequences, control characters other than line feed, bidi controls, soft hyphens and
// zero-width spaces go; tabs and the many Unicode spaces become a space; CR LF, CR, NEL and the
// line separators a line feed.
std::string tidy(std::string_view bytes, std::size_t max_bytes);

}  // namespace wirewatch::feeds::unicode
