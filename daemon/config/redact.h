// Keeps secrets out of the source lines that messages show.
#pragma once

#include <string>

#include "daemon/config/source.h"

namespace wirewatch::daemon {

// Line `number` with everything that is or may be a secret replaced, character by character, by
// '*', so that columns stay: values of keys such as `secret`, `token`, `password`,
// `authorization`, `cookie`; the path of a Slack or Discord webhook URL; user and password in a
// URL; the query of a URL; and words that look like keys (24 or more letters and digits mixed).
// A line that continues the value of such a key is replaced whole.
std::string redacted_line(const SourceFile& file, std::uint32_t number);

}  // namespace wirewatch::daemon
