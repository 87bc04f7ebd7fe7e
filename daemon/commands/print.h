// Readable text from the API's JSON: the verbs print the same whether a daemon answered or not.
#pragma once

#include <simdjson.h>

#include <string>

namespace wirewatch::daemon {

// A member as text: strings as they are, numbers printed, absent ones empty. Control and bidi
// characters are escaped: what a feed said must not steer a terminal.
std::string text_at(const simdjson::dom::element& object, std::string_view key);

// "97 %" of a share from 0 to 1.
std::string percent_at(const simdjson::dom::element& object, std::string_view key);

// "a, b, c" of an array of strings.
std::string list_at(const simdjson::dom::element& object, std::string_view key);

// "2025-08-29T08:00:00Z" → "2025-08-29 08:00:00Z": easier on the eye, still plainly UTC.
std::string when(const std::string& iso);

// "1 rule", "2 rules", "no rules".
std::string counted(std::string_view number, std::string_view noun);

// "delivered, 1 attempt, 2025-08-29 08:00:00Z 200", or when it goes out and why not yet.
std::string delivery_text(const simdjson::dom::element& delivery);

}  // namespace wirewatch::daemon
