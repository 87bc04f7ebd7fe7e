// The neutral feed JSON of `wirewatch parse`.
#include "feeds/json_writer.h"
#include "feeds/parse/parse.h"

namespace wirewatch::feeds {
namespace {

std::string_view format_name(Format format) {
  switch (format) {
    case Format::rss:
      return "rss";
    case Format::atom:
      return "atom";
    case Format::rdf:
      return "rdf";
    case Format::json_feed:
      return "json";
    case Format::cdf:
      return "cdf";
    case Format::sitemap:
      return "sitemap";
    case Format::json_map:
      return "json_map";
  }
  return "rss";
}

void write_date(JsonWriter& w, std::string_view key, const std::optional<Instant>& date) {
  if (date) w.member(key, to_iso8601(*date));
}

void write_authors(JsonWriter& w, const std::vector<Author>& authors) {
  if (authors.empty()) return;
  w.key("authors");
  w.begin_array();
  for (const Author& author : authors) {
    w.begin_object();
    w.member_if("name", author.name);
    w.member_if("email", author.email);
    w.member_if("uri", author.uri);
    w.end_object();
  }
  w.end_array();
}

// The keys that a feed and an item share; `id` differs in name only.
template <class Part>
void write_common(JsonWriter& w, const Part& part, std::string_view id) {
  w.member_if("title", part.title);
  w.member_if("link", part.link);
  w.member_if("id", id);
  write_date(w, "published", part.published);
  write_date(w, "updated", part.updated);
  w.member_if("language", part.language);
  write_authors(w, part.authors);
  if (!part.categories.empty()) w.member("categories", part.categories);
}

// Who pipes this finds an item's text under both keys, whichever the feed has used.
void write_item(JsonWriter& w, const Item& item) {
  w.begin_object();
  write_common(w, item, item.guid);
  w.member_if("summary", item.summary.empty() ? item.content : item.summary);
  w.member_if("content", item.content.empty() ? item.summary : item.content);
  if (!item.enclosures.empty()) {
    w.key("enclosures");
    w.begin_array();
    for (const Enclosure& enclosure : item.enclosures) {
      w.begin_object();
      w.member_if("url", enclosure.url);
      w.member_if("type", enclosure.type);
      w.member_if("length", enclosure.length);
      w.end_object();
    }
    w.end_array();
  }
  w.end_object();
}

}  // namespace

std::string to_json(const ParsedFeed& parsed) {
  JsonWriter w;
  w.begin_object();
  w.member("format", format_name(parsed.format));
  w.key("feed");
  w.begin_object();
  write_common(w, parsed.feed, parsed.feed.id);
  if (parsed.feed.empty_summary) {
    w.member("summary", "");
  } else {
    w.member_if("summary", parsed.feed.summary);
  }
  w.end_object();
  w.key("items");
  w.begin_array();
  for (const Item& item : parsed.items) write_item(w, item);
  w.end_array();
  w.member("items_count", parsed.items.size());
  w.member("warnings", parsed.warnings);
  w.end_object();
  return w.take();
}

}  // namespace wirewatch::feeds
