// A JSON document read whole, with what feeds need repaired: JSON Feed and field maps share it. The
// whole is checked before anything is taken from it, so that a cut document is told from a whole
// one; reading lazily would hand out the first items of a cut one.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "feeds/parse/parse.h"
#include "feeds/result.h"

namespace wirewatch::feeds {

struct JsonDocument {
  simdjson::dom::parser parser;  // holds what `root` points to
  simdjson::dom::element root;
  bool repaired = false;  // half surrogate pairs were replaced
};

// Reads `text` (valid UTF-8) into `document`. Errors: `invalid` for bad JSON, `too_big` for
// nesting beyond the limit, `temporary` when the text ends before its brackets close.
Result<void> read_json(std::string_view text, const ParseLimits& limits, JsonDocument& document);

// A string as it is, a number by its digits; empty for anything else.
std::string json_text(const simdjson::dom::element& value);

}  // namespace wirewatch::feeds
