#include <fmt/format.h>

#include <array>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t kMaxNameBytes = 500;

struct TextList {
  const char* key;
  std::vector<std::string> rules::EntityDef::*member;
};
constexpr std::array<TextList, 7> kLists = {{
    {"names", &rules::EntityDef::names},
    {"short", &rules::EntityDef::shorts},
    {"near", &rules::EntityDef::near},
    {"members", &rules::EntityDef::members},
    {"twin", &rules::EntityDef::twins},
    {"part_of", &rules::EntityDef::part_of},
    {"not", &rules::EntityDef::contexts_not},
}};

// A day, month or year as people write it, midnight UTC of its first day.
std::optional<Instant> read_day(const std::string& text) {
  if (text.size() == 4) return from_iso8601(text + "-01-01");
  if (text.size() == 7) return from_iso8601(text + "-01");
  return from_iso8601(text);
}

std::optional<Instant> day_at(MapReader& map, const char* key) {
  const auto text = map.text(key);
  if (!text) return std::nullopt;
  const auto day = read_day(*text);
  if (!day) {
    map.error(key, fmt::format("{} is no date", in_quotes(*text)),
              "a year, month or day: 2024, 2024-10 or 2024-10-01");
  }
  return day;
}

void read_roles(const Context& context, MapReader& entity, rules::EntityDef& def) {
  const ValuePtr list = entity.find("roles");
  if (!list || list->kind == Value::Kind::null) return;
  if (list->kind != Value::Kind::list) {
    entity.error("roles", fmt::format("\"roles\" must be a list, not {}", kind_of(*list)),
                 "roles: [{role: intelligence-chief, of: \"@country:IQ\", from: 2024-10}]");
    return;
  }
  for (const ValuePtr& item : list->items) {
    if (def.roles.size() >= kMaxTexts) {
      context.problems.error(context.at(*item),
                             fmt::format("an entity has at most {} roles", kMaxTexts));
      return;
    }
    MapReader map(context, *item, "a role");
    if (!map.is_map()) continue;
    rules::EntityRole role;
    const auto name = map.text("role");
    if (!name || !valid_name(*name)) {
      context.problems.error(context.at(*item), "a role needs a name: letters, digits, '-' and '_'",
                             "{role: intelligence-chief, from: 2024-10}");
    } else {
      role.role = *name;
    }
    if (const auto of = map.text("of")) role.of = *of;
    role.from = day_at(map, "from");
    role.to = day_at(map, "to");
    if (role.from && role.to && *role.to <= *role.from) {
      map.error("to", "a role ends after it begins", "\"to\" is the first day without it");
    }
    map.finish();
    if (!role.role.empty()) def.roles.push_back(std::move(role));
  }
}

void read_exact(MapReader& map, rules::EntityDef& def) {
  const auto exact = map.choice("exact", {"true", "false"});
  if (exact) def.exact = *exact == 0;
}

void read_entity(const Context& context, const KeyValue& pair, Draft& draft) {
  EntityDraft entity;
  entity.place = Place{&context.file, pair.key_offset};
  entity.def.id = pair.key;
  if (!valid_entity_id(pair.key)) {
    context.problems.error(entity.place,
                           fmt::format("{} is no id of an entity", in_quotes(pair.key)),
                           "1 to 128 letters, digits, '-', '_' and ':'");
    return;
  }
  MapReader map(context, *pair.value, fmt::format("entity {}", in_quotes(pair.key)));
  const auto kind = map.text("kind");
  if (kind && !valid_name(*kind)) {
    map.error("kind", fmt::format("{} is no kind", in_quotes(*kind)),
              "letters, digits, '-' and '_': person, place, organisation, group, …");
  } else if (kind) {
    entity.def.kind = *kind;
  }
  for (const TextList& list : kLists) {
    for (Located& item : map.texts(list.key)) {
      std::vector<std::string>& texts = entity.def.*list.member;
      if (item.text.size() > kMaxNameBytes || texts.size() >= kMaxTexts) {
        context.problems.error(Place{&context.file, item.offset},
                               fmt::format("\"{}\" takes at most {} texts of at most {} bytes",
                                           list.key, kMaxTexts, kMaxNameBytes));
        break;
      }
      texts.push_back(std::move(item.text));
    }
  }
  read_roles(context, map, entity.def);
  read_exact(map, entity.def);
  map.finish();
  draft.entities.push_back(std::move(entity));
}

}  // namespace

void read_entities(const Context& context, const Value& map, Draft& draft) {
  if (map.kind == Value::Kind::null) return;
  const MapReader check(context, map, "a file of entities");
  if (!check.is_map()) return;
  for (const KeyValue& pair : map.pairs) {
    if (draft.entities.size() >= kMaxEntities) {
      context.problems.error(Place{&context.file, pair.key_offset},
                             fmt::format("more than {} entities", kMaxEntities));
      return;
    }
    read_entity(context, pair, draft);
  }
}

}  // namespace wirewatch::daemon
