// What an element's `style` attribute says about being seen.
#pragma once

#include <string_view>

namespace wirewatch::feeds {

// True for "display: none" and "visibility: hidden", however they are spaced and cased.
bool style_hides(std::string_view style);

}  // namespace wirewatch::feeds
