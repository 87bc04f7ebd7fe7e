#include "tests/source_dir.h"

namespace wirewatch::tests {

std::string source_path(std::string_view relative) {
  return std::string(WIREWATCH_SOURCE_DIR "/").append(relative);
}

}  // namespace wirewatch::tests
