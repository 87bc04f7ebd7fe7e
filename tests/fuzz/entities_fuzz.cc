// Any bytes as a list of names to import: nothing crashes, bounds hold, and what is printed for a
// config holds every entity. The first byte says which format.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/config/entity_import.h"
#include "daemon/config/units.h"

namespace {

using namespace wirewatch::daemon;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string content(reinterpret_cast<const char*>(data) + 1, size - 1);
  const ImportFormat format = static_cast<ImportFormat>(data[0] % 3);
  ImportLimits limits;
  limits.entities = 20;
  limits.names = 5;
  const auto imported = import_entities(content, format, "person", limits);
  guess_format("names.txt", content);
  if (!imported) {
    require(!imported.error().text.empty());
    return 0;
  }
  require(imported->entities.size() <= 20);
  for (const auto& def : imported->entities) {
    require(valid_entity_id(def.id));
    require(!def.names.empty() && def.names.size() <= 5);
    for (const std::string& name : def.names) require(name.size() <= limits.name_bytes);
  }
  require(entities_yaml(imported->entities).size() >= imported->entities.size());
  return 0;
}
