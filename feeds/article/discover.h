// Where a web page's feeds may be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/article/extract.h"

namespace wirewatch::feeds {

enum class FeedHint {
  stated,   // the page says so: <link rel="alternate" type="application/rss+xml">, rel="feed"
  linked,   // a link on the page that looks like a feed
  guessed,  // where sites of this kind keep one; the page says nothing
};

struct FeedCandidate {
  std::string url;    // absolute, http or https
  std::string title;  // the link's title or text; empty for guesses
  FeedHint hint = FeedHint::guessed;
  bool comments = false;  // a feed of comments rather than articles
};

// Every candidate once, the likeliest first: stated, then linked, then guessed, feeds of comments
// behind the others of each. At most 20 stated, 20 linked and 16 guessed. Guesses are named by
// the page's generator and host first, then by common habit. `page` is bytes of any encoding; a
// page that is no HTML yields guesses alone. Linear time.
//
// Autodiscovery: RSS Advisory Board, "RSS Autodiscovery"; WHATWG HTML, link type "alternate".
std::vector<FeedCandidate> discover_feeds(std::string_view page, const PageContext& context);

}  // namespace wirewatch::feeds
