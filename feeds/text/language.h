// Which language a text is in.
#pragma once

#include <string>
#include <string_view>

#include "feeds/text/tokenise.h"

namespace wirewatch::feeds {

// BCP 47 primary tag by script, then by letters (Arabic, Persian, Sorani, Urdu) or by frequent
// words (Latin script). "" where the text is too short or the language unknown to it.
// `words` are those of `text`.
std::string detect_language(std::string_view text, const Words& words);

}  // namespace wirewatch::feeds
