// JSON Pointers (RFC 6901) that go through lists; see feeds/parse/json_map.h.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

// All that `pointer` leads to from `from`, in document order, at most 1,000. A null is nothing.
std::vector<simdjson::dom::element> find_json(const simdjson::dom::element& from,
                                              std::string_view pointer);

// How far `pointer` leads, for a message: "at \"/data\" there are \"items\", \"total\"".
std::string what_is_there(const simdjson::dom::element& root, std::string_view pointer);

}  // namespace wirewatch::feeds
