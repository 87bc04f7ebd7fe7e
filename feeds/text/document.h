// From plain text to a Document: clean, split, fold, detect the language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/document.h"
#include "feeds/item.h"

namespace wirewatch::feeds {

// At most this many bytes of title and of text are kept; the rest is cut at a character.
inline constexpr std::size_t max_title_bytes = 4096;
inline constexpr std::size_t max_text_bytes = 256 * 1024;

// Never fails: any bytes in, a document out (bad UTF-8 is replaced). Linear time.
// Removes repeated paragraphs and page clutter from the text once, before everything else. The
// declared language stands only where the text is too short to tell.
Document make_document(DocumentInput input);

// Title and text as they are, only normalised, split and folded: no clutter removed, no language.
Document plain_document(std::string_view title, std::string_view text);

// The input for an item of a feed: title, then content, else summary, as plain text.
// `time` is the item's published date when from 1990 to now + 15 min, else `now`. `id`, `feed`,
// `source` and `feed_tags` are for the caller to fill.
DocumentInput document_input(const Item& item, Instant now);

// The folded form that tokens and query terms share: case, diacritics, width, Arabic letter
// forms, apostrophes. One word in, one word out; may be empty. What tokens part at (hyphens,
// spaces) is left out, so "counter-terrorism" comes back as "counterterrorism": see fold_words.
std::string fold_word(std::string_view word);

// The folded words that a document's tokens would be for this text: "counter-terrorism" gives
// counter and terrorism, "Iraq's" gives iraq, "1,905" gives 1905, "U.S." gives us.
std::vector<std::string> fold_words(std::string_view text);

}  // namespace wirewatch::feeds
