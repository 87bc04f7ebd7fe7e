// Codes of languages, as `lang:` takes them.
#pragma once

#include <string>

namespace wirewatch::rules {

// Is `code` a language's (ISO 639, two or three small letters)?
bool is_language(const std::string& code);

// What was likely meant by a code that is none: the language of a country whose code it is ("jp" is
// "ja"). Empty when nothing is known.
std::string language_meant_by(const std::string& code);

}  // namespace wirewatch::rules
