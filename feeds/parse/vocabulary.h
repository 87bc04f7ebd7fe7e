// Which vocabulary a namespace URI or an undeclared prefix means, and which local names matter.
#pragma once

#include <optional>
#include <string_view>

#include "feeds/parse/xml.h"

namespace wirewatch::feeds {

// By the URI, tolerant of case, of a trailing '/' or '#', and of old addresses. nullopt: not one
// of ours.
std::optional<Vocabulary> vocabulary_of_uri(std::string_view uri);

// By the customary prefix ("dc", "media"), for documents that forgot to declare it.
Vocabulary vocabulary_of_prefix(std::string_view prefix);

// The name in lower case when feeds use it, else empty. Lives for ever.
std::string_view known_name(std::string_view local);

}  // namespace wirewatch::feeds
