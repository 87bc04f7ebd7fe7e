// Which of the documents remembered hold a key: an inverted index that forgets from the front.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "feeds/stories/posting_blocks.h"
#include "feeds/stories/spread_table.h"

namespace wirewatch::feeds {

// Documents are numbered by arrival and never reused. They wrap round: of two, the earlier is told
// by their distance.
using Number = std::uint32_t;

struct Posting {  // of a key that is simply there
  Number document = 0;
};
struct WeighedPosting {
  Number document = 0;
  float weight = 0;
};

// Of a key only the newest `most` documents are kept: the newest in the table itself, where most
// keys have their only one, those before it in one block, a ring once it is full. Forgetting moves
// a number; what lies before it is overwritten or left out when its part of the table is made anew.
template <typename Entry>
class Postings {
  using Reference = typename PostingBlocks<Entry>::Reference;
  static constexpr Reference none = PostingBlocks<Entry>::none;
  static constexpr Reference unset = none + 1;
  struct List {
    Entry newest{};
    Reference older = unset;
  };

 public:
  struct Lists {
    std::array<const List*, 128> all;  // nullptr: no such key
    std::size_t count = 0;
  };

  // `most` is from 1 to 256.
  explicit Postings(std::size_t most) : blocks_(most - 1) {}

  // Numbers come in rising order.
  void add(std::uint32_t key, const Entry& entry) {
    List& list = lists_.at(key, [this](const List& old) { return leaves(old); });
    if (is_live(list)) {
      blocks_.push(list.older, list.newest,
                   [this](const Entry& old) { return is_gone(old.document); });
    } else {
      blocks_.free(list.older);
      list.older = none;
    }
    list.newest = entry;
  }

  // Enters all at once into an empty index: `each(take)` calls take(key, entry) for every posting,
  // numbers rising, and the same ones whenever it is called. Part by part of the table, as entering
  // one by one waits for memory each time.
  template <typename Each>
  void fill(Each each);

  // Ask for the memory that add() and look_up() will need: first for all keys that of the table,
  // then for all of them what it leads to, as look_up() does by itself.
  void prefetch(std::uint32_t key) const { lists_.prefetch(key); }
  void prefetch_older(std::uint32_t key) const {
    const List* const list = lists_.find(key);
    if (list != nullptr && list->older < none) blocks_.prefetch(list->older);
  }

  // Forgets documents up to `last`.
  void drop_through(Number last) { first_ = last + 1; }

  // To be called now and then when documents are dropped: keys of those alone make room.
  void tidy() {
    lists_.tidy([this](const List& old) { return leaves(old); });
  }

  // Calls take(entry), the newest first.
  template <typename Take>
  void for_each(std::uint32_t key, Take take) const {
    if (const List* const list = lists_.find(key)) walk(*list, take);
  }

  // Where the postings of the first 128 keys are, until the next change. Their memory is asked for:
  // who has something else to do before for_each_of() waits less.
  Lists look_up(std::span<const std::uint32_t> keys) const {
    Lists lists;
    lists.count = std::min(keys.size(), lists.all.size());
    for (std::size_t i = 0; i < lists.count; ++i) {
      const List* const list = lists.all[i] = lists_.find(keys[i]);
      if (list != nullptr && list->older < none) blocks_.prefetch(list->older);
    }
    return lists;
  }

  // Calls take(index of the key, entry), key by key, the newest first.
  template <typename Take>
  void for_each_of(const Lists& lists, Take take) const {
    for (std::size_t i = 0; i < lists.count; ++i)
      if (lists.all[i] != nullptr) walk(*lists.all[i], [&](const Entry& entry) { take(i, entry); });
  }

 private:
  struct Ordered {
    std::uint32_t order = 0;  // of the key in the table
    Entry entry{};
  };
  void fill_part(std::size_t part, std::span<Ordered> postings, std::span<Ordered> room);
  static void sort_part(std::span<Ordered> postings, std::span<Ordered> room);

