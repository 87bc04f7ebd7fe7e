#include "feeds/identity/keys.h"

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

std::uint64_t content_key(const std::vector<std::uint64_t>& words) {
  if (words.empty()) return 0;
  std::uint64_t hash = words.size();
  for (const std::uint64_t word : words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32U;
  }
  return hash == 0 ? 1 : hash;
}

std::vector<std::uint64_t> words_of(const Item& item) {
  std::vector<std::uint64_t> words;
  append_folded_words(item.title, words);
  append_folded_words(trim(item.content).empty() ? item.summary : item.content, words);
  return words;
}

}  // namespace

KeyedItem keyed(const Item& item) {
  KeyedItem made;
  made.guid = comparable_guid(item.guid);
  made.link = canonical_url(item.link);
  made.keys = {key_of(made.guid, 1), key_of(made.link, 2), content_key(words_of(item))};
  return made;
}

std::vector<KeyedItem> keyed(const std::vector<Item>& items) {
  std::vector<KeyedItem> all;
  all.reserve(items.size());
  for (const Item& item : items) all.push_back(keyed(item));
  return all;
}

TextSketch sketch_item(const Item& item) {
  return sketch_words(words_of(item));
}

ItemKeys item_keys(const Item& item) {
  return keyed(item).keys;
}

}  // namespace wirewatch::feeds
