// Where a text is not tidy already: most texts are, nearly everywhere.
#pragma once

#include <cstddef>
#include <string_view>

namespace wirewatch::feeds::unicode {

// Where in valid UTF-8, from byte `at` on, the first byte is at which unicode::tidy must look
// closer: a control, the first byte of a character that may have to go or to become another, or 9C,
// which ends some others. bytes.size() where there is none.
using TidyScan = std::size_t (*)(std::string_view bytes, std::size_t at);

TidyScan tidy_scan_plain();  // on any processor
TidyScan tidy_scan();        // the fastest here, same results

}  // namespace wirewatch::feeds::unicode
