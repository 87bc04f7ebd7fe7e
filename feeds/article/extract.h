// The article of a web page: what a reader came for, without what stands around it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feeds/result.h"
#include "feeds/time.h"

namespace wirewatch::feeds {

// All text is UTF-8; what the page does not say is empty or nullopt.
struct Article {
  std::string title;
  std::string byline;
  std::string language;       // BCP 47 tag as the page declares it
  std::string canonical_url;  // absolute; empty when the page names none
  std::string site;           // the outlet, as the page calls itself
  std::optional<Instant> published;
  std::string text;  // plain text, paragraphs parted by "\n\n", list items by "\n"
};

struct PageContext {
  std::string url;           // where the page came from: the base of relative links
  std::string content_type;  // the Content-Type header's value, may be empty or wrong
};

// Bytes of an HTML page in any encoding → its article. Errors: `invalid` when it is no HTML or
// holds no article text. Bounded depth, nodes and time whatever the page is.
Result<Article> extract_article(std::string_view page, const PageContext& context);

}  // namespace wirewatch::feeds
