// The keys of one item with what they were made of.
#pragma once

#include <string>
#include <vector>

#include "feeds/identity/identity.h"

namespace wirewatch::feeds {

struct KeyedItem {
  ItemKeys keys;
  std::string guid;  // as compared; empty: none
  std::string link;  // canonical; empty: none
};
KeyedItem keyed(const Item& item);
std::vector<KeyedItem> keyed(const std::vector<Item>& items);

// Of title and text, as the content key is. Dear, and seldom asked for: what was seen before under
// all its keys needs none.
TextSketch sketch_item(const Item& item);

// identify() for those who have the keys already: `keyed` of `items`.
std::vector<Identified> identify(const std::string& feed_key, const std::vector<Item>& items,
                                 const std::vector<KnownItem>& known, const Publisher& publisher,
                                 const std::vector<KeyedItem>& keyed);

// `words` from append_folded_words, title and text one after the other.
TextSketch sketch_words(const std::vector<std::uint64_t>& words);

}  // namespace wirewatch::feeds
