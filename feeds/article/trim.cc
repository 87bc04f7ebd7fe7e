#include "feeds/article/trim.h"

#include <algorithm>

#include "feeds/article/hints.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::string_view boxes[] = {"form", "fieldset", "table", "ul",  "ol",
                                      "div",  "section",  "dl",    "menu"};
constexpr std::uint32_t many_commas = 10;
constexpr std::uint32_t least_text = 25;

bool is_in(std::string_view name, const std::string_view* begin, const std::string_view* end) {
  return std::find(begin, end, name) != end;
}

class Trimmer {
 public:
  Trimmer(PageParts& parts, bool by_names) : parts_(parts), by_names_(by_names) {}
  void run(const Choice& choice);

 private:
  bool is_kept(NodeId node);
  bool is_data_table(NodeId table);
  bool judge_table(NodeId table) const;
  void take_out(NodeId node);
  bool is_clutter(NodeId node);
  bool is_share_bar(NodeId node) const;
  bool is_thin(NodeId node, int weight) const;
  bool has(NodeId node, std::string_view name) const {
    return parts_.tree.find(name, node) != no_node;
  }
  bool inside(NodeId node, std::string_view name) const;

  PageParts& parts_;
  bool by_names_;
  std::uint32_t most_ = 0;  // what holds more is no piece but the whole
  std::vector<Measure> measures_;
  std::vector<std::uint8_t> tables_;  // 0: not judged yet, 1: of data, 2: of layout
};

bool Trimmer::inside(NodeId node, std::string_view name) const {
  const std::vector<PageNode>& nodes = parts_.tree.nodes;
  for (NodeId i = nodes[node].parent; i != no_node; i = nodes[i].parent) {
    if (nodes[i].name == name) return true;
  }
  return false;
}

// A table that lays out data rather than a page.
bool Trimmer::judge_table(NodeId table) const {
  const PageNode& node = parts_.tree.nodes[table];
  if (node.attribute("role") == "presentation") return false;
  if (has(table, "table")) return false;
  for (const std::string_view name : {"caption", "th", "thead", "tfoot", "colgroup", "col"}) {
    if (has(table, name)) return true;
  }
  std::size_t rows = 0;
  std::size_t cells = 0;
  for (NodeId i = table + 1; i < node.end; ++i) {
    rows += parts_.tree.nodes[i].name == "tr" ? 1 : 0;
    cells += parts_.tree.nodes[i].name == "td" ? 1 : 0;
  }
  return rows >= 10 || cells > 4 * rows || cells > 10;
}

bool Trimmer::is_data_table(NodeId table) {
  if (tables_[table] == 0) tables_[table] = judge_table(table) ? 1 : 2;
  return tables_[table] == 1;
}

// Lists within tables and figures, and all code, are content by where they stand.
bool Trimmer::is_kept(NodeId node) {
  const std::vector<PageNode>& nodes = parts_.tree.nodes;
  if (nodes[node].name == "table" && is_data_table(node)) return true;
  for (NodeId i = nodes[node].parent; i != no_node; i = nodes[i].parent) {
    if (nodes[i].name == "table" && is_data_table(i)) return true;
    if (nodes[i].name == "pre" || nodes[i].name == "figure") return true;
  }
  return false;
}

bool Trimmer::is_share_bar(NodeId node) const {
  constexpr std::uint32_t longest = 500;
  if (measures_[node].chars >= longest) return false;
  for (const std::string_view key : {"class", "id"}) {
    const std::string names = lower(parts_.tree.nodes[node].attribute(key));
    if (names.find("share") != std::string::npos || names.find("sharing") != std::string::npos) {
      return true;
    }
  }
  return false;
}

// Little text for what else stands in the box.
bool Trimmer::is_thin(NodeId node, int weight) const {
  const Measure& m = measures_[node];
  const std::string& name = parts_.tree.nodes[node].name;
  bool list = name == "ul" || name == "ol" || name == "dl" || name == "menu";
  if (m.items > 0 && !list) {
    std::uint32_t in_lists = 0;
    for (NodeId i = node + 1; i < parts_.tree.nodes[node].end; ++i) {
      const PageNode& below = parts_.tree.nodes[i];
      if (below.name != "ul" && below.name != "ol") continue;
      in_lists += measures_[i].chars;
      i = below.end - 1;
    }
    list = m.chars > 0 && double(in_lists) / double(m.chars) > 0.9;
  }
  const double density = m.link_density();
  const bool in_figure = inside(node, "figure");
  if (!list && m.images > 1 && m.paragraphs * 2 < m.images && !in_figure) return true;
  if (!list && m.items > m.paragraphs + 100) return true;
  if (m.inputs > m.paragraphs / 3) return true;
  if (!list && m.chars < least_text && (m.images == 0 || m.images > 2) && !in_figure &&
      density > 0 && m.heading_chars * 10 < m.chars * 9) {
    return true;
  }
  if (!list && weight < 25 && density > 0.2) return true;
  if (weight >= 25 && density > 0.5) return true;
  if (list && density > 0.5 && weight < 25) return true;
  return m.images == 0 && m.textual_chars + m.heading_chars == 0 && m.chars < 80 && density > 0;
}

bool Trimmer::is_clutter(NodeId id) {
  const PageNode& node = parts_.tree.nodes[id];
  if (node.is_text()) return false;
  const int weight = by_names_ ? hints_of(node).weight : 0;
  if (node.name == "h1" || node.name == "h2") return weight < 0;
  if (by_names_ && is_block(node) && is_share_bar(id)) return true;
  if (!is_in(node.name, std::begin(boxes), std::end(boxes)) || is_kept(id)) return false;
  if (measures_[id].plain_chars() > most_) return false;
  if (weight < 0) return true;
  return measures_[id].commas < many_commas && is_thin(id, weight);
}

void Trimmer::take_out(NodeId node) {
  parts_.gone[node] = 1;
  const std::vector<PageNode>& nodes = parts_.tree.nodes;
  const Measure lost = measures_[node];
  for (NodeId i = nodes[node].parent; i != no_node; i = nodes[i].parent) measures_[i] -= lost;
}

// Outer boxes are judged after inner ones, without what these lost.
void Trimmer::run(const Choice& choice) {
  measures_ = measure(parts_);
  tables_.assign(parts_.tree.nodes.size(), 0);
  const std::vector<PageNode>& nodes = parts_.tree.nodes;
  std::uint32_t chars = 0;
  for (const NodeId root : choice.roots) chars += measures_[root].plain_chars();
  most_ = chars / 4 * 3;
  for (const NodeId root : choice.roots) {
    for (NodeId i = nodes[root].end; i-- > root + 1;) {
      if (parts_.gone[i] == 0 && is_clutter(i)) take_out(i);
    }
  }
}

}  // namespace

void trim(PageParts& parts, const Choice& choice, bool by_names) {
  Trimmer(parts, by_names).run(choice);
}

}  // namespace wirewatch::feeds