  bool is_gone(Number document) const { return static_cast<std::int32_t>(document - first_) < 0; }
  bool is_live(const List& list) const {
    return list.older != unset && !is_gone(list.newest.document);
  }

  // Whether nobody is left; then its block is free.
  bool leaves(const List& list) {
    if (is_live(list)) return false;
    blocks_.free(list.older);
    return true;
  }

  template <typename Take>
  void walk(const List& list, Take take) const {
    if (!is_live(list)) return;
    take(list.newest);
    if (list.older == none) return;
    blocks_.walk(list.older, [&](const Entry& entry) {
      if (is_gone(entry.document)) return false;
      take(entry);
      return true;
    });
  }

  SpreadTable<List> lists_;
  PostingBlocks<Entry> blocks_;
  Number first_ = 0;
};

template <typename Entry>
template <typename Each>
void Postings<Entry>::fill(Each each) {
  constexpr std::size_t at_once = SpreadTable<List>::part_count / 2;  // parts, to need less room
  std::vector<Ordered> postings;
  std::vector<Ordered> room;
  for (std::size_t first = 0; first < SpreadTable<List>::part_count; first += at_once) {
    std::array<std::size_t, at_once + 1> starts{};
    const auto each_of_these = [&](auto take) {
      each([&](std::uint32_t key, const Entry& entry) {
        const std::uint32_t order = SpreadTable<List>::order_of(key);
        const std::size_t part = SpreadTable<List>::part_of(order) - first;
        if (part < at_once) take(part, Ordered{order, entry});
      });
    };
    each_of_these([&](std::size_t part, const Ordered&) { ++starts[part + 1]; });
    room.resize(std::max(room.size(), *std::max_element(starts.begin(), starts.end())));
    for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
    postings.resize(std::max(postings.size(), starts.back()));
    std::array<std::size_t, at_once + 1> next = starts;
    each_of_these(
        [&](std::size_t part, const Ordered& posting) { postings[next[part]++] = posting; });
    for (std::size_t i = 0; i < at_once; ++i)
      fill_part(first + i, std::span(postings).subspan(starts[i], starts[i + 1] - starts[i]), room);
  }
}

template <typename Entry>
void Postings<Entry>::fill_part(std::size_t part, std::span<Ordered> postings,
                                std::span<Ordered> room) {
  sort_part(postings, room);
  std::vector<std::pair<std::uint32_t, List>> lists;
  std::vector<Entry> older;
  for (std::size_t i = 0; i < postings.size();) {
    std::size_t end = i + 1;
    while (end < postings.size() && postings[end].order == postings[i].order) ++end;
    older.clear();
    const std::size_t count = std::min(end - 1 - i, blocks_.most());
    for (std::size_t k = end - 1 - count; k + 1 < end; ++k) older.push_back(postings[k].entry);
    lists.emplace_back(postings[i].order, List{postings[end - 1].entry, blocks_.made_of(older)});
    i = end;
  }
  lists_.fill(part, lists);
}

// By the 24 bits that tell the keys of a part apart; of one key they keep their order.
template <typename Entry>
void Postings<Entry>::sort_part(std::span<Ordered> postings, std::span<Ordered> room) {
  constexpr std::uint32_t digits = 1 << 12;
  std::vector<std::uint32_t> starts(digits + 1);
  std::span<Ordered> from = postings;
  std::span<Ordered> to = room.first(postings.size());
  for (const int shift : {0, 12}) {
    std::fill(starts.begin(), starts.end(), 0);
    const auto digit = [shift](const Ordered& one) { return one.order >> shift & (digits - 1); };
    for (const Ordered& one : from) ++starts[digit(one) + 1];
    for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
    for (const Ordered& one : from) to[starts[digit(one)]++] = one;
    std::swap(from, to);
  }
}

}  // namespace wirewatch::feeds
