// What encoding bytes are in that nobody labelled, or labelled wrongly.
#pragma once

#include <string>
#include <string_view>

#include "feeds/parse/charset_utf8.h"

namespace wirewatch::feeds {

// A converter's name by the statistics of uchardet (letters and their sequences in some forty
// languages), asked about the text between tags; empty when it does not know. Of single-byte
// encodings the script must fit how the bytes stand: Latin letters with marks stand alone among
// ASCII, those of other scripts side by side.
std::string guess_encoding(std::string_view bytes, const Census& census);

// How little `text` looks like text, 0 to 1: of its pairs of neighbours with a character above
// ASCII, the share that no writing has (capitals after small letters, symbols inside words,
// letters of two scripts side by side). Reads a bounded beginning.
double implausibility(std::string_view text);

// Where a Japanese document keeps to JIS X 0208, the standard's own characters for the six signs
// that vendors' tables write in full width (wave dash, minus, double bar, cent, pound, not).
std::string with_jis_signs(std::string text, std::string_view bytes, bool shift_jis);

}  // namespace wirewatch::feeds
