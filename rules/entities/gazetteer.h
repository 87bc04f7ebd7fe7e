// Entities with all their names, compiled to find every mention in one pass over the tokens.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feeds/document.h"
#include "feeds/time.h"
#include "rules/diagnostic.h"

namespace wirewatch::rules {

// An office that an entity holds from one day to another: `@role:intelligence-chief` is whoever
// held it when the document appeared.
struct EntityRole {
  std::string role;  // "intelligence-chief"
  std::string of;    // an entity's id; may be empty
  std::optional<Instant> from;
  std::optional<Instant> to;  // not included
};

// One entity as a user writes it. `@country:IQ` style references name an entity's id.
struct EntityDef {
  std::string id;    // letters, digits, '-', '_', ':'; e.g. "hamid-al-shatri", "country:IQ"
  std::string kind;  // person, organisation, country, place, crossing, group, …
  // Any script, folded like text, and found in other spellings of the same sounds too; "=INA" is
  // found in these letters' case only.
  std::vector<std::string> names;
  std::vector<std::string> shorts;   // count once a full name or a `near` word is in the document
  std::vector<std::string> near;     // words, or "@id" references
  std::vector<std::string> members;  // a group's entities: a mention of one is one of the group
  std::vector<std::string> twins;    // ids: another name of the same place; goes both ways
  std::vector<std::string> part_of;  // ids: a mention is one of the whole as well
  std::vector<std::string> contexts_not;  // phrases that, overlapping a name, make it another thing
  std::vector<EntityRole> roles;
  bool exact = false;  // names are found as listed (folded) only, in no other spelling
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

  // "hamid-al-shatri", "country:IQ", "kind:person", "role:intelligence-chief", and with whose
  // office it is: "role:intelligence-chief:country:IQ"
  bool knows(const std::string& reference) const;
  std::vector<std::string> ids() const;  // sorted
  const EntityDef* definition(const std::string& id) const;
  // Does a mention of `entity` count as one of `reference` (itself, its group, whole, or kind)?
  bool counts_as(const std::string& entity, const std::string& reference) const;
  // The same at a document's time, which matters for roles: from the day of taking office up to the
  // day of leaving it. Without a time (the epoch) whoever ever held it counts.
  bool counts_as(const std::string& entity, const std::string& reference, Instant time) const;
  // All entities whose mentions count as `reference`, sorted; empty when it is unknown.
  std::vector<std::string> counting_as(const std::string& reference) const;

  // For people: how the entity's names are looked for, one name a line.
  struct NameInfo {
    std::string name;
    std::string list;       // names, variant (of one of them), short
    std::string keys;       // consonant classes by word, # for a number; empty: as listed only
    bool any_form = false;  // with any legal form of a firm beside it, or none
  };
  std::vector<NameInfo> names_of(const std::string& id) const;

 private:
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace wirewatch::rules
