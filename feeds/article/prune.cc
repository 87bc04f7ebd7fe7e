#include "feeds/article/prune.h"

#include <algorithm>

#include "feeds/article/hints.h"
#include "feeds/article/title.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::string_view never_text[] = {"head",     "nav",    "footer", "aside",
                                           "button",   "link",   "meta",   "dialog",
                                           "progress", "source", "track",  "menuitem"};
constexpr std::string_view aside_roles[] = {"menu",  "menubar",     "complementary", "navigation",
                                            "alert", "contentinfo", "banner",        "search"};
constexpr std::size_t longest_byline = 100;

template <std::size_t n>
bool is_in(std::string_view word, const std::string_view (&list)[n]) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// Data may be named as it likes inside tables and code.
bool is_inside_data(const PageTree& tree, NodeId node) {
  for (NodeId i = tree.nodes[node].parent; i != no_node; i = tree.nodes[i].parent) {
    const std::string& name = tree.nodes[i].name;
    if (name == "table" || name == "pre") return true;
  }
  return false;
}

bool is_named_aside(const PageTree& tree, NodeId id, bool main) {
  const PageNode& node = tree.nodes[id];
  if (!main && is_in(node.attribute("role"), aside_roles)) return true;
  if (node.name == "html" || node.name == "body" || node.name == "a" || node.name == "article" ||
      node.name == "main") {
    return false;
  }
  const Hints hints = hints_of(node);
  if (main && !hints.comments) return false;
  return hints.aside && !hints.article && !is_inside_data(tree, id);
}

bool is_byline(const PageNode& node) {
  if (node.attribute("rel") == "author") return true;
  if (node.attribute("itemprop").find("author") != std::string_view::npos) return true;
  for (const std::string_view key : {"class", "id"}) {
    const std::string names = lower(node.attribute(key));
    for (const std::string_view word : {"byline", "dateline", "writtenby", "p-author"}) {
      if (names.find(word) != std::string::npos) return true;
    }
  }
  return false;
}

bool repeats_title(const PageTree& tree, NodeId id, std::string_view title) {
  const std::string& name = tree.nodes[id].name;
  if (name != "h1" && name != "h2") return false;
  return is_same_title(collapse_blanks(tree.text_of(id)), title);
}

bool is_control(std::string_view name) {
  return name != "aside" && name != "footer" && name != "nav";
}

}  // namespace

Pruned prune(PageParts& parts, const PruneOptions& options) {
  const PageTree& tree = parts.tree;
  const std::vector<Measure> measures = measure(parts);
  // What holds most of a page's text is its article, whatever it is called.
  const std::uint32_t most = measures[0].plain_chars() / 4 * 3;
  Pruned pruned;
  bool title_seen = options.title.empty();
  for (NodeId i = 1; i < tree.nodes.size(); ++i) {
    const PageNode& node = tree.nodes[i];
    if (node.is_text()) continue;
    if (node.name == "body") continue;
    const bool main = measures[i].plain_chars() > most;
    bool out =
        is_hidden(node) || (is_in(node.name, never_text) && (is_control(node.name) || !main));
    if (!out && pruned.byline.empty() && is_byline(node)) {
      std::string text = collapse_blanks(tree.text_of(i));
      if (!text.empty() && text.size() < longest_byline) {
        pruned.byline = std::move(text);
        out = true;
      }
    }
    if (!out && !title_seen && repeats_title(tree, i, options.title)) title_seen = out = true;
    if (!out && options.by_names) out = is_named_aside(tree, i, main);
    if (!out) continue;
    parts.gone[i] = 1;
    i = node.end - 1;
  }
  return pruned;
}

}  // namespace wirewatch::feeds
