#include <fmt/format.h>

#include "daemon/commands/entities.h"
#include "daemon/config/entity_import.h"

namespace wirewatch::daemon {

int entities_import(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("entities", "import what? entities import FILE > entities.yaml", exit_misuse);
  }
  const std::string& path = line.words()[1];
  const auto content = read_input(path);
  if (!content) return complain("entities", content.error().text);
  ImportFormat format = guess_format(path, *content);
  if (const auto named = line.value("format")) {
    if (*named == "csv") {
      format = ImportFormat::csv;
    } else if (*named == "jsonl") {
      format = ImportFormat::jsonl;
    } else if (*named == "wikidata") {
      format = ImportFormat::wikidata;
    } else {
      return complain("entities",
                      fmt::format("--format is csv, jsonl or wikidata, not \"{}\"", *named),
                      exit_misuse);
    }
  }
  const auto imported = import_entities(*content, format, line.value_or("kind", "person"));
  if (!imported) return complain("entities", fmt::format("{}: {}", path, imported.error().text));
  for (const std::string& note : imported->notes) complain("entities", note);
  fmt::print(
      "# Made by `wirewatch entities import`. A config names this file under `entities:`.\n{}",
      entities_yaml(imported->entities));
  return imported->entities.empty() ? exit_wrong : exit_ok;
}

}  // namespace wirewatch::daemon
