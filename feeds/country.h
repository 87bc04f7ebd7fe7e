// Which country an outlet is in.
#pragma once

#include <string>
#include <string_view>

#include "feeds/document.h"

namespace wirewatch::feeds {

// Whether anybody may have an address under the country's ending: CO, IO, ME, …; two capitals.
bool is_open_ending(std::string_view code);

// "IQ" for http://news.example.iq/a, "GB" for .uk; "" where the ending is no country's, or one that
// is sold to everybody (but "CO" for .com.co and .gov.co, which are the country's own).
std::string country_of_address(std::string_view url);

// "IQ" for a feed tag "country:IQ", else that of the item's address.
std::string country_of(const Document& document);

}  // namespace wirewatch::feeds
