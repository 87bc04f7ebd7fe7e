// What a web page says about its own encoding.
#pragma once

#include <string>
#include <string_view>

namespace wirewatch::feeds {

// The Content-Type to read `page` by: the header's when it names a charset, else one with the
// charset of <meta charset> or <meta http-equiv="Content-Type"> near the page's beginning
// (https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding).
std::string declared_type(std::string_view page, std::string_view content_type);

}  // namespace wirewatch::feeds
