#include "feeds/article/score.h"

#include <algorithm>

#include "feeds/article/hints.h"

namespace wirewatch::feeds {
namespace {

constexpr std::uint32_t least_chars = 25;  // a shorter block of text says nothing
constexpr int most_levels = 6;

double start_value(const PageNode& node, bool by_names) {
  const std::string& name = node.name;
  double value = 0;
  if (name == "div" || name == "article" || name == "main") value = 5;
  if (name == "pre" || name == "td" || name == "blockquote") value = 3;
  if (name == "address" || name == "ol" || name == "ul" || name == "dl" || name == "dd" ||
      name == "dt" || name == "li" || name == "form") {
    value = -3;
  }
  if ((name.size() == 2 && name[0] == 'h') || name == "th") value = -5;
  return by_names ? value + hints_of(node).weight : value;
}

// The share of its voice that a block's text has `level` elements further out.
double voice(int level) {
  if (level == 0) return 1;
  if (level == 1) return 0.5;
  return 1.0 / (3.0 * level);
}

class Chooser {
 public:
  Chooser(const PageParts& parts, const std::vector<Measure>& measures, bool by_names)
      : tree_(parts.tree), parts_(parts), measures_(measures), by_names_(by_names) {}
  Choice choose();

 private:
  void vote();
  void add(NodeId node, double points);
  NodeId best() const;
  NodeId shared_by_best(NodeId top) const;
  NodeId climb(NodeId top) const;
  bool joins(NodeId sibling, NodeId top, double threshold) const;
  std::vector<NodeId> children(NodeId parent) const;
  double value(NodeId node) const { return scores_[node] * (1 - measures_[node].link_density()); }

  const PageTree& tree_;
  const PageParts& parts_;
  const std::vector<Measure>& measures_;
  bool by_names_;
  std::vector<double> scores_;
  std::vector<std::uint8_t> scored_;
};

std::vector<NodeId> Chooser::children(NodeId parent) const {
  std::vector<NodeId> ids;
  for (NodeId i = parent + 1; i < tree_.nodes[parent].end; i = tree_.nodes[i].end) {
    if (parts_.gone[i] == 0) ids.push_back(i);
  }
  return ids;
}

void Chooser::add(NodeId node, double points) {
  if (scored_[node] == 0) {
    scored_[node] = 1;
    scores_[node] = start_value(tree_.nodes[node], by_names_);
  }
  scores_[node] += points;
}

void Chooser::vote() {
  scores_.assign(tree_.nodes.size(), 0);
  scored_.assign(tree_.nodes.size(), 0);
  for (NodeId i = 1; i < tree_.nodes.size(); ++i) {
    const Measure& own = measures_[i];
    if (own.own_chars < least_chars || !is_block(tree_.nodes[i])) continue;
    if (tree_.nodes[i].name == "li" || tree_.nodes[i].name == "a") continue;
    const double points = 1 + own.own_commas + std::min(double(own.own_chars) / 100, 3.0);
    // Text between blocks belongs to the element that holds both.
    NodeId to = own.has_blocks ? i : tree_.nodes[i].parent;
    for (int level = 0; to != no_node && level < most_levels; ++level) {
      if (tree_.nodes[to].name == "html") break;
      add(to, points * voice(level));
      to = tree_.nodes[to].parent;
    }
  }
}

NodeId Chooser::best() const {
  NodeId top = no_node;
  for (NodeId i = 1; i < tree_.nodes.size(); ++i) {
    if (scored_[i] != 0 && (top == no_node || value(i) > value(top))) top = i;
  }
  return top;
}

// Where several parts are about as good, the article is cut in sections: what holds them all.
NodeId Chooser::shared_by_best(NodeId top) const {
  constexpr double near = 0.7;
  constexpr std::size_t enough = 3;
  std::vector<NodeId> good;
  for (NodeId i = 1; i < tree_.nodes.size(); ++i) {
    if (i != top && scored_[i] != 0 && value(i) >= near * value(top)) good.push_back(i);
  }
  if (good.size() < enough) return top;
  for (NodeId outer = tree_.nodes[top].parent; outer != no_node;
       outer = tree_.nodes[outer].parent) {
    if (tree_.nodes[outer].name == "body" || tree_.nodes[outer].name == "html") break;
    const auto inside = std::count_if(good.begin(), good.end(), [&](NodeId id) {
      return id > outer && id < tree_.nodes[outer].end;
    });
    if (static_cast<std::size_t>(inside) >= enough) return outer;
  }
  return top;
}

NodeId Chooser::climb(NodeId top) const {
  double last = scores_[top];
  const double least = last / 3;
  for (NodeId up = tree_.nodes[top].parent; up != no_node && tree_.nodes[up].name != "body";
       up = tree_.nodes[up].parent) {
    if (scored_[up] == 0) continue;
    if (scores_[up] < least) break;
    if (scores_[up] > last) {
      top = up;
      break;
    }
    last = scores_[up];
  }
  // An only child has its siblings one level up.
  NodeId up = tree_.nodes[top].parent;
  while (up != no_node && up != 0 && tree_.nodes[up].name != "body" &&
         measures_[up].chars == measures_[top].chars) {
    top = up;
    up = tree_.nodes[top].parent;
  }
  return top;
}

bool Chooser::joins(NodeId sibling, NodeId top, double threshold) const {
  const PageNode& node = tree_.nodes[sibling];
  if (node.is_text()) return false;
  const Measure& m = measures_[sibling];
  const std::string_view top_class = tree_.nodes[top].attribute("class");
  const bool same_class = !top_class.empty() && node.attribute("class") == top_class;
  const double bonus = same_class ? scores_[top] * 0.2 : 0;
  if (scored_[sibling] != 0 && scores_[sibling] + bonus >= threshold) return true;
  if (node.name != "p" && !(node.name == "div" && !m.has_blocks)) return false;
  if (m.chars > 80) return m.link_density() < 0.25;
  const std::string text = tree_.text_of(sibling);
  return m.chars > 0 && m.link_chars == 0 &&
         (text.find(". ") != std::string::npos || text.ends_with('.') || text.ends_with("。"));
}

Choice Chooser::choose() {
  vote();
  NodeId top = best();
  Choice choice;
  if (top == no_node) return choice;
  if (tree_.nodes[top].name == "body") {
    choice.roots.push_back(top);
    return choice;
  }
  top = climb(shared_by_best(top));
  const double threshold = std::max(10.0, scores_[top] * 0.2);
  const NodeId parent = tree_.nodes[top].parent;
  if (parent == no_node || tree_.nodes[top].name == "body") {
    choice.roots.push_back(top);
    return choice;
  }
  for (const NodeId sibling : children(parent)) {
    if (sibling == top || joins(sibling, top, threshold)) choice.roots.push_back(sibling);
  }
  return choice;
}

}  // namespace

Choice choose(const PageParts& parts, const std::vector<Measure>& measures, bool by_names) {
  return Chooser(parts, measures, by_names).choose();
}

}  // namespace wirewatch::feeds
