// The table behind named_entity in xml_text.h.
#pragma once

namespace wirewatch::feeds {

// "name code name code …", separated by single blanks, NUL-terminated.
extern const char kEntityNames[];

}  // namespace wirewatch::feeds
