#include "feeds/parse/json_pointer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "feeds/parse/json_map.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kMostFound = 1000;
constexpr std::size_t kShownKeys = 8;

// Takes "/part" off the front, "~1" and "~0" decoded.
std::string take_part(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const std::size_t end = std::min(pointer.find('/'), pointer.size());
  std::string part;
  for (std::size_t i = 0; i < end; ++i) {
    if (pointer[i] == '~' && i + 1 < end) {
      part += pointer[++i] == '1' ? '/' : '~';
    } else {
      part += pointer[i];
    }
  }
  pointer.remove_prefix(end);
  return part;
}

// Digits without a leading zero.
std::optional<std::size_t> index_of(std::string_view part) {
  if (part.empty() || part.size() > 9 || (part.size() > 1 && part[0] == '0')) return std::nullopt;
  std::size_t index = 0;
  const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
  if (read.ec != std::errc() || read.ptr != part.data() + part.size()) return std::nullopt;
  return index;
}

// Lists in lists deepen this by less than the depth that the document may have.
void find(const element& from, std::string_view pointer, std::vector<element>& found) {
  if (found.size() >= kMostFound) return;
  if (pointer.empty()) {
    if (!from.is_null()) found.push_back(from);
    return;
  }
  array list;
  if (from.get(list) == simdjson::SUCCESS) {
    std::string_view rest = pointer;
    const std::optional<std::size_t> index = index_of(take_part(rest));
    std::size_t at = 0;
    for (const element one : list) {
      if (!index) find(one, pointer, found);
      if (index && at == *index) return find(one, rest, found);
      ++at;
    }
    return;
  }
  object fields;
  if (from.get(fields) != simdjson::SUCCESS) return;
  const std::string part = take_part(pointer);
  element next;
  if (fields.at_key(part).get(next) == simdjson::SUCCESS) find(next, pointer, found);
}

std::string kind_of(const element& value) {
  if (value.is_array()) return "a list";
  if (value.is_object()) return "an object";
  if (value.is_string()) return "a text";
  return value.is_null() ? "null" : "a number or truth value";
}

}  // namespace

std::vector<element> find_json(const element& from, std::string_view pointer) {
  std::vector<element> found;
  find(from, pointer, found);
  return found;
}

std::string what_is_there(const element& root, std::string_view pointer) {
  element reached = root;
  std::string_view rest = pointer;
  while (!rest.empty()) {
    std::string_view next_rest = rest;
    const std::string part = take_part(next_rest);
    const std::string_view step = rest.substr(0, rest.size() - next_rest.size());
    const std::vector<element> next = find_json(reached, step);
    if (next.empty()) break;
    reached = next.front();
    rest = next_rest;
  }
  const std::string_view way = pointer.substr(0, pointer.size() - rest.size());
  const std::string where = way.empty() ? "at the top" : fmt::format("at \"{}\"", way);
  object fields;
  if (reached.get(fields) != simdjson::SUCCESS) {
    return fmt::format("{} there is {}", where, kind_of(reached));
  }
  std::string keys;
  std::size_t shown = 0;
  for (const auto field : fields) {
    if (shown == kShownKeys) keys += ", …";
    if (shown++ >= kShownKeys) break;
    keys += fmt::format("{}\"{}\"", keys.empty() ? "" : ", ", utf8_prefix(field.key, 40));
  }
  return keys.empty() ? where + " there is an empty object" : where + " there are " + keys;
}

Result<void> check_json_pointer(std::string_view pointer) {
  if (pointer.size() > 1000) return Error{ErrorKind::invalid, "a pointer has at most 1000 bytes"};
  if (!pointer.empty() && pointer[0] != '/') {
    return Error{ErrorKind::invalid,
                 fmt::format("a JSON Pointer begins with '/': \"/{}\"", pointer)};
  }
  for (std::size_t at = pointer.find('~'); at != std::string_view::npos;
       at = pointer.find('~', at + 1)) {
    const std::string_view next = pointer.substr(at + 1, 1);
    if (next != "0" && next != "1") {
      return Error{ErrorKind::invalid,
                   "in a JSON Pointer '~' is written \"~0\", and '/' in a key \"~1\""};
    }
  }
  return {};
}

}  // namespace wirewatch::feeds
