// A query's text → its syntax tree, with every syntax error in it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

// Bounds of one query; beyond them it is refused with an error.
inline constexpr std::size_t max_query_bytes = 64 * 1024;
inline constexpr int max_query_depth = 64;

struct Parsed {
  std::optional<Node> tree;  // what could be read; absent when nothing could
  std::vector<Diagnostic> diagnostics;
};

// Takes UTF-8 (any bytes do no harm). The language is docs/rules.md. All errors are reported at
// once, in the order of their places; the tree may be used only when there is none.
Parsed parse(std::string_view query);

}  // namespace wirewatch::rules
