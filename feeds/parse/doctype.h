// What a DOCTYPE's internal subset may do here: name short texts. Nothing external is ever read.
#pragma once

#include <string_view>

#include "feeds/parse/xml_text.h"
#include "feeds/result.h"

namespace wirewatch::feeds {

// Takes the general entities that are plain text, at most 64 of at most 256 bytes, from a whole
// "<!DOCTYPE …>". External ones and longer ones are left undefined. Error: `invalid` when an
// entity is made of other entities, which no feed needs and bombs are made of.
Result<void> read_doctype(std::string_view declaration, DeclaredEntities& entities);

}  // namespace wirewatch::feeds
