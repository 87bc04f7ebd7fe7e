#include "feeds/parse/doctype.h"

#include <fmt/format.h>

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kMaxEntities = 64;
constexpr std::size_t kMaxBytes = 256;
constexpr std::string_view kBlanks = " \t\r\n";

// A reference to another entity than the five of XML: text that grows when it is expanded.
bool refers_to_entities(std::string_view value, std::string_view own_name) {
  for (std::size_t at = value.find('&'); at != std::string_view::npos;
       at = value.find('&', at + 1)) {
    const std::string_view rest = value.substr(at + 1, 64);
    const std::size_t end = rest.find(';');
    if (end == std::string_view::npos || end == 0 || rest[0] == '#') continue;
    const std::string_view name = rest.substr(0, end);
    if (name == own_name || named_entity(name).empty()) return true;
  }
  return false;
}

std::string_view next_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  const std::size_t end = std::min(rest.find_first_of(kBlanks), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  return word;
}

}  // namespace

Result<void> read_doctype(std::string_view declaration, DeclaredEntities& entities) {
  std::string_view rest = declaration;
  for (std::size_t at = rest.find("<!ENTITY"); at != std::string_view::npos;
       at = rest.find("<!ENTITY")) {
    rest.remove_prefix(at + 8);
    const std::string_view name = next_word(rest);
    if (name.empty() || name == "%" || rest.empty()) continue;
    if (rest[0] != '"' && rest[0] != '\'') continue;  // SYSTEM or PUBLIC: never opened
    const std::size_t close = rest.find(rest[0], 1);
    if (close == std::string_view::npos) break;
    const std::string_view value = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (refers_to_entities(value, name)) {
      return Error{ErrorKind::invalid,
                   fmt::format("entity \"{}\" is defined by other entities: a document may only "
                               "name plain text",
                               utf8_prefix(name, 60))};
    }
    if (value.size() > kMaxBytes || value.find('<') != std::string_view::npos) continue;
    if (entities.values.size() >= kMaxEntities) break;
    entities.values.insert_or_assign(std::string(name), decode_references(value));
  }
  return {};
}

}  // namespace wirewatch::feeds
