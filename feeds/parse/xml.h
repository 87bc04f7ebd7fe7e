// A tolerant reader for the XML that feeds really are: linear time, bounded depth, attributes and
// nodes, no entity expansion to fear, and no end tag that is missed or misplaced stops it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/parse/links.h"
#include "feeds/parse/parse.h"
#include "feeds/parse/xml_text.h"
#include "feeds/result.h"

namespace wirewatch::feeds {

// The vocabularies a feed is made of. `core` is RSS in all its dialects.
enum class Vocabulary : std::uint8_t {
  core,
  atom,
  dublin_core,
  content,
  media,
  itunes,
  syndication,
  feedburner,
  rdf,
  xhtml,
  xml,
  foreign,
};

struct XmlAttribute {
  std::string_view name;                     // local name, as written
  std::string_view value;                    // raw: references not decoded
  Vocabulary vocabulary = Vocabulary::core;  // of its prefix; core when it has none
};

// Views point into the source, which outlives the tree.
struct XmlNode {
  std::string_view written;  // with its prefix
  std::string_view local;    // without
  std::string_view name;     // the local name in lower case if it means something here, else empty
  Vocabulary vocabulary = Vocabulary::core;
  std::uint32_t end = 0;     // index after its last descendant
  std::uint32_t parent = 0;  // its own index at the root
  std::uint32_t first_attribute = 0;
  std::uint32_t attributes = 0;
  std::size_t outer_begin = 0;  // byte offsets in the source
  std::size_t inner_begin = 0;
  std::size_t inner_end = 0;
};

// One document. Nodes stand in document order; the children of n begin at n + 1 and each next one
// at the former's `end`.
struct XmlTree {
  std::string_view source;
  std::vector<XmlNode> nodes;
  std::vector<XmlAttribute> attributes;
  DeclaredEntities entities;
  LinkBudget links;
  std::size_t text_limit = 0;
  bool text_was_cut = false;

  template <class Visitor>
  void each_child(std::uint32_t node, const Visitor& visit) const {
    for (std::uint32_t i = node + 1; i < nodes[node].end; i = nodes[i].end) visit(i);
  }
  // The raw value of an attribute, empty when absent; of one without a prefix ignoring case.
  std::string_view raw_attribute(std::uint32_t node, std::string_view name) const;
  std::string_view raw_attribute(std::uint32_t node, Vocabulary vocabulary,
                                 std::string_view name) const;
  bool has_attribute(std::uint32_t node, std::string_view name) const;
  // Decoded and trimmed.
  std::string attribute(std::uint32_t node, std::string_view name);
  std::string attribute(std::uint32_t node, Vocabulary vocabulary, std::string_view name);
  // All character data inside, references decoded, markup of children left out; not trimmed.
  std::string text(std::uint32_t node);
  // The source between the tags, CDATA turned into escaped text: markup for an HTML reader.
  std::string markup(std::uint32_t node);
  bool has_children(std::uint32_t node) const { return nodes[node].end > node + 1; }
  std::string within_limit(std::string text);  // cut to text_limit, and noted
};

struct XmlOutcome {
  bool found_root = false;
  bool root_closed = false;
  std::vector<std::string> warnings;
};

// Called when an <item>, <entry> or a sitemap's <url> is complete; its nodes leave the tree
// afterwards. Returns false when no more items are wanted: later ones are read over.
using OnItem = std::function<bool(XmlTree&, std::uint32_t)>;

// Reads tree.source (valid UTF-8). Errors: `too_big` for depth, attributes or nodes beyond their
// bounds, `invalid` for entities that are defined through other entities.
Result<XmlOutcome> read_xml(XmlTree& tree, const ParseLimits& limits, const OnItem& on_item);

}  // namespace wirewatch::feeds
