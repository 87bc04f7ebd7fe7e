// A YAML document as a tree that knows where everything stands, built with bounds from the
// parser's events: nothing is loaded that was not counted.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/problems.h"
#include "daemon/config/source.h"

namespace wirewatch::daemon {

inline constexpr std::size_t kMaxYamlDepth = 64;
inline constexpr std::size_t kMaxYamlAliases = 100;         // uses of `*name` in a file
inline constexpr std::size_t kMaxYamlAliasedNodes = 10000;  // nodes they repeat, all together
inline constexpr std::size_t kMaxYamlNodes = 2000000;       // nodes of a file

struct Value;
using ValuePtr = std::shared_ptr<const Value>;

struct KeyValue {
  std::string key;
  std::size_t key_offset = 0;
  ValuePtr value;
};

struct Value {
  enum class Kind { null, text, list, map };
  Kind kind = Kind::null;
  std::string text;
  std::size_t offset = 0;       // byte of the file where it begins: a quote, a '|', a '['
  std::vector<ValuePtr> items;  // of a list
  std::vector<KeyValue> pairs;  // of a map, in the order written; keys differ
  std::size_t nodes = 1;        // itself and all below, aliases counted each time
};

// The one document of a file; null when it is empty, and after an error. Reports syntax errors
// (one: the parser cannot go on), duplicate keys, `<<`, tags, keys that are no texts, more than
// one document, unclosed quotes, bytes that are not UTF-8, control characters, and the bounds.
ValuePtr parse_yaml(const SourceFile& file, Problems& problems);

// Where byte `offset` of a text value stands in its file: also in block scalars (`|`, `>`), where
// indentation is skipped, and in quoted ones. Trailing white space maps to the end of the text.
std::size_t offset_in_file(const SourceFile& file, const Value& text, std::size_t offset);

}  // namespace wirewatch::daemon
