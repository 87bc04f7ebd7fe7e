// A webhook's own body: a tree whose texts hold {fields} of the alert.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/receivers/receiver.h"

namespace wirewatch::daemon {

// The names that may stand in braces, sorted.
const std::vector<std::string>& body_fields();

// Reads one text of the tree: "{headline} ({rule})"; "{{" and "}}" are braces. Errors name the
// field that does not exist, or the brace that stays open.
Result<void> check_body_text(std::string_view text);

// `tree` is JSON whose texts check_body_text has passed. A text that is one field and nothing else
// becomes that field's own JSON value (a number, a list); any other text becomes text. The result
// is valid JSON whatever the fields hold.
std::string filled_body(const std::string& tree, const AlertView& view, const DeliveryFacts& facts);

}  // namespace wirewatch::daemon
