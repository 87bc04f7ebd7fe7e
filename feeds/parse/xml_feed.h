// RSS in all its versions, RDF, Atom, CDF and sitemaps: elements → the neutral model.
#pragma once

#include <optional>
#include <string_view>

#include "feeds/item.h"
#include "feeds/parse/parse.h"
#include "feeds/result.h"

namespace wirewatch::feeds {

// `text` is valid UTF-8. nullopt when its root element is none of a feed's. Error
// `invalid` for what lists feeds or sitemaps and is none itself.
Result<std::optional<ParsedFeed>> parse_xml_feed(std::string_view text,
                                                 const ParseContext& context);

}  // namespace wirewatch::feeds
