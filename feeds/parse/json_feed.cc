#include "feeds/parse/json_feed.h"

#include <fmt/format.h>

#include <algorithm>

#include "feeds/parse/dates.h"
#include "feeds/parse/json_document.h"
#include "feeds/parse/links.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kMaxList = 500;

class JsonFeedReader {
 public:
  explicit JsonFeedReader(const ParseContext& context) : context_(context) {}
  Result<ParsedFeed> read(const object& root);

 private:
  std::string text(const object& from, const char* key);
  std::string url(const object& from, const char* key);
  std::optional<Instant> date(const object& from, const char* key);
  std::vector<Author> authors(const object& from);
  Author author(const object& from);
  void read_attachments(const object& from, Item& item);
  Item item(const object& from);

  const ParseContext& context_;
  bool cut_text_ = false;
  LinkBudget links_;
};

// Numbers are taken at their text.
std::string JsonFeedReader::text(const object& from, const char* key) {
  element value;
  if (from.at_key(key).get(value) != simdjson::SUCCESS) return {};
  std::string whole = json_text(value);
  if (whole.size() <= context_.limits.text_bytes) return whole;
  cut_text_ = true;
  whole.resize(utf8_prefix(whole, context_.limits.text_bytes).size());
  return whole;
}

std::string JsonFeedReader::url(const object& from, const char* key) {
  return resolve_link(context_.url, text(from, key), links_);
}

std::optional<Instant> JsonFeedReader::date(const object& from, const char* key) {
  return parse_date(text(from, key));
}

Author JsonFeedReader::author(const object& from) {
  return {std::string(trim(text(from, "name"))), text(from, "email"), url(from, "url")};
}

std::vector<Author> JsonFeedReader::authors(const object& from) {
  std::vector<Author> all;
  const auto add = [&](Author one) {
    const bool named = !one.name.empty() || !one.email.empty() || !one.uri.empty();
    if (named && all.size() < kMaxList) all.push_back(std::move(one));
  };
  array list;
  object lonely;  // an object where a list belongs
  if (from.at_key("authors").get(lonely) == simdjson::SUCCESS) add(author(lonely));
  if (from.at_key("authors").get(list) == simdjson::SUCCESS) {
    for (const element one : list) {
      object person;
      if (one.get(person) == simdjson::SUCCESS) add(author(person));
    }
  }
  object single;
  if (all.empty() && from.at_key("author").get(single) == simdjson::SUCCESS) add(author(single));
  return all;
}

void JsonFeedReader::read_attachments(const object& from, Item& item) {
  array list;
  if (from.at_key("attachments").get(list) != simdjson::SUCCESS) return;
  for (const element one : list) {
    object attachment;
    if (one.get(attachment) != simdjson::SUCCESS || item.enclosures.size() >= kMaxList) continue;
    Enclosure enclosure{url(attachment, "url"), text(attachment, "mime_type"),
                        text(attachment, "size_in_bytes")};
    if (!enclosure.url.empty()) item.enclosures.push_back(std::move(enclosure));
  }
}

Item JsonFeedReader::item(const object& from) {
  Item item;
  item.guid = text(from, "id");
  item.link = url(from, "url");
  if (item.link.empty()) item.link = url(from, "external_url");
  item.title = collapse_blanks(text(from, "title"));
  item.content = text(from, "content_html");
  const std::string plain = text(from, "content_text");
  if (item.content.empty()) item.content = escape_markup(plain);
  item.summary = escape_markup(text(from, "summary"));
  if (item.title.empty() && trim(item.summary).empty()) item.title = begun_as_title(plain);
  item.language = text(from, "language");
  item.published = date(from, "date_published");
  item.updated = date(from, "date_modified");
  item.authors = authors(from);
  array tags;
  if (from.at_key("tags").get(tags) == simdjson::SUCCESS) {
    for (const element one : tags) {
      std::string_view tag;
      const bool usable = one.get(tag) == simdjson::SUCCESS && !trim(tag).empty();
      if (usable && item.categories.size() < kMaxList) item.categories.emplace_back(trim(tag));
    }
  }
  read_attachments(from, item);
  return item;
}

Result<ParsedFeed> JsonFeedReader::read(const object& root) {
  array items;
  const bool has_items = root.at_key("items").get(items) == simdjson::SUCCESS;
  const bool says_so = text(root, "version").find("jsonfeed.org") != std::string::npos;
  if (!has_items && !says_so) {
    return Error{ErrorKind::invalid,
                 "not a feed: a JSON object without \"items\" and without a JSON Feed version"};
  }
  ParsedFeed parsed;
  parsed.format = Format::json_feed;
  if (!says_so) parsed.warnings.emplace_back("the JSON Feed states no version");
  FeedInfo& feed = parsed.feed;
  feed.title = collapse_blanks(text(root, "title"));
  feed.self = url(root, "feed_url");
  feed.link = url(root, "home_page_url");
  feed.summary = escape_markup(text(root, "description"));
  feed.language = text(root, "language");
  feed.authors = authors(root);
  array hubs;
  if (root.at_key("hubs").get(hubs) == simdjson::SUCCESS) {
    for (const element one : hubs) {
      object hub;
      const bool usable = feed.hub.empty() && one.get(hub) == simdjson::SUCCESS;
      if (usable && lower(text(hub, "type")) == "websub") feed.hub = url(hub, "url");
    }
  }
  if (!has_items) return parsed;
  for (const element one : items) {
    object entry;
    if (one.get(entry) != simdjson::SUCCESS) continue;
    if (parsed.items.size() >= context_.limits.items) {
      parsed.warnings.push_back(
          fmt::format("only the first {} items were read", context_.limits.items));
      break;
    }
    parsed.items.push_back(item(entry));
  }
  if (cut_text_) {
    parsed.warnings.push_back(
        fmt::format("a text longer than {} bytes was cut", context_.limits.text_bytes));
  }
  if (links_.exhausted) parsed.warnings.emplace_back(kLinksLeftRelative);
  return parsed;
}

}  // namespace

Result<ParsedFeed> parse_json_feed(std::string_view text, const ParseContext& context) {
  JsonDocument document;
  const Result<void> read = read_json(text, context.limits, document);
  if (read.has_error()) return read.error();
  object fields;
  if (document.root.get(fields) != simdjson::SUCCESS) {
    return Error{ErrorKind::invalid, "not a feed: JSON, but not an object"};
  }
  Result<ParsedFeed> parsed = JsonFeedReader(context).read(fields);
  if (parsed.has_value() && document.repaired) {
    parsed->warnings.emplace_back("half surrogate pairs were replaced");
  }
  return parsed;
}

}  // namespace wirewatch::feeds
