// Character data of XML and HTML: entities, CDATA, and what people write instead.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "feeds/ascii.h"

namespace wirewatch::feeds {

// Internal general entities of a DOCTYPE that are plain text. Their use is counted: `budget` bytes
// of replacement text are all a document gets, so that no definition can blow up.
struct DeclaredEntities {
  // XHTML 1.0's DTD, which is what these names in XML refer to, has other brackets than HTML.
  std::map<std::string, std::string, std::less<>> values{{"lang", "\xE2\x8C\xA9"},
                                                         {"rang", "\xE2\x8C\xAA"}};
  std::size_t budget = 64U << 10U;
  bool exhausted = false;
};

// Appends one code point as UTF-8. Numbers 128 to 159 mean windows-1252, as in HTML; NUL,
// surrogates and numbers above U+10FFFF become U+FFFD.
void append_code_point(std::string& out, unsigned long code);

// The text of a named character reference of HTML ("eacute", "nbsp"), empty when there is none
// (WHATWG HTML section 13.5). The five of XML are among them.
std::string_view named_entity(std::string_view name);

// Reads the reference that begins with '&' at `text[at]`. Returns how many bytes it takes, with
// its text appended to `out`; 0 when there is none, then nothing is appended. References need
// their ';'. `declared` may be null.
std::size_t append_reference(std::string& out, std::string_view text, std::size_t at,
                             DeclaredEntities* declared);

// All references of `text` decoded; unknown ones and bare '&' stay as they are.
std::string decode_references(std::string_view text, DeclaredEntities* declared = nullptr);

// `text` with & < > as references.
std::string escape_markup(std::string_view text);

// Without leading and trailing XML white space.
std::string_view trim(std::string_view text);

// Each run of white space (also U+00A0) as one blank, none at the ends.
std::string collapse_blanks(std::string_view text);

// The beginning of a text as its title: one line of at most about 100 bytes, cut between words.
std::string begun_as_title(std::string_view text);

// At most `bytes` bytes of `text`, cut between UTF-8 characters.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

}  // namespace wirewatch::feeds
