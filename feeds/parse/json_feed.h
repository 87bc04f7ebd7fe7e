// JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1).
#pragma once

#include <optional>
#include <string_view>

#include "feeds/item.h"
#include "feeds/parse/parse.h"
#include "feeds/result.h"

namespace wirewatch::feeds {

// `text` is valid UTF-8 that begins with a '{'. Tolerates ids that are numbers, missing fields and
// a missing version when there are items. Errors: `invalid` for bad JSON or for another kind of
// object, `too_big` for nesting, `temporary` when the text ends before its brackets close.
Result<ParsedFeed> parse_json_feed(std::string_view text, const ParseContext& context);

}  // namespace wirewatch::feeds
