// Which language a text is in.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wirewatch::feeds {

// BCP 47 primary tag by script, then by letters (Arabic, Persian, Sorani, Urdu) or by frequent
// words (Latin script). "" where the text is too short or the language unknown to it.
// `words` are the hashes of those of `text`.
std::string detect_language(std::string_view text, std::span<const std::uint64_t> words);

// Whether `text`, which detect_language took for `detected`, may well be in `declared` (both
// primary tags): it knows no `declared`, and would have taken such a text for `detected`. Arabic
// script is left out: it decides how stories compare texts.
bool is_mistaken_for(std::string_view declared, std::string_view detected, std::string_view text);

}  // namespace wirewatch::feeds
