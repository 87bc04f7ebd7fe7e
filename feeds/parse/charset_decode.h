// Bytes of a named encoding → UTF-8, by ICU.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wirewatch::feeds {

struct Decoded {
  std::string text;
  std::size_t failures = 0;  // what did not decode and stands as U+FFFD
};

// nullopt when there is no such converter.
std::optional<Decoded> decode(std::string_view bytes, const std::string& converter_name);

// The converter that a label (in lower case) means: WHATWG Encoding section 4.2, where many labels
// mean a superset ("iso-8859-1" is windows-1252, "gb2312" is gb18030); else the label itself.
std::string converter_for(const std::string& label);

// Labels of UTF-16, UTF-32 and their kin.
bool is_wide(std::string_view label);

// UTF-16 and UTF-32 by byte order mark (its length in `mark`), or by where the NULs of the first
// character stand; empty for others.
std::string wide_encoding(std::string_view bytes, std::size_t& mark);

}  // namespace wirewatch::feeds
