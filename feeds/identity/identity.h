// Which item is this: new, seen, edited, or an old id used for something else?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "feeds/item.h"

namespace wirewatch::feeds {

// Bottom-k sketch (k = 64) over the folded words of title and text and their neighbouring pairs,
// ascending: how alike are two texts? `text` may be HTML; tags, case and white space do not count.
using TextSketch = std::vector<std::uint32_t>;
TextSketch sketch_text(std::string_view title, std::string_view text);
double sketch_similarity(const TextSketch& a, const TextSketch& b);  // estimated Jaccard, 0 … 1;
                                                                     // two empty texts are alike

// The keys under which an item of a feed is remembered; 0 where the item has no such field.
struct ItemKeys {
  std::uint64_t guid = 0;
  std::uint64_t link = 0;     // of canonical_url
  std::uint64_t content = 0;  // of the folded title and text
  // What `content` was before summaries counted beside content without a word (an image), where
  // that is something else: items may be remembered under it.
  std::optional<std::uint64_t> former{};
};
ItemKeys item_keys(const Item& item);

// What the store knows of an earlier item of the same feed that shares a key.
struct KnownItem {
  std::string id;
  ItemKeys keys;
  TextSketch sketch;
  std::uint32_t revision = 1;
};

struct Publisher;  // publisher.h: what was learned of the feed

enum class ItemChange : std::uint8_t { fresh, seen, edited };

struct Identified {
  std::size_t index = 0;  // into the items given
  std::string id;  // id_of(feed key, identifying key, …): stable over restarts and machines
  ItemKeys keys;
  TextSketch sketch;  // of a seen one: what is known of it
  ItemChange change = ItemChange::fresh;
  std::uint32_t revision = 1;
  std::string reason;  // users' words: "same link, other guid", "guid reused for another text", …
};

// Decides for every item of one document, in the order in which they should be decided (oldest
// first where all dates can be true, else last in the document first). `known`: every remembered
// item of this feed that shares any key with any of `items`; the keys in it may be older ones of
// that item, where those are what matched. Linear in the number of items and their bytes.
//
//   - A guid or link that several items of the document, or several remembered items, have with
//     different texts identifies nothing. (Rows 45 and 48 of the faults.)
//   - The same guid is the same item, unless the link is another one and the texts have less than
//     0.2 in common: then the guid was reused. The same link likewise, with another guid. (43, 46)
//   - The same text is the same item under any names (47, a moved CMS), except a text of fewer than
//     about seven words where guid or link differ: "Live" comes again for other things.
//   - An item is `edited` when words of title or text changed, not for case, white space,
//     punctuation or markup. Dates and order mean nothing here. (51, 53)
//   - What is in the document twice appears once; an item without guid, link and text not at all.
//   - Where two items claim one remembered item, the one that shares more with it gets it.
//   - What was learned of the publisher holds in a document that does not show it: a field whose
//     values several items share identifies nothing, one that changes at every fetch parts nothing,
//     and dates that lie give no order. (48, 54)
std::vector<Identified> identify(const std::string& feed_key, const std::vector<Item>& items,
                                 const std::vector<KnownItem>& known, const Publisher& publisher);
std::vector<Identified> identify(const std::string& feed_key, const std::vector<Item>& items,
                                 const std::vector<KnownItem>& known);  // nothing learned yet

}  // namespace wirewatch::feeds
