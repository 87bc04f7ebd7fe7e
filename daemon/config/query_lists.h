// A rule's condition: `match:` and the lists `all:`, `any:`, `none:` and `at_least:` beside it,
// put together as one query that knows where in the file each piece of it stands.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/config/yaml_reader.h"
#include "rules/diagnostic.h"

namespace wirewatch::daemon {

struct QueryPiece {
  std::size_t begin = 0;  // bytes in the query
  std::size_t length = 0;
  ValuePtr value;  // the text as it stands in the file
};

struct WrittenQuery {
  std::string text;  // empty: there is none, or what there is was reported
  std::vector<QueryPiece> pieces;
  // Of lists whose texts have syntax errors, `text` is the first of these texts alone; the errors
  // of the others are here, each with the text that it counts in.
  std::vector<std::pair<ValuePtr, rules::Diagnostic>> errors;
};

// All of `match`, `all`, `any`, `none` and `at_least` that the map has must hold. Lists hold texts
// and maps with the same keys. Reports values of the wrong kind and empty lists.
WrittenQuery read_written_query(const Context& context, MapReader& map);
// Has the map any of these keys?
bool has_query(MapReader& map);

// Where byte `offset` of the query stands in the file.
std::size_t query_offset_in_file(const SourceFile& file, const std::vector<QueryPiece>& pieces,
                                 std::size_t offset);

}  // namespace wirewatch::daemon
