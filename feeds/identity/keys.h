// The keys of one item with what they were made of.
#pragma once

#include <string>
#include <vector>

#include "feeds/identity/identity.h"

namespace wirewatch::feeds {

struct KeyedItem {
  ItemKeys keys;
  TextSketch sketch;
  std::string guid;  // as compared; empty: none
  std::string link;  // canonical; empty: none
};
KeyedItem keyed(const Item& item);

// `words` from append_folded_words, title and text one after the other.
TextSketch sketch_words(const std::vector<std::uint64_t>& words);

}  // namespace wirewatch::feeds
