#include "feeds/article/tree.h"

#include <gumbo.h>

#include <memory>

#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

struct Pending {
  const GumboNode* node;
  NodeId parent;
  unsigned next_child;
};

const GumboVector& children_of(const GumboNode& node) {
  return node.type == GUMBO_NODE_DOCUMENT ? node.v.document.children : node.v.element.children;
}

std::string element_name(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return lower({piece.data, piece.length});
}

NodeId add_element(PageTree& tree, const GumboElement& element, NodeId parent) {
  PageNode node;
  node.name = element_name(element);
  if (node.name.empty()) node.name = "unknown";
  node.parent = parent;
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
    node.attributes.push_back({attribute->name, attribute->value});
  }
  tree.nodes.push_back(std::move(node));
  return static_cast<NodeId>(tree.nodes.size() - 1);
}

bool is_text(const GumboNode& node) {
  return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE ||
         node.type == GUMBO_NODE_CDATA;
}

// Without recursion: a page decides how deep this goes.
PageTree copy_tree(const GumboNode* root) {
  PageTree tree;
  std::vector<Pending> open;
  open.push_back({root, add_element(tree, root->v.element, no_node), 0});
  while (!open.empty()) {
    Pending& top = open.back();
    const GumboVector& children = children_of(*top.node);
    const NodeId here = top.parent;
    if (top.next_child == children.length) {
      tree.nodes[here].end = static_cast<NodeId>(tree.nodes.size());
      open.pop_back();
      continue;
    }
    const auto* child = static_cast<const GumboNode*>(children.data[top.next_child++]);
    if (is_text(*child)) {
      PageNode node;
      node.text = child->v.text.text;
      node.parent = here;
      node.end = static_cast<NodeId>(tree.nodes.size() + 1);
      tree.nodes.push_back(std::move(node));
    } else if (child->type == GUMBO_NODE_ELEMENT) {
      open.push_back({child, add_element(tree, child->v.element, here), 0});
    }
  }
  return tree;
}

struct Destroy {
  void operator()(GumboOutput* output) const {
    gumbo_destroy_output(&kGumboDefaultOptions, output);
  }
};

}  // namespace

std::string_view PageNode::attribute(std::string_view wanted) const {
  for (const PageAttribute& attribute : attributes) {
    if (attribute.name == wanted) return attribute.value;
  }
  return {};
}

bool PageNode::has(std::string_view wanted) const {
  for (const PageAttribute& attribute : attributes) {
    if (attribute.name == wanted) return true;
  }
  return false;
}

NodeId PageTree::find(std::string_view name, NodeId under) const {
  for (NodeId i = under + 1; i < nodes[under].end; ++i) {
    if (nodes[i].name == name) return i;
  }
  return no_node;
}

std::string PageTree::text_of(NodeId node, std::size_t limit) const {
  std::string text;
  for (NodeId i = node; i < nodes[node].end && text.size() < limit; ++i) {
    text += nodes[i].text;
  }
  return text;
}

PageTree parse_page(const std::string& markup) {
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  const std::unique_ptr<GumboOutput, Destroy> output(
      gumbo_parse_with_options(&options, markup.data(), markup.size()));
  return copy_tree(output->root);
}

}  // namespace wirewatch::feeds
