// Which item is this: new, seen, edited, or an old id used for something else?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "feeds/item.h"

namespace wirewatch::feeds {

// Bottom-k sketch over the folded words of title and text, ascending: how alike are two texts?
using TextSketch = std::vector<std::uint32_t>;
TextSketch sketch_text(std::string_view title, std::string_view text);
double sketch_similarity(const TextSketch& a, const TextSketch& b);  // estimated Jaccard, 0 … 1

// The keys under which an item of a feed is remembered; 0 where the item has no such field.
struct ItemKeys {
  std::uint64_t guid = 0;
  std::uint64_t link = 0;     // of canonical_url
  std::uint64_t content = 0;  // of the folded title and text
};
ItemKeys item_keys(const Item& item);

// What the store knows of an earlier item of the same feed that shares a key.
struct KnownItem {
  std::string id;
  ItemKeys keys;
  TextSketch sketch;
  std::uint32_t revision = 1;
};

enum class ItemChange : std::uint8_t { fresh, seen, edited };

struct Identified {
  std::size_t index = 0;  // into the items given
  std::string id;  // id_of(feed key, identifying key, …): stable over restarts and machines
  ItemKeys keys;
  TextSketch sketch;
  ItemChange change = ItemChange::fresh;
  std::uint32_t revision = 1;
  std::string reason;  // users' words: "same link, other guid", "guid reused for another text", …
};

// Decides for every item of one document, in the order in which they should be decided (oldest
// first where dates say so, else last in the document first). `known`: every remembered item of
// this feed that shares any key with any of `items`. Repeats within the document appear once.
// A key that several items of the document share with different texts identifies nothing.
std::vector<Identified> identify(const std::string& feed_key, const std::vector<Item>& items,
                                 const std::vector<KnownItem>& known);

}  // namespace wirewatch::feeds
