// The keys of items, and what they are made of.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "feeds/identity/identity.h"

namespace wirewatch::feeds {

// What an id is made of.
struct ItemNames {
  std::string guid;  // as compared; empty: none
  std::string link;  // canonical; empty: none
};
ItemNames item_names(const Item& item);

std::vector<ItemKeys> item_keys(const std::vector<Item>& items);

// Of the fields that item_keys() reads, as they came: two items with the same fingerprint under one
// seed have the same keys. XXH3, 128 bit: quick, and nobody who does not know the seed can make two
// that agree. It is not kept over a restart.
struct Fingerprint {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  auto operator<=>(const Fingerprint&) const = default;
};
Fingerprint fingerprint(const Item& item, std::uint64_t seed);

// Of title and text, as the content key is. Dear, and seldom asked for: what was seen before under
// all its keys needs none.
TextSketch sketch_item(const Item& item);

// identify() for those who have the keys already: `keys` of `items`.
std::vector<Identified> identify(const std::string& feed_key, const std::vector<Item>& items,
                                 const std::vector<KnownItem>& known, const Publisher& publisher,
                                 const std::vector<ItemKeys>& keys);

// `words` from append_folded_words, title and text one after the other.
TextSketch sketch_words(const std::vector<std::uint64_t>& words);

}  // namespace wirewatch::feeds
