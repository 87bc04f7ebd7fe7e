#include "feeds/article/measure.h"

#include <algorithm>

#include "feeds/parse/html_names.h"

namespace wirewatch::feeds {
namespace {

bool is_space(unsigned char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

struct TextCount {
  std::uint32_t chars = 0;
  std::uint32_t commas = 0;
};

// , ، ، 、 ， ﹐ ､ ؛ ; the Arabic, Chinese and Japanese ones by their bytes.
TextCount count_text(std::string_view text) {
  TextCount count;
  bool space = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (is_space(c)) {
      if (!space) ++count.chars;
      space = true;
      continue;
    }
    if ((c & 0xC0U) == 0x80) continue;
    space = false;
    ++count.chars;
    const std::string_view rest = text.substr(i, 3);
    if (c == ',' || rest.starts_with("\xD8\x8C") || rest == "\xE3\x80\x81" ||
        rest == "\xEF\xBC\x8C" || rest == "\xEF\xB9\x90" || rest == "\xEF\xBD\xA4") {
      ++count.commas;
    }
  }
  return count;
}

bool is_heading(std::string_view name) {
  return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
}

bool is_textual(std::string_view name) {
  return name == "p" || name == "li" || name == "pre" || name == "td" || name == "blockquote" ||
         name == "dd" || name == "dt" || name == "figcaption";
}

// What the element itself adds, once all below is summed up.
void close(Measure& sum, const PageNode& node) {
  const std::string_view name = node.name;
  if (name == "a") {
    const std::string_view href = node.attribute("href");
    if (!href.empty()) sum.link_chars = href[0] == '#' ? sum.chars / 3 : sum.chars;
  }
  if (name == "p" && sum.chars > 0) ++sum.paragraphs;
  if (name == "li") ++sum.items;
  if (name == "img" || name == "picture") ++sum.images;
  if (name == "input" && node.attribute("type") != "hidden") ++sum.inputs;
  if (is_heading(name)) sum.heading_chars = sum.chars;
  if (is_textual(name)) sum.textual_chars = sum.chars;
}

// The fields that are sums.
constexpr std::uint32_t Measure::*sums[] = {
    &Measure::chars,      &Measure::link_chars,    &Measure::commas,
    &Measure::paragraphs, &Measure::items,         &Measure::images,
    &Measure::inputs,     &Measure::heading_chars, &Measure::textual_chars};

}  // namespace

Measure& Measure::operator+=(const Measure& below) {
  for (const auto field : sums) this->*field += below.*field;
  return *this;
}

Measure& Measure::operator-=(const Measure& below) {
  for (const auto field : sums) this->*field -= std::min(this->*field, below.*field);
  return *this;
}

bool is_block(const PageNode& node) {
  if (node.is_text()) return false;
  const HtmlRole role = html_role(node.name);
  return role == HtmlRole::block || role == HtmlRole::line || node.name == "td" ||
         node.name == "th";
}

std::vector<Measure> measure(const PageParts& parts) {
  const std::vector<PageNode>& nodes = parts.tree.nodes;
  std::vector<Measure> measures(nodes.size());
  std::vector<NodeId> block(nodes.size(), 0);  // the block a node's text flows in
  std::vector<std::uint8_t> left(nodes.size(), 0);
  for (NodeId i = 0; i < nodes.size(); ++i) {
    if (parts.gone[i] != 0) {
      i = nodes[i].end - 1;
      continue;
    }
    left[i] = 1;
    const NodeId outer = nodes[i].parent == no_node ? 0 : block[nodes[i].parent];
    block[i] = is_block(nodes[i]) ? i : outer;
    if (!nodes[i].is_text()) continue;
    const TextCount count = count_text(nodes[i].text);
    measures[i].chars = count.chars;
    measures[i].commas = count.commas;
    measures[outer].own_chars += count.chars;
    measures[outer].own_commas += count.commas;
  }
  for (auto i = static_cast<NodeId>(nodes.size()); i-- > 0;) {
    if (left[i] == 0) continue;
    if (!nodes[i].is_text()) close(measures[i], nodes[i]);
    if (nodes[i].parent == no_node) continue;
    Measure& parent = measures[nodes[i].parent];
    parent += measures[i];
    parent.has_blocks |= measures[i].has_blocks || is_block(nodes[i]);
  }
  return measures;
}

}  // namespace wirewatch::feeds
