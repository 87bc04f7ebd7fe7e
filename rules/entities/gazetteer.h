// Entities with all their names, compiled to find every mention in one pass over the tokens.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "feeds/document.h"
#include "rules/diagnostic.h"

namespace wirewatch::rules {

// One entity as a user writes it. `@country:IQ` style references name an entity's id.
struct EntityDef {
  std::string id;    // letters, digits, '-', '_', ':'; e.g. "hamid-al-shatri", "country:IQ"
  std::string kind;  // person, organisation, country, place, crossing, group, …
  std::vector<std::string> names;    // any script; spelled as written, folded like text; "=INA"
                                     // counts only in these letters' case
  std::vector<std::string> shorts;   // count once a full name or a `near` word is in the document
  std::vector<std::string> near;     // words, or "@id" references
  std::vector<std::string> members;  // a group's entities: a mention of one is one of the group
  std::vector<std::string> twins;    // ids: another name of the same place; goes both ways
  std::vector<std::string> part_of;  // ids: a mention is one of the whole as well
  std::vector<std::string> contexts_not;  // phrases that, overlapping a name, make it another thing
};

class Gazetteer {
 public:
  struct Compiled;
  Gazetteer();  // knows nothing
  explicit Gazetteer(std::shared_ptr<const Compiled> compiled);

  // Reports unknown references, empty and doubled ids with `subject` set to the entity's id.
  static std::pair<Gazetteer, std::vector<Diagnostic>> compile(const std::vector<EntityDef>& defs);

  // Mentions in reading order. The longest name wins and hides what lies inside it.
  std::vector<feeds::Mention> find(const feeds::Document& document) const;

  // "hamid-al-shatri", "country:IQ", "kind:person"
  bool knows(const std::string& reference) const;
  std::vector<std::string> ids() const;  // sorted
  const EntityDef* definition(const std::string& id) const;
  // Does a mention of `entity` count as one of `reference` (itself, its group, whole, or kind)?
  bool counts_as(const std::string& entity, const std::string& reference) const;
  // All entities whose mentions count as `reference`, sorted; empty when it is unknown.
  std::vector<std::string> counting_as(const std::string& reference) const;

 private:
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace wirewatch::rules
