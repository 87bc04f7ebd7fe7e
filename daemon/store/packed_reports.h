// The reports of an alert, as two columns keep them: lists of texts (packing.h), one a report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/policy/policy.h"

namespace wirewatch::daemon {

// "ITEM MICROSECONDS FLAGS COPY_GROUP SOURCE", flags a letter each, "t" told and "c" counts, or
// "-"; "ITEM" alone in what was stored before the rest was kept.
std::string pack(const std::vector<rules::Report>& reports);
// "MICROSECONDS COPY_GROUP".
std::string pack(const std::vector<rules::Heard>& heard);

// The reverse. Throw StoreFailure (invalid) for bytes that no list was packed in; what cannot be
// read of an entry is left out.
std::vector<rules::Report> unpack_reports(std::string_view bytes);
std::vector<rules::Heard> unpack_heard(std::string_view bytes);

}  // namespace wirewatch::daemon
