#include "feeds/parse/xml_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "feeds/parse/cdf.h"
#include "feeds/parse/sitemap.h"
#include "feeds/parse/xml.h"
#include "feeds/parse/xml_fields.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kMostPages = 50'000;  // of one sitemap, says the protocol

std::optional<Format> format_of(const XmlTree& tree) {
  const XmlNode& root = tree.nodes.front();
  if (root.name == "rss") return Format::rss;
  if (root.name == "feed" || root.name == "entry") return Format::atom;
  if (root.name == "rdf") return Format::rdf;
  if (root.name == "urlset") return Format::sitemap;
  if (root.name != "channel") return std::nullopt;
  const bool shouted = root.local == "CHANNEL" || tree.has_attribute(0, "href");
  return shouted ? Format::cdf : Format::rss;
}

// The element whose children describe the feed.
std::uint32_t feed_node(const XmlTree& tree) {
  std::uint32_t found = 0;
  const std::string_view root = tree.nodes.front().name;
  if (root != "rss" && root != "rdf") return 0;
  tree.each_child(0, [&](std::uint32_t child) {
    if (found == 0 && tree.nodes[child].name == "channel") found = child;
  });
  return found;
}

// Documents that name others: said so, with one of those as an example.
std::optional<Error> list_of_others(const XmlSource& source) {
  XmlTree& tree = source.tree;
  const std::string_view root = tree.nodes.front().name;
  if (root == "opml") {
    return Error{ErrorKind::invalid,
                 "not a feed: an OPML list of feeds: `wirewatch feeds import` takes it"};
  }
  if (root != "sitemapindex") return std::nullopt;
  std::string first;
  for (std::uint32_t i = 1; i < tree.nodes.size() && first.empty(); ++i) {
    if (tree.nodes[i].name == "loc") first = source.line(i);
  }
  std::string text = "not a feed: a sitemap index: name one of its sitemaps";
  if (!first.empty()) text += fmt::format(", such as \"{}\"", utf8_prefix(first, 200));
  return Error{ErrorKind::invalid, std::move(text)};
}

FeedInfo feed_info(XmlFields fields) {
  FeedInfo feed;
  Item& item = fields.item;
  feed.title = std::move(item.title);
  feed.link = std::move(item.link);
  feed.id = std::move(item.guid);
  feed.language = std::move(item.language);
  feed.summary = std::move(item.summary);
  feed.published = item.published;
  feed.updated = item.updated;
  feed.authors = std::move(item.authors);
  feed.categories = std::move(item.categories);
  feed.ttl = fields.ttl;
  feed.skip_hours = fields.skip_hours;
  feed.skip_days = fields.skip_days;
  feed.hub = std::move(fields.hub);
  feed.self = std::move(fields.self);
  feed.empty_summary = fields.empty_summary;
  return feed;
}

Item read_item(const XmlSource& source, std::uint32_t node, Format format) {
  if (format == Format::sitemap) return read_sitemap_url(source, node);
  XmlFields fields = read_fields(source, node);
  if (format == Format::cdf) add_cdf_fields(source, node, fields);
  return std::move(fields.item);
}

}  // namespace

Result<std::optional<ParsedFeed>> parse_xml_feed(std::string_view text,
                                                 const ParseContext& context) {
  XmlTree tree;
  tree.source = text;
  tree.text_limit = context.limits.text_bytes;
  const XmlSource source{tree, context.url};
  ParsedFeed parsed;
  parsed.items.reserve(32);
  bool dropped = false;
  std::size_t most = context.limits.items;
  const OnItem on_item = [&](XmlTree&, std::uint32_t node) {
    const std::optional<Format> format = format_of(tree);
    if (!format) return false;
    // A sitemap is read as far as its protocol goes, for its newest pages may stand last.
    if (*format == Format::sitemap) most = std::max(most, kMostPages);
    if (parsed.items.size() >= most) {
      dropped = true;
      return false;
    }
    parsed.items.push_back(read_item(source, node, *format));
    return true;
  };
  Result<XmlOutcome> outcome = read_xml(tree, context.limits, on_item);
  if (outcome.has_error()) return outcome.error();
  if (!outcome->found_root || tree.nodes.empty()) return std::optional<ParsedFeed>();
  const std::optional<Format> format = format_of(tree);
  if (!format) {
    std::optional<Error> other = list_of_others(source);
    if (other) return std::move(*other);
    return std::optional<ParsedFeed>();
  }
  if (!outcome->root_closed) {
    return Error{ErrorKind::temporary,
                 fmt::format("cut off: element \"{}\" is not closed at the end of {} bytes",
                             utf8_prefix(tree.nodes.front().written, 60), text.size())};
  }
  parsed.format = *format;
  parsed.warnings = std::move(outcome->warnings);
  if (*format != Format::sitemap) {
    XmlFields fields = read_fields(source, feed_node(tree));
    if (*format == Format::cdf) add_cdf_fields(source, feed_node(tree), fields);
    parsed.feed = feed_info(std::move(fields));
  } else if (parsed.items.size() > context.limits.items) {
    keep_newest(parsed.items, context.limits.items);
    parsed.warnings.push_back(
        fmt::format("only the {} items that changed last were kept", context.limits.items));
  }
  if (dropped && *format != Format::sitemap) {
    parsed.warnings.push_back(
        fmt::format("only the first {} items were read", context.limits.items));
  }
  if (tree.text_was_cut) {
    parsed.warnings.push_back(
        fmt::format("a text longer than {} bytes was cut", context.limits.text_bytes));
  }
  if (tree.links.exhausted) parsed.warnings.emplace_back(kLinksLeftRelative);
  if (tree.entities.exhausted) {
    parsed.warnings.emplace_back("entities of the document's own were no longer replaced");
  }
  return std::optional<ParsedFeed>(std::move(parsed));
}

}  // namespace wirewatch::feeds
