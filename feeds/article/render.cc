#include "feeds/article/render.h"

#include "feeds/parse/html_text.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

void write(std::string& html, const PageParts& parts, NodeId root) {
  const std::vector<PageNode>& nodes = parts.tree.nodes;
  std::vector<NodeId> open;
  const auto close_until = [&](NodeId at) {
    while (!open.empty() && nodes[open.back()].end <= at) {
      html += "</" + nodes[open.back()].name + ">";
      open.pop_back();
    }
  };
  for (NodeId i = root; i < nodes[root].end; ++i) {
    close_until(i);
    if (parts.gone[i] != 0) {
      i = nodes[i].end - 1;
      continue;
    }
    if (nodes[i].is_text()) {
      html += escape_markup(nodes[i].text);
      continue;
    }
    html += "<" + nodes[i].name + ">";
    if (nodes[i].name == "br" || nodes[i].name == "hr" || nodes[i].name == "img") continue;
    open.push_back(i);
  }
  close_until(nodes[root].end);
}

}  // namespace

std::string render_text(const PageParts& parts, const Choice& choice) {
  std::string html;
  for (const NodeId root : choice.roots) write(html, parts, root);
  return html_to_text(html);
}

}  // namespace wirewatch::feeds
