// One entry of one feed, as parsed. Absent fields are empty strings or nullopt. All text is UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "feeds/time.h"

namespace wirewatch::feeds {

struct Author {
  std::string name;
  std::string email;
  std::string uri;
};

struct Enclosure {
  std::string url;
  std::string type;
  std::string length;  // bytes, as written in the feed: suites and feeds disagree on its form
};

struct Item {
  std::string guid;      // <guid>, atom:id, JSON Feed id; as written
  std::string link;      // absolute where the document allowed it
  std::string title;     // text; markup removed and entities decoded
  std::string content;   // HTML as published (content:encoded, atom:content, content_html)
  std::string summary;   // HTML as published (description, atom:summary)
  std::string language;  // BCP 47 tag as written, the item's own or its feed's
  std::optional<Instant> published;
  std::optional<Instant> updated;
  std::vector<Author> authors;
  std::vector<std::string> categories;
  std::vector<Enclosure> enclosures;
};

enum class Format { rss, atom, rdf, json_feed, cdf, sitemap, json_map };

// What a document says about itself.
struct FeedInfo {
  std::string title;
  std::string link;
  std::string id;
  std::string language;
  std::string summary;
  bool empty_summary = false;  // its element is there and empty
  std::optional<Instant> published;
  std::optional<Instant> updated;
  std::vector<Author> authors;
  std::vector<std::string> categories;
  std::optional<Span> ttl;  // RSS <ttl>, sy:updatePeriod with updateFrequency
  // When nobody need ask (RSS 2.0 <skipHours>, <skipDays>), in UTC: bit 0 is the hour from 00:00,
  // or Sunday.
  std::uint32_t skip_hours = 0;
  std::uint8_t skip_days = 0;
  std::string hub;   // WebSub hub, where advertised
  std::string self;  // the feed's own URL, where stated
};

struct ParsedFeed {
  Format format = Format::rss;
  FeedInfo feed;
  std::vector<Item> items;            // document order
  std::vector<std::string> warnings;  // one sentence each: what was repaired or dropped
};

}  // namespace wirewatch::feeds
