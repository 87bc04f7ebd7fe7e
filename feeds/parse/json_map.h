// Any JSON document as a feed, by a map of where its fields stand. Pointers are JSON Pointers
// (RFC 6901), with one addition: where a pointer meets a list and its next part is no index, the
// rest of it holds for every element ("/tags/name" gives the names of all tags).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/item.h"
#include "feeds/parse/parse.h"
#include "feeds/result.h"

namespace wirewatch::feeds {

// Pointers of a field in the order in which they are tried; empty: the field is not read.
using JsonPointers = std::vector<std::string>;

struct JsonMap {
  std::string items;  // from the document: a list, or an object whose values are the items
  // From an item.
  JsonPointers title;
  JsonPointers link;  // relative ones resolve against the document
  JsonPointers id;    // text or number
  JsonPointers published;
  JsonPointers updated;
  JsonPointers summary;
  JsonPointers content;   // a list of texts stands for paragraphs
  JsonPointers author;    // texts, or objects with "name", "email", "url"
  JsonPointers category;  // texts, or objects with "name", "title", "label", "term"
  JsonPointers language;
  JsonPointers image;  // becomes an enclosure
};

// Error: what is wrong with a pointer, and what would be right.
Result<void> check_json_pointer(std::string_view pointer);

// `text` is valid UTF-8. Dates are texts (feeds/parse/dates.h), "/Date(1717493405000)/", or Unix
// time in seconds, milliseconds, microseconds or nanoseconds, told apart by their size. Errors as
// those of parse_json_feed, and `invalid` when nothing stands at `map.items`. A field whose
// pointers find nothing in any item is a warning.
Result<ParsedFeed> parse_json_map(std::string_view text, const JsonMap& map,
                                  const ParseContext& context);

}  // namespace wirewatch::feeds
