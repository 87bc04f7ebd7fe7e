#include "feeds/parse/xml_feed.h"

#include <fmt/format.h>

#include <utility>

#include "feeds/parse/xml.h"
#include "feeds/parse/xml_fields.h"

namespace wirewatch::feeds {
namespace {

std::optional<Format> format_of(const XmlTree& tree) {
  const XmlNode& root = tree.nodes.front();
  if (root.name == "rss") return Format::rss;
  if (root.name == "feed" || root.name == "entry") return Format::atom;
  if (root.name == "rdf") return Format::rdf;
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
  return feed;
}

}  // namespace

Result<std::optional<ParsedFeed>> parse_xml_feed(std::string_view text,
                                                 const ParseContext& context) {
  XmlTree tree;
  tree.source = text;
  tree.text_limit = context.limits.text_bytes;
  const XmlSource source{tree, context.url};
  ParsedFeed parsed;
  bool dropped = false;
  const OnItem on_item = [&](XmlTree&, std::uint32_t node) {
    if (!format_of(tree)) return false;
    if (parsed.items.size() >= context.limits.items) {
      dropped = true;
      return false;
    }
    parsed.items.push_back(read_fields(source, node).item);
    return true;
  };
  Result<XmlOutcome> outcome = read_xml(tree, context.limits, on_item);
  if (outcome.has_error()) return outcome.error();
  if (!outcome->found_root || tree.nodes.empty()) return std::optional<ParsedFeed>();
  const std::optional<Format> format = format_of(tree);
  if (!format) return std::optional<ParsedFeed>();
  if (!outcome->root_closed) {
    return Error{ErrorKind::temporary,
                 fmt::format("cut off: element \"{}\" is not closed at the end of {} bytes",
                             utf8_prefix(tree.nodes.front().written, 60), text.size())};
  }
  parsed.format = *format;
  parsed.warnings = std::move(outcome->warnings);
  parsed.feed = feed_info(read_fields(source, feed_node(tree)));
  if (dropped) {
    parsed.warnings.push_back(
        fmt::format("only the first {} items were read", context.limits.items));
  }
  if (tree.text_was_cut) {
    parsed.warnings.push_back(
        fmt::format("a text longer than {} bytes was cut", context.limits.text_bytes));
  }
  if (tree.entities.exhausted) {
    parsed.warnings.emplace_back("entities of the document's own were no longer replaced");
  }
  return std::optional<ParsedFeed>(std::move(parsed));
}

}  // namespace wirewatch::feeds
