#include "feeds/identity/keys.h"

#include <xxhash.h>

#include <span>

#include "feeds/hash.h"
#include "feeds/identity/folded_words.h"
#include "feeds/url.h"

namespace wirewatch::feeds {
namespace {

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// 0 is kept for "none".
std::uint64_t key_of(std::string_view text, std::uint64_t kind) {
  if (text.empty()) return 0;
  const std::uint64_t hash = hash64(text, kind);
  return hash == 0 ? 1 : hash;
}

// A guid that is a web address flips between http and https as links do. Its fragment counts: items
// of one page have no other difference.
std::string comparable_guid(std::string_view guid) {
  guid = trim(guid);
  if (guid.substr(0, 4) != "http") return std::string(guid);
  const std::size_t hash = guid.find('#');
  std::string key = canonical_url(guid);
  if (hash != std::string_view::npos) key += guid.substr(hash);
  return key;
}

std::uint64_t content_key(std::span<const std::uint64_t> words) {
  if (words.empty()) return 0;
  std::uint64_t hash = words.size();
  for (const std::uint64_t word : words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32U;
  }
  return hash == 0 ? 1 : hash;
}

struct ItemWords {
  std::vector<std::uint64_t> all;
  std::size_t of_title = 0;
  bool of_summary = false;
};

// Of title and content; of the summary where the content has no word: there is none, or an image.
ItemWords words_of(const Item& item) {
  ItemWords words;
  append_folded_words(item.title, words.all);
  words.of_title = words.all.size();
  append_folded_words(item.content, words.all);
  if (words.all.size() > words.of_title) return words;
  append_folded_words(item.summary, words.all);
  words.of_summary = words.all.size() > words.of_title;
  return words;
}

}  // namespace

ItemNames item_names(const Item& item) {
  return {comparable_guid(item.guid), canonical_url(item.link)};
}

ItemKeys item_keys(const Item& item) {
  const ItemNames names = item_names(item);
  const ItemWords words = words_of(item);
  ItemKeys keys{key_of(names.guid, 1), key_of(names.link, 2), content_key(words.all)};
  if (words.of_summary && !trim(item.content).empty()) {
    keys.former = content_key(std::span(words.all).first(words.of_title));
  }
  return keys;
}

std::vector<ItemKeys> item_keys(const std::vector<Item>& items) {
  std::vector<ItemKeys> keys;
  keys.reserve(items.size());
  for (const Item& item : items) keys.push_back(item_keys(item));
  return keys;
}

// Each field is hashed with what went before as its seed: where one ends and the next begins
// counts.
Fingerprint fingerprint(const Item& item, std::uint64_t seed) {
  XXH128_hash_t hash{seed, 0};
  for (const std::string* field :
       {&item.guid, &item.link, &item.title, &item.content, &item.summary}) {
    hash = XXH3_128bits_withSeed(field->data(), field->size(), hash.low64 ^ hash.high64);
  }
  return {hash.low64, hash.high64};
}

TextSketch sketch_item(const Item& item) {
  return sketch_words(words_of(item).all);
}

}  // namespace wirewatch::feeds
