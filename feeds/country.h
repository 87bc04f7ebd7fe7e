// Which country an outlet is in.
#pragma once

#include <string>
#include <string_view>

#include "feeds/document.h"

namespace wirewatch::feeds {

// "IQ" for http://news.example.iq/a, "GB" for .uk; "" where the ending is no country's, or one that
// is sold to everybody (.io, .tv, .me, .co, .fm, .ai, .cc, .ws).
std::string country_of_address(std::string_view url);

// "IQ" for a feed tag "country:IQ", else that of the item's address.
std::string country_of(const Document& document);

}  // namespace wirewatch::feeds
