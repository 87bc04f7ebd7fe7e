// Inside of Gazetteer: what compiling made of the definitions. Private to rules/entities.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <string>
#include <vector>

#include "rules/entities/gazetteer.h"
#include "rules/entities/name_table.h"
#include "rules/entities/name_variants.h"
#include "rules/entities/spelling_table.h"

namespace wirewatch::rules {

struct Gazetteer::Compiled {
  std::vector<EntityDef> defs;
  std::map<std::string, std::uint32_t> index;  // by id: place in `defs`
  NameTable names;
  SpellingTable spellings;
  // By place in `defs`:
  std::vector<std::vector<std::string>> references;       // what a mention counts as, sorted
  std::vector<std::vector<std::string>> near_references;  // the "@id" of `near`, without '@'
  boost::unordered_flat_map<std::string, std::vector<std::string>> counting;  // by reference: ids
};

// What is looked for beside a name of `def` as listed: nothing for people and places, and for
// pinned names.
std::vector<NameVariant> variants_of(const EntityDef& def, const std::string& name);

}  // namespace wirewatch::rules
