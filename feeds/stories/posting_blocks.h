// Memory for lists of postings, of which most are short and none is long.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

#include "feeds/prefetch.h"

namespace wirewatch::feeds {

// Rings of 1, 3, 7, … entries, at most `most`, behind a head of the size of one entry. They lie in
// chunks that are never given back, those of one size together, so that a short one is a part of
// one line of the cache; freed ones are used again.
template <typename Entry>
class PostingBlocks {
  static_assert(std::is_trivially_copyable_v<Entry> && sizeof(Entry) >= 4);

 public:
  // A block's place in units of two entries, and its kind.
  using Reference = std::uint32_t;
  static constexpr Reference none = 0xFFFFFFFE;

  // At most 255.
  explicit PostingBlocks(std::size_t most) : most_(most) {}
  std::size_t most() const { return most_; }

  // Puts it behind the others; the oldest makes room in a full ring. Entries of which `is_gone`
  // says yes are dropped first, the oldest first.
  template <typename IsGone>
  void push(Reference& block, const Entry& entry, IsGone is_gone) {
    if (most_ == 0) return;
    if (block == none) block = make(0);
    Entry* at = place(block);
    Head head = head_of(at);
    const std::size_t size = size_of(kind_of(block));
    while (head.count > 0 && is_gone(at[1 + head.first])) drop_first(head, size);
    if (head.count == size && size == most_) drop_first(head, size);
    if (head.count == size) {
      block = grown(block, head);
      at = place(block);
      head = head_of(at);
    }
    std::size_t last = std::size_t{head.first} + head.count;
    if (last >= size_of(kind_of(block))) last -= size_of(kind_of(block));
    at[1 + last] = entry;
    ++head.count;
    put(at, head);
  }

  // A block of these, the oldest first; at most `most` of them.
  Reference made_of(std::span<const Entry> entries) {
    if (entries.empty()) return none;
    std::size_t kind = 0;
    while (size_of(kind) < entries.size()) ++kind;
    const Reference block = make(kind);
    Entry* const at = place(block);
    std::copy(entries.begin(), entries.end(), at + 1);
    put(at, {static_cast<std::uint8_t>(entries.size()), 0, 0});
    return block;
  }

  // Calls take(entry), the last first, while it answers true.
  template <typename Take>
  void walk(Reference block, Take take) const {
    const Entry* const at = place(block);
    const Head head = head_of(at);
    const std::size_t end = std::size_t{head.first} + head.count;
    const std::size_t size = size_of(kind_of(block));
    // In a ring that has gone round, what stands before the first is newer.
    for (std::size_t last = end > size ? end - size : 0; last > 0; --last)
      if (!take(at[last])) return;
    for (std::size_t last = std::min(end, size); last > head.first; --last)
      if (!take(at[last])) return;
  }

  void prefetch(Reference block) const {
    const char* const at = reinterpret_cast<const char*>(place(block));
    const std::size_t bytes = (1 + size_of(kind_of(block))) * sizeof(Entry);
    for (std::size_t line = 0; line < bytes; line += line_size) feeds::prefetch(at + line);
  }

  void free(Reference block) {
    if (block < none) free_[kind_of(block)].push_back(block);
  }

 private:
  struct Head {
    std::uint8_t count = 0;
    std::uint8_t first = 0;  // the oldest
    std::uint16_t spare = 0;
  };
  static constexpr std::size_t kinds = 8;
  static constexpr std::size_t chunk = 1 << 15;  // entries
  struct FreeChunk {
    void operator()(Entry* entries) const {
      ::operator delete (entries, std::align_val_t{line_size});
    }
  };

  static std::size_t kind_of(Reference block) { return block % kinds; }
  std::size_t size_of(std::size_t kind) const {
    return std::min(most_, (std::size_t{2} << kind) - 1);
  }
  Entry* place(Reference block) {
    return const_cast<Entry*>(static_cast<const PostingBlocks*>(this)->place(block));
  }
  const Entry* place(Reference block) const {
    const std::size_t entry = std::size_t{block / kinds} * 2;
    return &chunks_[entry / chunk].get()[entry % chunk];
  }

  static Head head_of(const Entry* at) {
    Head head;
    std::memcpy(static_cast<void*>(&head), at, sizeof head);
    return head;
  }
  static void put(Entry* at, const Head& head) {
    std::memcpy(static_cast<void*>(at), &head, sizeof head);
  }
  static void drop_first(Head& head, std::size_t size) {
    head.first = static_cast<std::uint8_t>(head.first + 1u == size ? 0 : head.first + 1u);
    --head.count;
  }

  Reference make(std::size_t kind) {
    std::vector<Reference>& known = free_[kind];
    Reference block = 0;
    if (!known.empty()) {
      block = known.back();
      known.pop_back();
    } else {
      const std::size_t wanted = (1 + size_of(kind) + 1) / 2;
      std::size_t& next = next_[kind];
      if (next + wanted > end_[kind]) {
        next = chunks_.size() * (chunk / 2);
        end_[kind] = next + chunk / 2;
        void* const memory = ::operator new (chunk * sizeof(Entry), std::align_val_t{line_size});
        chunks_.emplace_back(static_cast<Entry*>(memory));
      }
      block = static_cast<Reference>(next * kinds + kind);
      next += wanted;
    }
    put(place(block), {});
    return block;
  }

  Reference grown(Reference block, const Head& head) {
    const Reference larger = make(kind_of(block) + 1);
    const Entry* const from = place(block);
    Entry* const to = place(larger);
    const std::size_t size = size_of(kind_of(block));
    for (std::size_t i = 0; i < head.count; ++i) to[1 + i] = from[1 + (head.first + i) % size];
    put(to, {head.count, 0, 0});
    free(block);
    return larger;
  }

  std::size_t most_;
  std::vector<std::unique_ptr<Entry, FreeChunk>> chunks_;
  // By kind, in units of two entries: where the next one goes, and where its chunk ends.
  std::array<std::size_t, kinds> next_{};
  std::array<std::size_t, kinds> end_{};
  std::array<std::vector<Reference>, kinds> free_;
};

}  // namespace wirewatch::feeds
