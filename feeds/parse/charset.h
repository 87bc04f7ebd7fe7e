// A document's bytes → UTF-8, whatever it says about itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

struct Utf8Text {
  std::string text;      // valid UTF-8 without byte order mark, NUL and other controls
  std::string encoding;  // what the bytes were read as, an ICU converter name
  std::vector<std::string> warnings;
};

// Decides by byte order mark, by the bytes themselves (valid UTF-8 with characters above ASCII is
// UTF-8), by the charset of `content_type`, by the XML declaration, and when none of these
// gives text that reads like text, by statistics. Labels mean what the WHATWG Encoding standard
// says they mean
// ("iso-8859-1" is windows-1252, "gb2312" is gb18030). What does not decode becomes U+FFFD.
Utf8Text to_utf8(std::string_view bytes, std::string_view content_type);

// Whether to_utf8() would give the bytes back as they are, without a word: nearly always.
bool is_clean_utf8(std::string_view bytes);

}  // namespace wirewatch::feeds
