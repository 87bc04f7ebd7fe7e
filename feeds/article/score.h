// Which part of a page is its article.
#pragma once

#include <vector>

#include "feeds/article/measure.h"

namespace wirewatch::feeds {

struct Choice {
  std::vector<NodeId> roots;  // in document order, none inside another; empty: nothing found
};

// Blocks of text speak for the elements around them, with less voice the further out: long ones
// and those with commas more, links against. The best element is taken, with those siblings that
// are text as well. `by_names`: names of parts weigh in.
//
// The idea (text blocks vote for their ancestors, corrected by link density) is that of the
// literature on boilerplate removal: Kohlschütter et al., "Boilerplate detection using shallow
// text features", WSDM 2010, and the arc90 reader experiment of 2009.
Choice choose(const PageParts& parts, const std::vector<Measure>& measures, bool by_names);

}  // namespace wirewatch::feeds
