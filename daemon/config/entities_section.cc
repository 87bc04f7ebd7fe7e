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
