// Takes out of a page what is no article's text wherever it stands.
#pragma once

#include <string>
#include <string_view>

#include "feeds/article/measure.h"

namespace wirewatch::feeds {

struct PruneOptions {
  std::string_view title;  // a heading that repeats it goes
  bool by_names = true;    // what is named as standing around the article goes
};

struct Pruned {
  std::string byline;  // of the first element that is one; it is gone
};

// Hidden parts, navigation, forms' controls, asides and footers; see PruneOptions for the rest.
Pruned prune(PageParts& parts, const PruneOptions& options);

}  // namespace wirewatch::feeds
