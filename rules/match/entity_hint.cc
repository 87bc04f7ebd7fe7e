#include "rules/match/entity_hint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/entities/countries.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t most_named = 8;
constexpr std::string_view country = "country:";
constexpr std::string_view kind = "kind:";
constexpr std::string_view role = "role:";

std::string some(const std::set<std::string>& names) {
  std::vector<std::string> first;
  for (const std::string& name : names) {
    if (first.size() < most_named) first.push_back("@" + name);
  }
  return fmt::format("{}{}", fmt::join(first, ", "), names.size() > most_named ? ", …" : "");
}

constexpr const char* how_to_define =
    "define it under entities:, here or in a file that is named there; countries are @country:IQ";
constexpr const char* how_to_name_a_country =
    "a country is written with its two letters of ISO 3166: @country:IQ";

std::string hint_for_country(const std::string& name, const Gazetteer& gazetteer,
                             Suggestions& suggestions) {
  if (const std::string code = country_called(name); !code.empty()) {
    return fmt::format("did you mean @country:{}?", code);
  }
  if (!suggestions.another()) return how_to_name_a_country;
  std::vector<std::string> codes;
  for (const std::string& id : gazetteer.ids()) {
    if (id.starts_with(country)) codes.push_back(id.substr(country.size()));
  }
  const std::string near = nearest_name(name, codes);
  return near.empty() ? how_to_name_a_country : fmt::format("did you mean @{}{}?", country, near);
}

// The nearest of `names`, all of which begin with `prefix`, as `reference` does.
std::string nearest_behind(std::string_view prefix, const std::string& reference,
                           const std::set<std::string>& names) {
  std::vector<std::string> bare;
  for (const std::string& name : names) bare.push_back(name.substr(prefix.size()));
  const std::string near = nearest_name(reference.substr(prefix.size()), bare);
  return near.empty() ? near : std::string(prefix) + near;
}

std::string hint_for_role(const std::string& reference, const std::set<std::string>& roles) {
  if (roles.empty()) {
    return "roles are given to persons under entities: roles: [{role: intelligence-chief, from: "
           "2024-10}]";
  }
  const std::string near = nearest_behind(role, reference, roles);
  return near.empty() ? "the roles of your entities are " + some(roles)
                      : fmt::format("did you mean @{}?", near);
}

std::string hint_for_kind(const std::string& reference, const std::set<std::string>& kinds) {
  if (kinds.empty()) return "kinds are given to entities: kind: person";
  const std::string near = nearest_behind(kind, reference, kinds);
  return near.empty() ? "the kinds of your entities are " + some(kinds)
                      : fmt::format("did you mean @{}?", near);
}

}  // namespace

std::string hint_for_entity(const std::string& reference, const Gazetteer& gazetteer,
                            Suggestions& suggestions) {
  if (reference.starts_with(country)) {
    return hint_for_country(reference.substr(country.size()), gazetteer, suggestions);
  }
  if (!suggestions.another()) return how_to_define;
  std::set<std::string> kinds;
  std::set<std::string> roles;
  std::vector<std::string> ids = gazetteer.ids();
  for (const std::string& id : ids) {
    const EntityDef& def = *gazetteer.definition(id);
    if (!def.kind.empty()) kinds.insert(std::string(kind) + def.kind);
    for (const EntityRole& one : def.roles) {
      roles.insert(std::string(role) + one.role);
      if (!one.of.empty()) roles.insert(fmt::format("{}{}:{}", role, one.role, one.of));
    }
  }
  if (reference.starts_with(role)) return hint_for_role(reference, roles);
  if (reference.starts_with(kind)) return hint_for_kind(reference, kinds);
  ids.insert(ids.end(), kinds.begin(), kinds.end());
  ids.insert(ids.end(), roles.begin(), roles.end());
  const std::string near = nearest_name(reference, ids);
  return near.empty() ? how_to_define : fmt::format("did you mean @{}?", near);
}

}  // namespace wirewatch::rules
