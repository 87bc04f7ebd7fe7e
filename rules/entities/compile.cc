#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "rules/entities/compiled.h"

namespace wirewatch::rules {
namespace {

bool is_id(const std::string& id) {
  return !id.empty() && id.size() <= 200 && !id.starts_with("kind:") && !id.starts_with("role:") &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == ':';
         });
}

// Kinds whose names are proper names, not words: those may be one word and yet be misspelled.
bool is_person_or_place(std::string_view kind) {
  static constexpr std::array<std::string_view, 15> kinds = {
      "person",   "place",    "country", "province",    "region", "city",   "town",   "village",
      "district", "crossing", "capital", "governorate", "river",  "island", "airport"};
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// Kinds are free; these are common, and a kind one letter off is likely meant to be one of them.
const std::vector<std::string>& common_kinds() {
  static const std::vector<std::string> kinds = {
      "person",       "place",        "country",     "province", "region",  "city",
      "town",         "village",      "district",    "crossing", "capital", "governorate",
      "river",        "island",       "airport",     "agency",   "force",   "security-force",
      "organisation", "organization", "armed-group", "group",    "party",   "company"};
  return kinds;
}

class Compiler {
 public:
  std::pair<Gazetteer, std::vector<Diagnostic>> run(const std::vector<EntityDef>& defs) {
    for (const EntityDef& def : defs) add_definition(def);
    for (const EntityDef& def : compiled_->defs) {
      candidates_.push_back(def.id);
      kinds_.insert("kind:" + def.kind);
    }
    for (std::uint32_t i = 0; i < compiled_->defs.size(); ++i) {
      check_references(compiled_->defs[i]);
      add_names(i);
    }
    for (const EntityDef& def : compiled_->defs) {
      check_kind(def);
      check_findable(def);
    }
    for (std::uint32_t i = 0; i < compiled_->defs.size(); ++i) count_as(i);
    for (auto& counting : compiled_->counting) {
      std::sort(counting.second.begin(), counting.second.end());
    }
    return {Gazetteer(std::move(compiled_)), std::move(found_)};
  }

 private:
  void report(const std::string& subject, std::string text, std::string hint) {
    found_.push_back({Severity::error, subject, 0, 0, std::move(text), std::move(hint)});
  }

  void add_definition(const EntityDef& def) {
    if (!is_id(def.id)) {
      return report(def.id, fmt::format("'{}' is no id for an entity", def.id),
                    "letters, digits, '-', '_' and ':', as in hamid-al-shatri or country:IQ; "
                    "'kind:' and 'role:' are kept for references");
    }
    const auto place = static_cast<std::uint32_t>(compiled_->defs.size());
    if (!compiled_->index.try_emplace(def.id, place).second) {
      return report(def.id, fmt::format("there are two entities '{}'", def.id),
                    "rename one, or put all names into one");
    }
    compiled_->defs.push_back(def);
  }

  void check_kind(const EntityDef& def) {
    constexpr std::ptrdiff_t meant = 3;  // entities of one kind are no slip
    const auto& kinds = common_kinds();
    if (def.kind.empty() || std::find(kinds.begin(), kinds.end(), def.kind) != kinds.end()) return;
    const std::string near = nearest_name(def.kind, kinds, 1);
    if (near.empty()) return;
    const auto& all = compiled_->defs;
    const auto same = [&](const EntityDef& other) { return other.kind == def.kind; };
    if (std::count_if(all.begin(), all.end(), same) >= meant) return;
    found_.push_back({Severity::warning, def.id, 0, 0,
                      fmt::format("hardly any entity is of the kind '{}'", def.kind),
                      fmt::format("did you mean {}?", near)});
  }

  // Is there any text in which a mention could count as `def`?
  void check_findable(const EntityDef& def) {
    if (!def.names.empty() || !def.members.empty() || !def.twins.empty()) return;
    if (counted_by_others_.empty()) {
      for (const EntityDef& one : compiled_->defs) {
        counted_by_others_.insert(one.part_of.begin(), one.part_of.end());
        counted_by_others_.insert(one.twins.begin(), one.twins.end());
      }
      counted_by_others_.insert("");
    }
    if (counted_by_others_.contains(def.id)) return;
    if (def.shorts.empty()) {
      return report(def.id, fmt::format("entity '{}' has no names, so no text is about it", def.id),
                    "give it names: [one, another], or members: of a group");
    }
    if (!def.near.empty()) return;
    report(def.id, fmt::format("entity '{}' has short names only, which never count", def.id),
           "give it names: [a full name], or near: [words that license the short ones]");
  }

  bool known(const std::string& reference) const {
    return compiled_->index.contains(reference) || kinds_.contains(reference);
  }

  std::string nearest(const std::string& reference, bool or_kind) const {
    if (!or_kind) return nearest_name(reference, candidates_);
    std::vector<std::string> candidates = candidates_;
    candidates.insert(candidates.end(), kinds_.begin(), kinds_.end());
    return nearest_name(reference, candidates);
  }

  void unknown(const EntityDef& def, const char* where, const std::string& reference) {
    const std::string near =
        suggestions_.another() ? nearest(reference, std::string_view(where) == "near") : "";
    report(def.id, fmt::format("{} names an entity '{}' that is not defined", where, reference),
           near.empty() ? "define it, or remove it here" : fmt::format("did you mean '{}'?", near));
  }

  // Lists of ids may be written with or without '@'.
  static std::string plain(const std::string& reference) {
    return reference.starts_with('@') ? reference.substr(1) : reference;
  }

  void check_references(EntityDef& def) {
    const auto keep_known = [&](const char* where, std::vector<std::string>& ids) {
      for (std::string& id : ids) id = plain(id);
      const auto bad = std::stable_partition(ids.begin(), ids.end(), [&](const std::string& id) {
        return compiled_->index.contains(id);
      });
      for (auto id = bad; id != ids.end(); ++id) unknown(def, where, *id);
      ids.erase(bad, ids.end());
    };
    keep_known("members", def.members);
    keep_known("twin", def.twins);
    keep_known("part_of", def.part_of);
    for (EntityRole& role : def.roles) {
      role.of = plain(role.of);
      if (role.of.empty() || compiled_->index.contains(role.of)) continue;
      unknown(def, "roles: of", role.of);
      role.of.clear();
    }
  }

  void add_spellings(const EntityDef& def, const std::string& name, const NameEntry& entry) {
    compiled_->spellings.add(name, entry);
    if (entry.role != NameRole::full) return;
    for (const NameVariant& variant : variants_of(def, name)) {
      compiled_->spellings.add(variant, entry);
    }
  }

  void add_names(std::uint32_t place) {
    const EntityDef& def = compiled_->defs[place];
    NameEntry entry;
    entry.entity = place;
    entry.person = def.kind == "person";
    entry.single = is_person_or_place(def.kind);
    const auto ascii = [](const std::string& name) {
      return !name.empty() && static_cast<unsigned char>(name[0]) < 0x80;
    };
    const auto latin = std::count_if(def.names.begin(), def.names.end(), ascii);
    entry.one_script = latin == 0 || latin == static_cast<std::ptrdiff_t>(def.names.size());
    const auto add_all = [&](const char* where, const std::vector<std::string>& names,
                             NameRole role) {
      entry.role = role;
      for (const std::string& name : names) {
        if (compiled_->names.add(name, entry)) {
          const bool names_it = role == NameRole::full || role == NameRole::shortened;
          if (names_it && !def.exact) add_spellings(def, name, entry);
          continue;
        }
        report(def.id, fmt::format("{}: '{}' cannot be found in a text", where, name),
               fmt::format("a name has 1 to {} words of letters or digits", max_name_words));
      }
    };
    add_all("names", def.names, NameRole::full);
    add_all("short", def.shorts, NameRole::shortened);
    add_all("not", def.contexts_not, NameRole::context_not);
    std::vector<std::string> words;
    auto& references = compiled_->near_references.emplace_back();
    for (const std::string& near : def.near) {
      if (!near.starts_with('@')) {
        words.push_back(near);
      } else if (known(plain(near))) {
        references.push_back(plain(near));
      } else {
        unknown(def, "near", plain(near));
      }
    }
    add_all("near", words, NameRole::near);
  }

  // Itself and its twins; the groups of all these; and the wholes it is a part of, with theirs.
  // A twin lies in another whole (the other side of a border), so its wholes do not count.
  void count_as(std::uint32_t place) {
    if (groups_.empty()) find_groups();
    std::set<std::string> references;
    const std::string& id = compiled_->defs[place].id;
    std::vector<std::string> twins = compiled_->defs[place].twins;
    if (const auto at = twin_of_.find(id); at != twin_of_.end()) {
      twins.insert(twins.end(), at->second.begin(), at->second.end());
    }
    for (const std::string& twin : twins) climb(twin, false, references);
    // Last, so that what a twin brought in does not hide this entity's own wholes.
    std::set<std::string> own;
    climb(id, true, own);
    references.merge(own);
    if (const std::string& kind = compiled_->defs[place].kind; !kind.empty()) {
      references.insert("kind:" + kind);
    }
    for (const EntityRole& role : compiled_->defs[place].roles) {
      references.insert("role:" + role.role);
      if (!role.of.empty()) references.insert("role:" + role.role + ":" + role.of);
    }
    for (const std::string& reference : references) compiled_->counting[reference].push_back(id);
    compiled_->references.emplace_back(references.begin(), references.end());
  }

  void find_groups() {
    for (const EntityDef& def : compiled_->defs) {
      groups_[def.id];
      for (const std::string& member : def.members) groups_[member].push_back(def.id);
      for (const std::string& twin : def.twins) twin_of_[twin].push_back(def.id);
    }
  }

  void climb(const std::string& start, bool wholes, std::set<std::string>& seen) const {
    std::vector<std::string> open = {start};
    while (!open.empty()) {
      const std::string id = std::move(open.back());
      open.pop_back();
      if (!seen.insert(id).second) continue;
      if (const auto at = groups_.find(id); at != groups_.end()) {
        open.insert(open.end(), at->second.begin(), at->second.end());
      }
      if (!wholes) continue;
      const auto& part_of = compiled_->defs[compiled_->index.at(id)].part_of;
      open.insert(open.end(), part_of.begin(), part_of.end());
    }
  }

  std::shared_ptr<Gazetteer::Compiled> compiled_ = std::make_shared<Gazetteer::Compiled>();
  std::vector<Diagnostic> found_;
  std::vector<std::string> candidates_;
  Suggestions suggestions_;
  std::set<std::string> kinds_;
  std::set<std::string> counted_by_others_;  // wholes and twins; once asked for, "" as well
  std::map<std::string, std::vector<std::string>> groups_;   // by member: the groups
  std::map<std::string, std::vector<std::string>> twin_of_;  // by twin: who names it
};

}  // namespace

std::vector<NameVariant> variants_of(const EntityDef& def, const std::string& name) {
  if (def.exact || is_person_or_place(def.kind)) return {};
  return name_variants(name);
}

std::pair<Gazetteer, std::vector<Diagnostic>> Gazetteer::compile(
    const std::vector<EntityDef>& defs) {
  return Compiler().run(defs);
}

}  // namespace wirewatch::rules
