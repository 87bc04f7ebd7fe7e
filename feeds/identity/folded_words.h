// The words of a text for comparing it with itself: case, white space, punctuation and markup fall
// away. Not the tokeniser that rules match with (feeds/text), which knows far more.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

// Appends the hash of every folded word of `text` (UTF-8, plain or HTML; bad bytes part words) in
// reading order. A word is a run of letters, marks and digits (Unicode general categories) after
// simple case folding; tags are skipped, character references read. In scripts without spaces
// (Han, Kana, Thai, Lao, Khmer, Burmese) every pair of neighbouring characters is a word. Linear.
void append_folded_words(std::string_view text, std::vector<std::uint64_t>& words);

}  // namespace wirewatch::feeds
