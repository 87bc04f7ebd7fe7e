// Title, byline, date and the like: what a page says about itself in its head and its markup.
#pragma once

#include <string>

#include "feeds/article/extract.h"
#include "feeds/article/json_ld.h"
#include "feeds/article/tree.h"

namespace wirewatch::feeds {

// Everything of Article but its text. JSON-LD is believed first, then Dublin Core, OpenGraph and
// other meta elements, microdata (https://html.spec.whatwg.org/#microdata), and elements. Links
// are resolved against <base>, then `context.url`.
Article read_metadata(const PageTree& tree, const std::optional<LinkedData>& linked,
                      const PageContext& context);

// What relative links on the page are relative to.
std::string base_url(const PageTree& tree, const std::string& page_url);

}  // namespace wirewatch::feeds
