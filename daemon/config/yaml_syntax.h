// What YAML's own parser says too little about, or nothing at all.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/config/source.h"

namespace wirewatch::daemon {

struct SyntaxProblem {
  std::size_t offset = 0;
  std::string text;
  std::string hint;
};

// The first byte that no config may hold: bad UTF-8, or a control character other than tab and
// line breaks (yaml-cpp 0.7 takes byte 4 for the end of the file).
std::optional<SyntaxProblem> find_bad_byte(std::string_view text);

// Does the quoted text that begins at `offset` end? True for block scalars.
bool is_closed(std::string_view text, std::size_t offset);

// yaml-cpp's `message` at byte `offset` in users' words; a rule that YAML cannot read as it stands
// (`match: @x`, `match: "a b" AND x`, `match: title: x`) gets the hint to write a block.
SyntaxProblem explain_syntax_error(const SourceFile& file, std::size_t offset,
                                   const std::string& message);

}  // namespace wirewatch::daemon
