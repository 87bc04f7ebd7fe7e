// `json:` of a feed: where a JSON document that is no JSON Feed keeps its items and their fields.
#include <fmt/format.h>

#include "daemon/config/draft.h"
#include "feeds/parse/json_map.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t kMaxPointers = 8;  // of one field

void read_pointers(const Context& context, MapReader& map, const std::string& key,
                   feeds::JsonPointers& pointers) {
  for (Located& pointer : map.texts(key)) {
    const Place place{&context.file, pointer.offset};
    const auto good = feeds::check_json_pointer(pointer.text);
    if (!good) {
      context.problems.error(place, fmt::format("{} is no pointer", in_quotes(pointer.text)),
                             good.error().text);
    } else if (pointers.size() >= kMaxPointers) {
      context.problems.error(place, fmt::format("more than {} pointers", kMaxPointers));
      return;
    } else {
      pointers.push_back(std::move(pointer.text));
    }
  }
}

}  // namespace

std::shared_ptr<const feeds::JsonMap> read_json_map(const Context& context, MapReader& feed) {
  const ValuePtr value = feed.find("json");
  if (!value || value->kind == Value::Kind::null) return nullptr;
  MapReader map(context, *value, "\"json\"");
  if (!map.is_map()) return nullptr;
  auto result = std::make_shared<feeds::JsonMap>();
  feeds::JsonPointers items;
  read_pointers(context, map, "items", items);
  if (items.size() > 1) map.error("items", "the items stand in one place, not several");
  if (!items.empty()) result->items = items.front();
  const struct {
    const char* key;
    feeds::JsonPointers* pointers;
  } fields[] = {{"title", &result->title},
                {"link", &result->link},
                {"id", &result->id},
                {"published", &result->published},
                {"updated", &result->updated},
                {"summary", &result->summary},
                {"content", &result->content},
                {"author", &result->author},
                {"category", &result->category},
                {"language", &result->language},
                {"image", &result->image}};
  for (const auto& field : fields) read_pointers(context, map, field.key, *field.pointers);
  if (!map.has("title") && !map.has("summary") && !map.has("content")) {
    context.problems.error(context.at(*value), "this \"json\" names no text of an item",
                           "write at least one of \"title\", \"summary\", \"content\"");
  }
  map.finish();
  return result;
}

}  // namespace wirewatch::daemon
