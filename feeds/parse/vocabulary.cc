#include "feeds/parse/vocabulary.h"

#include <array>
#include <cstdint>
#include <cstring>
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

constexpr std::size_t kLongestName = 24;

// A name in lower case as three words, zeros behind it: every tag of every feed is made one.
struct FoldedName {
  explicit FoldedName(std::string_view name) : size(name.size()) {
    if (!name.empty()) std::memcpy(words.data(), name.data(), name.size());
    for (std::uint64_t& word : words) word = lower_letters(word);
  }
  bool operator==(const FoldedName& other) const {
    return words == other.words && size == other.size;
  }
  std::size_t hash() const {
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15ULL;  // 2^64 by the golden ratio
    const std::uint64_t mixed = (words[0] ^ (words[1] * 31) ^ (words[2] * 961)) * odd;
    return static_cast<std::size_t>(mixed >> 55U);
  }

  std::array<std::uint64_t, 3> words{};
  std::size_t size;

 private:
  // Eight ASCII letters at once; bytes from 0x80 on stay.
  static std::uint64_t lower_letters(std::uint64_t bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101ULL;
    const std::uint64_t low = bytes & (ones * 0x7F);
    const std::uint64_t from_a = low + ones * (0x80 - 'A');
    const std::uint64_t behind_z = low + ones * (0x7F - 'Z');
    return bytes | ((from_a ^ behind_z) & ~bytes & (ones * 0x80)) >> 2U;
  }
};

// kNames by hash, open addressing.
class NameTable {
 public:
  NameTable() {
    for (const std::string_view name : kNames) {
      const FoldedName folded(name);
      slots_[place(folded)] = {folded, name};
    }
  }
  // Empty when it is none of them.
  std::string_view find(std::string_view name) const {
    return slots_[place(FoldedName(name))].name;
  }

 private:
  static constexpr std::size_t kSlots = 512;  // as many as a hash has values
  static_assert(std::size(kNames) < kSlots / 4);

  struct Slot {
    FoldedName folded{std::string_view()};
    std::string_view name;
  };

  std::size_t place(const FoldedName& name) const {
    std::size_t at = name.hash();
    while (!slots_[at].name.empty() && !(slots_[at].folded == name)) at = (at + 1) % kSlots;
    return at;
  }

  std::array<Slot, kSlots> slots_;
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
  return local.size() > kLongestName ? std::string_view() : names.find(local);
}

}  // namespace wirewatch::feeds
