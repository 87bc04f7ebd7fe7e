#include "rules/entities/gazetteer.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "rules/entities/compiled.h"
#include "rules/entities/name_forms.h"

namespace wirewatch::rules {
namespace {

using Hits = std::vector<NameHit>;

bool starts_earlier(const NameHit& a, const NameHit& b) {
  return std::tie(a.first, a.last, a.entry->entity) < std::tie(b.first, b.last, b.entry->entity);
}

// Drops names that stand inside a context in which they mean another thing.
void drop_other_meanings(Hits& names, Hits contexts) {
  const auto by_entity = [](const NameHit& a, const NameHit& b) {
    return std::tie(a.entry->entity, a.first) < std::tie(b.entry->entity, b.first);
  };
  std::sort(contexts.begin(), contexts.end(), by_entity);
  const auto elsewhere = [&](const NameHit& name) {
    // A context spans at most twice its words, articles included.
    constexpr std::uint32_t widest = 2 * max_name_words;
    NameHit from = name;
    from.first = name.first > widest ? name.first - widest : 0;
    auto at = std::lower_bound(contexts.begin(), contexts.end(), from, by_entity);
    for (; at != contexts.end() && at->entry->entity == name.entry->entity; ++at) {
      if (at->first > name.last) return false;
      if (at->last >= name.first) return true;
    }
    return false;
  };
  names.erase(std::remove_if(names.begin(), names.end(), elsewhere), names.end());
}

// The longest name wins and hides whatever touches it; entities that share a name share it.
Hits longest(Hits hits, std::size_t tokens) {
  std::stable_sort(hits.begin(), hits.end(), [](const NameHit& a, const NameHit& b) {
    const std::uint32_t a_length = a.last - a.first;
    const std::uint32_t b_length = b.last - b.first;
    return std::tie(b_length, a.first) < std::tie(a_length, b.first);
  });
  std::vector<bool> taken(tokens);
  Hits kept;
  for (std::size_t i = 0; i < hits.size();) {
    std::size_t end = i;
    while (end < hits.size() && hits[end].first == hits[i].first &&
           hits[end].last == hits[i].last) {
      ++end;
    }
    bool free = true;
    for (std::uint32_t t = hits[i].first; t <= hits[i].last; ++t) free = free && !taken[t];
    if (free) {
      for (std::uint32_t t = hits[i].first; t <= hits[i].last; ++t) taken[t] = true;
      kept.insert(kept.end(), hits.begin() + static_cast<std::ptrdiff_t>(i),
                  hits.begin() + static_cast<std::ptrdiff_t>(end));
    }
    i = end;
  }
  std::sort(kept.begin(), kept.end(), starts_earlier);
  kept.erase(std::unique(kept.begin(), kept.end(),
                         [](const NameHit& a, const NameHit& b) {
                           return a.first == b.first && a.last == b.last &&
                                  a.entry->entity == b.entry->entity &&
                                  a.entry->role == b.entry->role;
                         }),
             kept.end());
  return kept;
}

// Where each entity is named in full, by entity, ascending.
using FullPlaces = boost::unordered_flat_map<std::uint32_t, std::vector<std::uint32_t>>;

// Short names count for entities that are named in full, or that have something near.
Hits active_shorts(const Gazetteer::Compiled& compiled, const Hits& shorts, const Hits& nears,
                   const FullPlaces& full) {
  std::set<std::uint32_t> active;
  for (const NameHit& hit : nears) active.insert(hit.entry->entity);
  std::set<std::string> references;
  for (const auto& named : full) {
    const auto& counted = compiled.references[named.first];
    references.insert(counted.begin(), counted.end());
  }
  Hits kept;
  for (const NameHit& hit : shorts) {
    const std::uint32_t entity = hit.entry->entity;
    bool counts = full.contains(entity) || active.contains(entity);
    for (const std::string& reference : compiled.near_references[entity]) {
      counts = counts || references.contains(reference);
    }
    if (counts) kept.push_back(hit);
  }
  return kept;
}

// How far the nearest full name lies: before the place first, then behind it, else not at all.
std::tuple<int, std::uint32_t> distance(const NameHit& hit, const FullPlaces& full) {
  const auto at = full.find(hit.entry->entity);
  if (at == full.end()) return {2, 0};
  const auto after = std::lower_bound(at->second.begin(), at->second.end(), hit.first);
  if (after != at->second.begin()) return {0, hit.first - *(after - 1)};
  return {1, *after - hit.first};
}

// Of several entities with one short name, the one that was named in full last is meant. A full
// name at the same place leaves no room for short ones.
Hits one_meaning(const Hits& hits, const FullPlaces& full) {
  Hits kept;
  for (std::size_t i = 0; i < hits.size();) {
    std::size_t end = i;
    bool has_full = false;
    std::tuple<int, std::uint32_t> best{3, 0};
    for (; end < hits.size() && hits[end].first == hits[i].first; ++end) {
      has_full = has_full || hits[end].entry->role == NameRole::full;
      if (const auto near = distance(hits[end], full); near < best) best = near;
    }
    for (; i < end; ++i) {
      const bool is_full = hits[i].entry->role == NameRole::full;
      if (has_full ? is_full : distance(hits[i], full) == best) kept.push_back(hits[i]);
    }
  }
  return kept;
}

// al-Shatri, found by "Shatri", is shown with its article.
std::uint32_t with_article(const feeds::Document& document, std::uint32_t first,
                           std::uint32_t floor) {
  if (first <= floor) return first;
  const feeds::Token& token = document.tokens[first];
  const feeds::Token& before = document.tokens[first - 1];
  if (before.field != token.field || before.sentence != token.sentence) return first;
  const std::string& field = token.field == feeds::Field::title ? document.title : document.text;
  const std::string_view gap = std::string_view(field).substr(before.end, token.start - before.end);
  return is_article(document.folded_form(before), gap, document.folded_form(token)) ? first - 1
                                                                                    : first;
}

// Other spellings count where no listed name stands; of several entities at one place, those that
// are spelled most alike.
void add_spellings(Hits& found, Hits spellings) {
  const auto place = [](const NameHit& hit) { return std::tie(hit.first, hit.last); };
  const auto by_place = [&](const NameHit& a, const NameHit& b) {
    return std::tuple(a.first, a.last, -a.likeness) < std::tuple(b.first, b.last, -b.likeness);
  };
  std::sort(spellings.begin(), spellings.end(), by_place);
  std::sort(found.begin(), found.end(), by_place);
  constexpr float as_good = 0.03F;
  const std::size_t listed = found.size();
  for (std::size_t i = 0; i < spellings.size();) {
    const NameHit& best = spellings[i];
    const auto at =
        std::lower_bound(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(listed), best,
                         [&](const NameHit& a, const NameHit& b) { return place(a) < place(b); });
    bool taken = false;
    for (auto one = at;
         one != found.begin() + static_cast<std::ptrdiff_t>(listed) && place(*one) == place(best);
         ++one) {
      taken =
          taken || one->entry->role == NameRole::full || best.entry->role == NameRole::shortened;
    }
    const float least = best.likeness - as_good;
    const auto here = std::pair(best.first, best.last);
    for (; i < spellings.size() && std::pair(spellings[i].first, spellings[i].last) == here; ++i) {
      if (!taken && spellings[i].likeness >= least) found.push_back(spellings[i]);
    }
  }
}

}  // namespace

std::vector<feeds::Mention> Gazetteer::find(const feeds::Document& document) const {
  Hits full;
  Hits shorts;
  Hits nears;
  Hits contexts;
  Hits found = compiled_->names.find(document);
  add_spellings(found, compiled_->spellings.find(document));
  for (const NameHit& hit : found) {
    const NameRole role = hit.entry->role;
    (role == NameRole::full        ? full
     : role == NameRole::shortened ? shorts
     : role == NameRole::near      ? nears
                                   : contexts)
        .push_back(hit);
  }
  drop_other_meanings(full, contexts);
  drop_other_meanings(shorts, contexts);
  FullPlaces places;
  for (const NameHit& hit : longest(full, document.tokens.size())) {
    places[hit.entry->entity].push_back(hit.first);
  }
  for (const NameHit& hit : active_shorts(*compiled_, shorts, nears, places)) full.push_back(hit);
  std::vector<feeds::Mention> mentions;
  std::uint32_t floor = 0;
  for (const NameHit& hit : one_meaning(longest(full, document.tokens.size()), places)) {
    feeds::Mention& mention = mentions.emplace_back();
    mention.entity = compiled_->defs[hit.entry->entity].id;
    mention.first_token = with_article(document, hit.first, floor);
    mention.last_token = hit.last;
    const feeds::Token& first = document.tokens[mention.first_token];
    mention.field = first.field;
    mention.start = first.start;
    mention.end = document.tokens[hit.last].end;
    if (mentions.size() > 1) {
      // Entities that share a name: all of them begin where the first does.
      const feeds::Mention& last = mentions[mentions.size() - 2];
      if (last.last_token == mention.last_token) {
        mention.first_token = last.first_token;
        mention.start = last.start;
      }
    }
    floor = hit.last + 1;
  }
  return mentions;
}

Gazetteer::Gazetteer() : compiled_(std::make_shared<const Compiled>()) {}
Gazetteer::Gazetteer(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

bool Gazetteer::knows(const std::string& reference) const {
  return compiled_->counting.contains(reference);
}

std::vector<std::string> Gazetteer::ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, index] : compiled_->index) ids.push_back(id);
  return ids;
}

