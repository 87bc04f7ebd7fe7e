// A page's elements and text in document order: what an HTML5 parser made of its tags.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::feeds {

// Indices into PageTree::nodes.
using NodeId = std::uint32_t;
constexpr NodeId no_node = 0xFFFFFFFF;

struct PageAttribute {
  std::string name;  // lower case
  std::string value;
};

struct PageNode {
  std::string name;  // an element's in lower case; empty for text
  std::string text;  // of text, references decoded
  std::vector<PageAttribute> attributes;
  NodeId parent = no_node;
  NodeId end = 0;  // one past the last descendant

  bool is_text() const { return name.empty(); }
  // Empty when absent as well as when empty.
  std::string_view attribute(std::string_view wanted) const;
  bool has(std::string_view wanted) const;
};

// Parents before children, siblings in order: the descendants of n are n+1 … nodes[n].end-1, and
// the child behind child c of n is nodes[c].end.
struct PageTree {
  std::vector<PageNode> nodes;  // the first is the root, html; never empty

  // First descendant element of that name, no_node without one.
  NodeId find(std::string_view name, NodeId under = 0) const;
  // The text below, as it stands, at most `limit` bytes and what the last piece adds.
  std::string text_of(NodeId node, std::size_t limit = 4096) const;
};

// `markup` as scan_page leaves it: the bounds hold there.
PageTree parse_page(const std::string& markup);

}  // namespace wirewatch::feeds
