// How much of what stands below each element of a page.
#pragma once

#include <cstdint>
#include <vector>

#include "feeds/article/tree.h"

namespace wirewatch::feeds {

// A page of which parts were taken out. The tree stays as it is, so that another try can begin
// anew.
struct PageParts {
  explicit PageParts(const PageTree& page) : tree(page), gone(page.nodes.size(), 0) {}
  const PageTree& tree;
  std::vector<std::uint8_t> gone;  // per node; 1: it and all below are out
};

// Sums over a node and what is left below it. Characters are code points, a run of white space
// counts as one.
struct Measure {
  std::uint32_t chars = 0;
  std::uint32_t link_chars = 0;  // of links; those within the page count a third
  std::uint32_t commas = 0;      // of every script
  std::uint32_t paragraphs = 0;  // p elements with text
  std::uint32_t items = 0;       // li
  std::uint32_t images = 0;
  std::uint32_t inputs = 0;
  std::uint32_t heading_chars = 0;
  std::uint32_t textual_chars = 0;  // inside p, li, pre, td, blockquote, dd, dt, figcaption
  std::uint32_t own_chars = 0;      // not a sum: text that flows in this block itself
  std::uint32_t own_commas = 0;
  bool has_blocks = false;  // a block stands below

  Measure& operator+=(const Measure& below);
  Measure& operator-=(const Measure& below);
  // Text without links.
  std::uint32_t plain_chars() const { return chars > link_chars ? chars - link_chars : 0; }
  double link_density() const { return chars == 0 ? 0 : double(link_chars) / double(chars); }
};

// One a node; all zero for what is gone. Linear time.
std::vector<Measure> measure(const PageParts& parts);

// A block or a line of its own in the sense of html_role; false for text.
bool is_block(const PageNode& node);

}  // namespace wirewatch::feeds