const EntityDef* Gazetteer::definition(const std::string& id) const {
  const auto at = compiled_->index.find(id);
  return at == compiled_->index.end() ? nullptr : &compiled_->defs[at->second];
}

bool Gazetteer::counts_as(const std::string& entity, const std::string& reference) const {
  const auto at = compiled_->index.find(entity);
  if (at == compiled_->index.end()) return false;
  const auto& references = compiled_->references[at->second];
  return std::binary_search(references.begin(), references.end(), reference);
}

bool Gazetteer::counts_as(const std::string& entity, const std::string& reference,
                          Instant time) const {
  if (!counts_as(entity, reference)) return false;
  if (!reference.starts_with("role:") || time == Instant{}) return true;
  for (const EntityRole& role : definition(entity)->roles) {
    const std::string name = "role:" + role.role;
    if (reference != name && (role.of.empty() || reference != name + ":" + role.of)) continue;
    if ((!role.from || *role.from <= time) && (!role.to || time < *role.to)) return true;
  }
  return false;
}

std::vector<Gazetteer::NameInfo> Gazetteer::names_of(const std::string& id) const {
  std::vector<NameInfo> infos;
  const EntityDef* const def = definition(id);
  if (def == nullptr) return infos;
  const auto add_all = [&](const char* list, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const bool exact = def->exact || name.starts_with('=');
      infos.push_back({name, list, exact ? "" : SpellingTable::describe(name), false});
    }
  };
  add_all("names", def->names);
  for (const std::string& name : def->names) {
    for (const NameVariant& variant : variants_of(*def, name)) {
      infos.push_back(
          {variant.name, "variant", SpellingTable::describe(variant.name), variant.without_form});
    }
  }
  add_all("short", def->shorts);
  return infos;
}

std::vector<std::string> Gazetteer::counting_as(const std::string& reference) const {
  const auto at = compiled_->counting.find(reference);
  return at == compiled_->counting.end() ? std::vector<std::string>() : at->second;
}

}  // namespace wirewatch::rules
