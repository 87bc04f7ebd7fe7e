// Memory for lists of postings, of which most are short and none is long.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

namespace wirewatch::feeds {

// Rings of 1, 3, 7, … entries, at most `most`, behind a head of the size of one entry. They lie in
// chunks that are never given back; freed ones are used again.
template <typename Entry>
class PostingBlocks {
  static_assert(std::is_trivially_copyable_v<Entry> && sizeof(Entry) >= 4);

 public:
  using Reference = std::uint32_t;
  static constexpr Reference none = 0xFFFFFFFE;

  // At most 255.
  explicit PostingBlocks(std::size_t most) : most_(most) {}

  // Puts it behind the others; the oldest makes room in a full ring. Entries of which `is_gone`
  // says yes are dropped first, the oldest first.
  template <typename IsGone>
  void push(Reference& block, const Entry& entry, IsGone is_gone) {
    if (most_ == 0) return;
    if (block == none) block = make(0);
    Entry* at = place(block);
    Head head = head_of(at);
    const std::size_t size = size_of(head.kind);
    while (head.count > 0 && is_gone(at[1 + head.first])) drop_first(head, size);
    if (head.count == size && size == most_) drop_first(head, size);
    if (head.count == size) {
      block = grown(block, head);
      at = place(block);
      head = head_of(at);
    }
    at[1 + (head.first + head.count) % size_of(head.kind)] = entry;
    ++head.count;
    put(at, head);
  }

  // Calls take(entry), the last first, while it answers true.
  template <typename Take>
  void walk(Reference block, Take take) const {
    const Entry* const at = place(block);
    const Head head = head_of(at);
    const std::size_t size = size_of(head.kind);
    std::size_t last = head.first + head.count;
    if (last > size) last -= size;
    for (std::size_t i = 0; i < head.count; ++i) {
      if (last == 0) last = size;
      if (!take(at[last--])) return;
    }
  }

  void prefetch(Reference block) const {
    const Entry* const at = place(block);
    // As long as four lines of a cache: the longest lists there are.
    for (int line = 0; line < 4; ++line)
      __builtin_prefetch(reinterpret_cast<const char*>(at) + 64 * line);
  }

  void free(Reference block) {
    if (block >= none) return;
    free_[head_of(place(block)).kind].push_back(block);
  }

 private:
  struct Head {
    std::uint8_t count = 0;
    std::uint8_t first = 0;  // the oldest
    std::uint8_t kind = 0;
    std::uint8_t spare = 0;
  };
  static constexpr std::size_t kinds = 8;
  static constexpr std::size_t chunk = 1 << 15;  // entries

  std::size_t size_of(std::size_t kind) const {
    return std::min(most_, (std::size_t{2} << kind) - 1);
  }
  Entry* place(Reference block) { return &chunks_[block / chunk][block % chunk]; }
  const Entry* place(Reference block) const { return &chunks_[block / chunk][block % chunk]; }

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

  Reference make(std::uint8_t kind) {
    std::vector<Reference>& known = free_[kind];
    Reference block = 0;
    if (!known.empty()) {
      block = known.back();
      known.pop_back();
    } else {
      const std::size_t wanted = 1 + size_of(kind);
      if (chunks_.empty() || used_ + wanted > chunk) {
        chunks_.push_back(std::make_unique<Entry[]>(chunk));
        used_ = 0;
      }
      block = static_cast<Reference>((chunks_.size() - 1) * chunk + used_);
      used_ += wanted;
    }
    put(place(block), {0, 0, kind, 0});
    return block;
  }

  Reference grown(Reference block, const Head& head) {
    const Reference larger = make(static_cast<std::uint8_t>(head.kind + 1));
    const Entry* const from = place(block);
    Entry* const to = place(larger);
    const std::size_t size = size_of(head.kind);
    for (std::size_t i = 0; i < head.count; ++i) to[1 + i] = from[1 + (head.first + i) % size];
    put(to, {head.count, 0, static_cast<std::uint8_t>(head.kind + 1), 0});
    free(block);
    return larger;
  }

  std::size_t most_;
  std::vector<std::unique_ptr<Entry[]>> chunks_;
  std::size_t used_ = 0;  // of the last chunk
  std::array<std::vector<Reference>, kinds> free_;
};

}  // namespace wirewatch::feeds
