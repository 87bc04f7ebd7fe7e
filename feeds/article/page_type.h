// What kind of document a web page is, and in which encoding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feeds/result.h"

namespace wirewatch::feeds {

// The Content-Type to read `page` by: the header's when it names a charset, else one with the
// charset of <meta charset> or <meta http-equiv="Content-Type"> near the page's beginning
// (https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding).
std::string declared_type(std::string_view page, std::string_view content_type);

// Why `text`, a document in UTF-8, is no web page: its header says otherwise, it is a feed, or it
// has no tags at all. nullopt: it may be one.
std::optional<Error> why_no_page(std::string_view text, std::string_view content_type);

}  // namespace wirewatch::feeds
