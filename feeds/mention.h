// Where an entity is named in a document. Found by rules/, carried on to stories.
#pragma once

#include <cstdint>
#include <string>

namespace wirewatch::feeds {

// Fields that hold matchable text. `lead:` is a part of `text`.
enum class Field : std::uint8_t { title, text };

struct Mention {
  std::string entity;  // entity id, e.g. "hamid-al-shatri"
  Field field = Field::text;
  std::uint32_t start = 0;  // UTF-8 byte offsets into the field's own text
  std::uint32_t end = 0;
  std::uint32_t first_token = 0;  // indices into Document::tokens, `last_token` included
  std::uint32_t last_token = 0;
};

}  // namespace wirewatch::feeds
