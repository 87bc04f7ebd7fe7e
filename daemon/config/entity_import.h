// Lists of names from elsewhere → entities, and entities → the YAML that a config reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/result.h"
#include "rules/entities/gazetteer.h"

namespace wirewatch::daemon {

// csv: RFC 4180 with a first line of column names: name or names, and if wanted id, kind (or
//   type), aliases, short, near, not, part_of; several values in a field parted by ';' or '|'.
// jsonl: an object a line with the same keys; texts or lists of texts.
// wikidata: Wikidata's JSON (doc.wikidata.org, "JSON data model"): one item, {"entities": {…}}, an
//   array, or an item a line; labels and aliases of every language, kind from P31.
enum class ImportFormat { csv, jsonl, wikidata };

struct ImportLimits {
  std::size_t entities = 200000;
  std::size_t names = 1000;      // of one entity
  std::size_t name_bytes = 500;  // longer ones are left out
};

struct Imported {
  std::vector<rules::EntityDef> entities;
  std::vector<std::string> notes;  // what was left out and why, at most 100
};

// `kind` for entities that say none. Errors name the line. Ids that are no ids are made from the
// name; names in capitals of "LAST, First" lists are turned round.
Result<Imported> import_entities(std::string_view content, ImportFormat format,
                                 const std::string& kind, const ImportLimits& limits = {});

// csv, jsonl or wikidata, by the file's name and how it begins.
ImportFormat guess_format(const std::string& path, std::string_view content);

std::string entities_yaml(const std::vector<rules::EntityDef>& entities);

}  // namespace wirewatch::daemon
