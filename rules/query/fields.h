// The names before a colon: one field, or several as `title,lead:`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/query/node.h"

namespace wirewatch::rules {

struct FieldRead {
  std::optional<Scope> scope;
  std::string error;  // where there is no scope
  std::string hint;
};

// `names` without the colon. Of the parts of a text, title, lead and text, any may stand together,
// parted by commas: together they are one stretch of the document.
FieldRead read_field(std::string_view names);

// How long the list of at least two field names is that `text` begins with, its colon included; 0
// when there is none. The first must be a field's name.
std::size_t field_list_length(std::string_view text);

}  // namespace wirewatch::rules
