// All names of all entities by the sounds of their words, walked from every word of a document
// that can begin a name: finds the spellings that are not listed.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/entities/firm_names.h"
#include "rules/entities/name_key.h"
#include "rules/entities/name_table.h"
#include "rules/entities/name_units.h"
#include "rules/entities/name_variants.h"

namespace wirewatch::rules {

class SpellingTable {
 public:
  // Names whose words are all too plain are left to the listed spellings; numbers do not vary.
  // `entry` as NameTable has it. True when the name has variants.
  bool add(const std::string& name, const NameEntry& entry);
  // The same for what name_variants() made of it.
  bool add(const NameVariant& variant, const NameEntry& entry);

  // Names in other spellings, `likeness` below or at 1. Looks at words with a capital, or of a
  // script that has none. Names do not run across sentences. Linear in the document but for names
  // that begin with the same sounds.
  std::vector<NameHit> find(const feeds::Document& document) const;

  // The keys by which a name is looked up, and those of its words, for people.
  static std::string describe(const std::string& name);

 private:
  struct Spelling {
    NameEntry entry;
    std::vector<NameUnit> units;
    std::vector<std::string> words;      // folded, the first of each unit
    bool article = false;                // begins with the article
    std::vector<bool> common;            // by unit: also a word of the language
    std::vector<std::string> singulars;  // by unit: common_singular()
    bool all_plain = false;              // only inflections vary
    bool and_inside = false;             // "and" or "&" may stand between its words
    bool firm = false;                   // legal forms may stand beside it
  };
  // By word: the one entity in whose names it stands, or several_entities.
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> owners_;
  static constexpr std::uint32_t several_entities = 0xFFFFFFFF;

  struct Walk;
  struct Step;
  std::uint32_t next_state(std::uint32_t state, NameKey key) const;
  void grow(std::uint32_t state, const Spelling& spelling, std::size_t unit, std::uint32_t index,
            std::size_t& paths);
  void grow_with_slips(const Spelling& spelling, std::uint32_t index);
  std::uint32_t grown(std::uint32_t state, NameKey key);
  void follow(Walk& walk, std::uint32_t state, std::size_t unit) const;
  void step(Walk& walk, std::uint32_t state, std::size_t unit) const;
  void arrive(Walk& walk, std::uint32_t state) const;
  bool firm_counts(const Walk& walk, const Spelling& spelling, const BesideFirm& around) const;
  static bool joined_rightly(const Walk& walk, const Spelling& spelling);
  static bool goes_on(const Walk& walk);
  static bool enough(const Walk& walk, const Spelling& spelling, float least, float mean);
  void verify(Walk& walk, const Spelling& spelling) const;

  boost::unordered_flat_map<std::uint64_t, std::uint32_t> steps_;
  std::vector<std::vector<std::uint32_t>> ends_ =
      std::vector<std::vector<std::uint32_t>>(1);  // by state: places in `spellings_`
  std::vector<Spelling> spellings_;
};

}  // namespace wirewatch::rules
