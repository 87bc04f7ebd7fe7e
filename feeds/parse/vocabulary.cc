#include "feeds/parse/vocabulary.h"

#include <array>
#include <cstdint>
#include <iterator>
#include <string>

namespace wirewatch::feeds {
namespace {

struct UriRow {
  std::string_view start;
  Vocabulary vocabulary;
};

// The first row that the URI (in lower case, after its scheme) begins with decides.
constexpr UriRow kUris[] = {
    {"www.w3.org/2005/atom", Vocabulary::atom},
    {"purl.org/atom/ns", Vocabulary::atom},
    {"purl.org/atom", Vocabulary::atom},
    {"purl.org/rss/1.0/modules/content", Vocabulary::content},
    {"purl.org/rss/1.0/modules/syndication", Vocabulary::syndication},
    {"purl.org/rss/1.0/modules/dc", Vocabulary::dublin_core},
    {"purl.org/rss/1.0/modules", Vocabulary::foreign},
    {"purl.org/rss/1.0", Vocabulary::core},
    {"purl.org/net/rss1.1", Vocabulary::core},
    {"my.netscape.com", Vocabulary::core},
    {"channel.netscape.com", Vocabulary::core},
    {"backend.userland.com", Vocabulary::core},
    {"blogs.law.harvard.edu/tech/rss", Vocabulary::core},
    {"cyber.law.harvard.edu/rss", Vocabulary::core},
    {"www.rssboard.org/rss", Vocabulary::core},
    {"purl.org/dc", Vocabulary::dublin_core},
    {"www.sitemaps.org/schemas/sitemap", Vocabulary::core},
    {"www.google.com/schemas/sitemap/", Vocabulary::core},
    {"search.yahoo.com/mrss", Vocabulary::media},
    {"tools.search.yahoo.com/mrss", Vocabulary::media},
    {"video.search.yahoo.com/mrss", Vocabulary::media},
    {"www.itunes.com/dtds/podcast", Vocabulary::itunes},
    {"example.com/dtds/podcast", Vocabulary::itunes},
    {"www.google.com/schemas/play-podcasts", Vocabulary::itunes},  // the same words
    {"rssnamespace.org/feedburner", Vocabulary::feedburner},
    {"www.w3.org/1999/02/22-rdf-syntax-ns", Vocabulary::rdf},
    {"www.w3.org/1999/xhtml", Vocabulary::xhtml},
    {"www.w3.org/xml/1998/namespace", Vocabulary::xml},
};

struct PrefixRow {
  std::string_view prefix;
  Vocabulary vocabulary;
};

constexpr PrefixRow kPrefixes[] = {
    {"", Vocabulary::core},
    {"rss", Vocabulary::core},
    {"atom", Vocabulary::atom},
    {"atom10", Vocabulary::atom},
    {"atom03", Vocabulary::atom},
    {"a10", Vocabulary::atom},
    {"dc", Vocabulary::dublin_core},
    {"dcterms", Vocabulary::dublin_core},
    {"content", Vocabulary::content},
    {"media", Vocabulary::media},
    {"itunes", Vocabulary::itunes},
    {"googleplay", Vocabulary::itunes},
    {"sy", Vocabulary::syndication},
    {"syn", Vocabulary::syndication},
    {"feedburner", Vocabulary::feedburner},
    {"rdf", Vocabulary::rdf},
    {"xhtml", Vocabulary::xhtml},
    {"xml", Vocabulary::xml},
};

// Names that readers look for, spelled as they compare.
constexpr std::string_view kNames[] = {
    "rss",
    "rdf",
    "feed",
    "channel",
    "item",
    "entry",
    "title",
    "link",
    "description",
    "summary",
    "subtitle",
    "tagline",
    "abstract",
    "content",
    "encoded",
    "body",
    "fullitem",
    "guid",
    "id",
    "pubdate",
    "published",
    "issued",
    "created",
    "date",
    "modified",
    "updated",
    "lastmod",
    "lastbuilddate",
    "language",
    "author",
    "creator",
    "publisher",
    "contributor",
    "email",
    "uri",
    "url",
    "homepage",
    "name",
    "category",
    "subject",
    "keywords",
    "enclosure",
    "group",
    "thumbnail",
    "ttl",
    "skiphours",
    "skipdays",
    "hour",
    "day",
    "origlink",
    "updateperiod",
    "managingeditor",
    "updatefrequency",
    "image",
    "textinput",
    "source",
    "webmaster",
    "owner",
    "comments",
    "origenclosurelink",
    "player",
    "text",
    "info",
    "copyright",
    "rights",
    "div",
    "br",
    "hr",
    "img",
    "wbr",
    "input",
    "schedule",
    "logo",
    "peerlink",
    "userid",
    "available",
    "html",
    "head",
    "urlset",
    "loc",
    "sitemapindex",
    "opml",
    "tags",
    "identifier",
    "items",
};

// kNames by hash, open addressing: every tag of every feed is looked up here.
class NameTable {
 public:
  NameTable() {
    for (const std::string_view name : kNames) slots_[place(name)] = name;
  }
  // Empty when it is none of them.
  std::string_view find(std::string_view name) const { return slots_[place(name)]; }

 private:
  static constexpr std::size_t kSlots = 512;
  static_assert(std::size(kNames) < kSlots / 4);

  std::size_t place(std::string_view name) const {
    std::uint32_t hash = 2166136261U;  // FNV-1a
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    std::size_t at = (hash ^ hash >> 16U) % kSlots;
    while (!slots_[at].empty() && slots_[at] != name) at = (at + 1) % kSlots;
    return at;
  }

  std::array<std::string_view, kSlots> slots_;
};

}  // namespace

std::optional<Vocabulary> vocabulary_of_uri(std::string_view uri) {
  std::string tidy = lower(trim(uri.substr(0, 100)));
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (tidy.starts_with(scheme)) {
      tidy.erase(0, scheme.size());
      break;
    }
  }
  for (const UriRow& row : kUris) {
    if (tidy.starts_with(row.start)) return row.vocabulary;
  }
  return std::nullopt;
}

Vocabulary vocabulary_of_prefix(std::string_view prefix) {
  for (const PrefixRow& row : kPrefixes) {
    if (equal_ignoring_case(prefix, row.prefix)) return row.vocabulary;
  }
  return Vocabulary::foreign;
}

std::string_view known_name(std::string_view local) {
  static const NameTable names;
  constexpr std::size_t kLongest = 20;
  if (local.size() > kLongest) return {};
  char small[kLongest];  // every tag comes here: no allocation
  for (std::size_t i = 0; i < local.size(); ++i) {
    const char c = local[i];
    small[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return names.find(std::string_view(small, local.size()));
}

}  // namespace wirewatch::feeds
