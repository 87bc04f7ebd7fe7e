// An article's headline out of what a page calls itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

// "Ministers resign | World | The Post" → "Ministers resign | World": the last part goes where it
// is the outlet's. It stays when too little would be left ("Flood | Post"), unless `headings`, the
// texts of the page's headings, or `site` tell which part is the headline.
std::string headline_of(std::string_view page_title, std::string_view site,
                        const std::vector<std::string>& headings);

// Whether a heading says what the title says, give or take a word or two in ten.
bool is_same_title(std::string_view heading, std::string_view title);

}  // namespace wirewatch::feeds
