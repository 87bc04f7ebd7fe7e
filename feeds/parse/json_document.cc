#include "feeds/parse/json_document.h"

#include <fmt/format.h>

#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

// Whether strings or brackets are still open where the text ends.
bool is_cut(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return in_string || depth > 0;
}

bool is_surrogate(std::string_view escape, char low, char high) {
  return escape.size() == 6 && escape.starts_with("\\u") &&
         (escape[2] == 'd' || escape[2] == 'D') && lower(escape.substr(3, 1))[0] >= low &&
         lower(escape.substr(3, 1))[0] <= high;
}

// Escapes of half a surrogate pair, which mean no character, as U+FFFD. One bad emoji must not
// cost the whole document.
std::string repair_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out += text[at++];
      continue;
    }
    const std::string_view escape = text.substr(at, 6);
    const bool high = is_surrogate(escape, '8', 'b');
    const bool pair = high && is_surrogate(text.substr(at + 6, 6), 'c', 'f');
    if (pair) {
      out += text.substr(at, 12);
      at += 12;
    } else if (high || is_surrogate(escape, 'c', 'f')) {
      out += "\\ufffd";
      at += 6;
    } else {
      out += text.substr(at, 2);
      at += 2;
    }
  }
  return out;
}

}  // namespace

Result<void> read_json(std::string_view text, const ParseLimits& limits, JsonDocument& document) {
  using simdjson::padded_string;
  if (document.parser.allocate(text.size() + 64, limits.depth) != simdjson::SUCCESS) {
    return Error{ErrorKind::too_big, "the JSON document is too large"};
  }
  simdjson::error_code code = document.parser.parse(padded_string(text)).get(document.root);
  if (code == simdjson::STRING_ERROR) {
    code = document.parser.parse(padded_string(repair_surrogates(text))).get(document.root);
    document.repaired = code == simdjson::SUCCESS;
  }
  if (code == simdjson::SUCCESS) return {};
  if (code == simdjson::DEPTH_ERROR) {
    return Error{ErrorKind::too_big,
                 fmt::format("objects are nested deeper than {}", limits.depth)};
  }
  if (is_cut(text)) {
    return Error{
        ErrorKind::temporary,
        fmt::format("cut off: the JSON is not closed at the end of {} bytes", text.size())};
  }
  return Error{ErrorKind::invalid,
               fmt::format("not a feed: bad JSON ({})", simdjson::error_message(code))};
}

std::string json_text(const simdjson::dom::element& value) {
  std::string_view string;
  if (value.get(string) == simdjson::SUCCESS) return std::string(string);
  std::int64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) return fmt::format("{}", number);
  std::uint64_t large = 0;
  if (value.get(large) == simdjson::SUCCESS) return fmt::format("{}", large);
  double real = 0;
  if (value.get(real) == simdjson::SUCCESS) return fmt::format("{}", real);
  return {};
}

}  // namespace wirewatch::feeds
