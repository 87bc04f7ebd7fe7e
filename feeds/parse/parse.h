// A feed document's bytes → its items, whatever the format, the encoding and the damage.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "feeds/item.h"
#include "feeds/result.h"

namespace wirewatch::feeds {

struct ParseLimits {
  std::size_t items = 5000;            // further items are dropped, with a warning
  std::size_t depth = 256;             // element or object nesting; deeper is an error
  std::size_t attributes = 1000;       // on one element; more is an error
  std::size_t text_bytes = 2U << 20U;  // of one node; longer is cut, with a warning
};

struct JsonMap;  // feeds/parse/json_map.h

struct ParseContext {
  std::string url;           // where the document came from: the base of relative links
  std::string content_type;  // the Content-Type header's value, may be empty or wrong
  ParseLimits limits;
  std::shared_ptr<const JsonMap> json_map = nullptr;  // of a feed that is any JSON
};

// Recognises RSS, RDF, Atom, CDF, JSON Feed and sitemaps by content; with a `json_map`, JSON is
// read by it. Errors: `invalid` with "not a feed: …" for anything else (an HTML page, a sitemap
// index and OPML are named as such), `too_big` at a limit that refuses, `temporary`
// when the document is cut (its root element never closes): the caller then keeps its validators.
// Filled in where absent: an item's title from its text or link, its authors and language from the
// feed, its published date from updated, the feed's link from its own URL. Repairs are warnings.
Result<ParsedFeed> parse_feed(std::string_view bytes, const ParseContext& context);

// The neutral JSON of `wirewatch parse --json`, one document, keys as in docs (design: "Neutral
// feed JSON"); absent values are absent keys. An item's summary and content stand in for each
// other.
std::string to_json(const ParsedFeed& feed);

}  // namespace wirewatch::feeds
