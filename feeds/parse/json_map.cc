#include "feeds/parse/json_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "feeds/parse/dates.h"
#include "feeds/parse/html_text.h"
#include "feeds/parse/json_document.h"
#include "feeds/parse/json_pointer.h"
#include "feeds/parse/links.h"
#include "feeds/parse/person.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kMaxList = 500;

// Whether a text is HTML: something that looks like a tag or a character reference stands in it.
bool is_markup(std::string_view text) {
  for (std::size_t at = text.find_first_of("<&"); at != std::string_view::npos;
       at = text.find_first_of("<&", at + 1)) {
    const std::string_view rest = text.substr(at, 12);
    const char next = rest.size() > 1 ? rest[1] : ' ';
    const bool name = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    if (rest[0] == '<' && (name || next == '/' || next == '!')) return true;
    if (rest[0] == '&' && (name || next == '#') && rest.find(';') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

// 10^11 seconds are in the year 5138, 10^11 milliseconds in 1973: the size tells the unit.
std::optional<Instant> unix_time(double number) {
  if (!std::isfinite(number) || number <= 0) return std::nullopt;
  double micros = number * 1e6;
  if (number >= 1e11) micros = number * 1e3;
  if (number >= 1e14) micros = number;
  if (number >= 1e17) micros = number / 1e3;
  return micros < 2.5e17 ? std::optional(from_unix_micros(static_cast<std::int64_t>(micros)))
                         : std::nullopt;
}

class MapReader {
 public:
  MapReader(const JsonMap& map, const ParseContext& context) : map_(map), context_(context) {}
  Result<ParsedFeed> read(const element& root);

 private:
  // A field of the map, whether anything was found, and how it is called.
  struct Field {
    const char* name;
    const JsonPointers* pointers;
    bool found = false;
  };

  std::vector<element> values(const element& from, Field& field);
  std::string plain(const element& value, std::initializer_list<const char*> keys);
  std::string text(const element& from, Field& field, std::initializer_list<const char*> keys);
  std::string html(const element& from, Field& field);
  std::optional<Instant> date(const element& from, Field& field);
  void authors(const element& from, Item& item);
  void categories(const element& from, Item& item);
  void images(const element& from, Item& item);
  Item item(const element& from);

  const JsonMap& map_;
  const ParseContext& context_;
  bool cut_text_ = false;
  LinkBudget links_;
  Field title_{"title", &map_.title}, link_{"link", &map_.link}, id_{"id", &map_.id};
  Field published_{"published", &map_.published}, updated_{"updated", &map_.updated};
  Field summary_{"summary", &map_.summary}, content_{"content", &map_.content};
  Field author_{"author", &map_.author}, category_{"category", &map_.category};
  Field language_{"language", &map_.language}, image_{"image", &map_.image};
};

// What the first pointer that leads anywhere leads to; lists at its end stand for their elements.
std::vector<element> MapReader::values(const element& from, Field& field) {
  for (const std::string& pointer : *field.pointers) {
    std::vector<element> all;
    for (const element& one : find_json(from, pointer)) {
      array list;
      if (one.get(list) != simdjson::SUCCESS) {
        all.push_back(one);
        continue;
      }
      for (const element inner : list) {
        if (all.size() < kMaxList) all.push_back(inner);
      }
    }
    if (all.empty()) continue;
    field.found = true;
    return all;
  }
  return {};
}

// A text or number, or that of an object under the first of `keys` that has one.
std::string MapReader::plain(const element& value, std::initializer_list<const char*> keys) {
  object fields;
  std::string whole;
  if (value.get(fields) == simdjson::SUCCESS) {
    for (const char* key : keys) {
      element inner;
      if (!whole.empty() || fields.at_key(key).get(inner) != simdjson::SUCCESS) continue;
      whole = json_text(inner);
    }
  } else {
    whole = json_text(value);
  }
  if (whole.size() <= context_.limits.text_bytes) return whole;
  cut_text_ = true;
  whole.resize(utf8_prefix(whole, context_.limits.text_bytes).size());
  return whole;
}

std::string MapReader::text(const element& from, Field& field,
                            std::initializer_list<const char*> keys) {
  for (const element& value : values(from, field)) {
    std::string found = plain(value, keys);
    if (!trim(found).empty()) return std::string(trim(found));
  }
  return {};
}

std::string MapReader::html(const element& from, Field& field) {
  std::string out;
  for (const element& value : values(from, field)) {
    const std::string piece = plain(value, {"rendered", "html", "text", "value", "content"});
    if (trim(piece).empty()) continue;
    if (!out.empty()) out += "\n\n";
    out += is_markup(piece) ? piece : escape_markup(trim(piece));
    if (out.size() > 2 * context_.limits.text_bytes) break;
  }
  return out;
}

std::optional<Instant> MapReader::date(const element& from, Field& field) {
  for (const element& value : values(from, field)) {
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS) return unix_time(number);
    std::string stated = plain(value, {"date", "iso", "value", "$date", "seconds"});
    if (stated.starts_with("/Date(")) {  // as .NET writes it: milliseconds
      stated = stated.substr(6, stated.find_first_of("+-)", 7) - 6);
    }
    if (const auto found = parse_date(stated)) return found;
  }
  return std::nullopt;
}

void MapReader::authors(const element& from, Item& item) {
  for (const element& value : values(from, author_)) {
    Author author;
    object fields;
    if (value.get(fields) == simdjson::SUCCESS) {
      author.name = collapse_blanks(plain(value, {"name", "display_name", "full_name", "title"}));
      author.email = plain(value, {"email"});
      author.uri = resolve_link(context_.url, plain(value, {"url", "uri", "link"}), links_);
    } else {
      author = parse_person(html_to_line(plain(value, {})));
    }
    const bool empty = author.name.empty() && author.email.empty() && author.uri.empty();
    if (!empty && item.authors.size() < kMaxList) item.authors.push_back(std::move(author));
  }
}

void MapReader::categories(const element& from, Item& item) {
  for (const element& value : values(from, category_)) {
    std::string label = html_to_line(plain(value, {"name", "title", "label", "term", "slug"}));
    auto& all = item.categories;
    const bool known = std::find(all.begin(), all.end(), label) != all.end();
    if (!label.empty() && !known && all.size() < kMaxList) all.push_back(std::move(label));
  }
}

void MapReader::images(const element& from, Item& item) {
  for (const element& value : values(from, image_)) {
    std::string url = resolve_link(context_.url, plain(value, {"url", "src", "href"}), links_);
    if (url.empty() || item.enclosures.size() >= kMaxList) continue;
    item.enclosures.push_back({std::move(url), "image", ""});
  }
}

Item MapReader::item(const element& from) {
  Item item;
  item.title = html_to_line(text(from, title_, {"rendered", "text", "value", "title"}));
  item.link = resolve_link(context_.url, text(from, link_, {"url", "href", "web"}), links_);
  item.guid = text(from, id_, {"id", "$oid", "value"});
  item.summary = html(from, summary_);
  item.content = html(from, content_);
  item.language = text(from, language_, {"code", "id"});
  item.published = date(from, published_);
  item.updated = date(from, updated_);
  authors(from, item);
  categories(from, item);
  images(from, item);
  return item;
}

// The items where the map says they are: each list's elements, each object's values.
std::vector<element> items_at(const element& root, const std::string& pointer, std::size_t most) {
  std::vector<element> items;
  const auto add = [&](const element& one) {
    if (one.is_object() && items.size() <= most) items.push_back(one);
  };
  for (const element& place : find_json(root, pointer)) {
    array list;
    object fields;
    if (place.get(list) == simdjson::SUCCESS) {
      for (const element one : list) add(one);
    } else if (place.get(fields) == simdjson::SUCCESS) {
      const std::size_t before = items.size();
      for (const auto field : fields) add(field.value);
      if (items.size() == before) add(place);  // one item alone
    }
  }
  return items;
}

Result<ParsedFeed> MapReader::read(const element& root) {
  const std::vector<element> places = find_json(root, map_.items);
  const bool holds_items = std::any_of(places.begin(), places.end(), [](const element& place) {
    return place.is_array() || place.is_object();
  });
  if (!holds_items) {
    return Error{ErrorKind::invalid,
                 fmt::format("not the JSON that the feed's map describes: no items at \"{}\"; {}",
                             map_.items, what_is_there(root, map_.items))};
  }
  ParsedFeed parsed;
  parsed.format = Format::json_map;
  std::vector<element> items = items_at(root, map_.items, context_.limits.items);
  if (items.size() > context_.limits.items) {
    items.pop_back();
    parsed.warnings.push_back(
        fmt::format("only the first {} items were read", context_.limits.items));
  }
  for (const element& one : items) parsed.items.push_back(item(one));
  for (const Field& field : {title_, link_, id_, published_, updated_, summary_, content_, author_,
                             category_, language_, image_}) {
    if (field.found || field.pointers->empty() || items.empty()) continue;
    parsed.warnings.push_back(fmt::format("no item has a {} at \"{}\"; {}", field.name,
                                          field.pointers->front(),
                                          what_is_there(items[0], field.pointers->front())));
  }
  if (cut_text_) {
    parsed.warnings.push_back(
        fmt::format("a text longer than {} bytes was cut", context_.limits.text_bytes));
  }
  if (links_.exhausted) parsed.warnings.emplace_back(kLinksLeftRelative);
  return parsed;
}

}  // namespace

Result<ParsedFeed> parse_json_map(std::string_view text, const JsonMap& map,
                                  const ParseContext& context) {
  JsonDocument document;
  const Result<void> read = read_json(text, context.limits, document);
  if (read.has_error()) return read.error();
  Result<ParsedFeed> parsed = MapReader(map, context).read(document.root);
  if (parsed.has_value() && document.repaired) {
    parsed->warnings.emplace_back("half surrogate pairs were replaced");
  }
  return parsed;
}

}  // namespace wirewatch::feeds
