// Words that stand in nearly every document of their language and so tell nothing.
#pragma once

#include <string_view>

namespace wirewatch::rules {

// A folded word of English or Arabic.
bool is_stop_word(std::string_view folded);

}  // namespace wirewatch::rules
