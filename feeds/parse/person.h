// People as feeds name them in one string.
#pragma once

#include <string_view>

#include "feeds/item.h"

namespace wirewatch::feeds {

// "me@example.com (Ann Lee)", "Ann Lee <me@example.com>", "Ann Lee", "me@example.com": the address
// and what remains without it and its brackets.
Author parse_person(std::string_view text);

}  // namespace wirewatch::feeds
