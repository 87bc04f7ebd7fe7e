// A map from 32-bit hashes to small values, for millions of keys that come and go.
#pragma once

#include <algorithm>
#include <boost/align/aligned_allocator.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "feeds/prefetch.h"

namespace wirewatch::feeds {

// Open addressing in 256 parts. The keys of a part stand in rising order, each at its place or
// behind it (Amble and Knuth, "Ordered hash tables", 1974): a look-up in vain, as most are, ends
// where a larger key stands, after as few steps as any other. All places are the beginnings of
// lines of the cache, as another line is what costs: nine look-ups in ten need but one. Nothing is
// erased: what its owner calls dead is left out when a part is full and made anew, which takes well
// under a millisecond even with millions of keys, so that neither growing nor forgetting is ever
// felt.
template <typename Value>
class SpreadTable {
 public:
  SpreadTable() : parts_(part_count) {}

  // Asks for the memory that a look-up will need.
  void prefetch(std::uint32_t key) const {
    const std::uint32_t mixed = mix(key);
    const Part& part = parts_[mixed >> part_shift];
    if (part.slots.empty()) return;
    feeds::prefetch(&part.slots[place(part, mixed)]);
  }

  const Value* find(std::uint32_t key) const {
    const std::uint32_t mixed = mix(key);
    const Part& part = parts_[mixed >> part_shift];
    if (part.slots.empty()) return nullptr;
    const Slot& slot = part.slots[seek(part, mixed)];
    return slot.mixed == mixed ? &slot.value : nullptr;
  }
  Value* find(std::uint32_t key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

  // Keys by their order here stand part by part, and in a part as it holds them.
  static std::uint32_t order_of(std::uint32_t key) { return mix(key); }
  static std::size_t part_of(std::uint32_t order) { return order >> part_shift; }
  static constexpr std::size_t part_count = 256;

  // Fills a part that is empty with the values of keys of rising order, once each.
  void fill(std::size_t number, std::span<const std::pair<std::uint32_t, Value>> values) {
    if (values.empty()) return;
    Part& part = parts_[number];
    make_room(part, values.size(), values.size() / 2);
    std::size_t next = 0;
    for (const auto& [order, value] : values) put_behind(part, next, {order, value});
  }

  // The value of the key, made when there is none. `is_dead(value)` is asked of all values of a
  // part that is full; those of whom it says yes are gone. References last until the next call.
  template <typename IsDead>
  Value& at(std::uint32_t key, IsDead is_dead) {
    const std::uint32_t mixed = mix(key);
    Part& part = parts_[mixed >> part_shift];
    if (part.slots.empty()) renew(part, is_dead);
    std::size_t at = seek(part, mixed);
    if (part.slots[at].mixed == mixed) return part.slots[at].value;
    if (part.used >= part.most) {
      renew(part, is_dead);
      at = seek(part, mixed);
    }
    ++part.used;
    return put(part, at, mixed);
  }

  // Makes the next part anew, in turn, without the dead. Who forgets as much as comes calls this
  // now and then: so the dead take no more room once they have begun to leave.
  template <typename IsDead>
  void tidy(IsDead is_dead) {
    Part& part = parts_[next_tidied_++ % part_count];
    if (part.used == 0) return;
    const std::size_t live = leave_out(part, is_dead);
    make_anew(part, live, live / 3);
  }

 private:
  static constexpr std::uint32_t free_slot = 0xFFFFFFFF;
  struct Slot {
    std::uint32_t mixed = free_slot;
    Value value{};
  };
  using Slots = std::vector<Slot, boost::alignment::aligned_allocator<Slot, line_size>>;
  struct Part {
    Slots slots;            // the last one is free, and so many behind the last place that
                            // seek() may read a line from each
    std::size_t lines = 0;  // where keys belong; the slots behind are for what was pushed on
    std::size_t used = 0;
    std::size_t most = 0;
  };
  static constexpr int part_shift = 24;
  static constexpr std::size_t behind = 16;
  static_assert(2 * line_size / sizeof(Slot) <= behind);

  // Keys of one kind may lie close together; of the two last ones, each one in four thousand
  // million, one counts as the other.
  static std::uint32_t mix(std::uint32_t key) {
    const std::uint32_t mixed = key * 0x9E3779B1u;
    return mixed == free_slot ? free_slot - 1 : mixed;
  }
  // The first slot that begins in the key's line.
  static std::size_t place(const Part& part, std::uint32_t mixed) {
    const std::uint64_t line = (std::uint64_t{mixed << 8} * part.lines) >> 32;
    return static_cast<std::size_t>(line * line_size + sizeof(Slot) - 1) / sizeof(Slot);
  }
  // Where the key is, or where it belongs: a free slot or that of a larger key. How many of a line
  // are smaller is counted, as when to stop would be a coin toss.
  static std::size_t seek(const Part& part, std::uint32_t mixed) {
    constexpr std::size_t in_line = line_size / sizeof(Slot);
    const std::size_t at = place(part, mixed);
    const Slot* slot = &part.slots[at];
    std::size_t smaller = 0;
    for (std::size_t i = 0; i < in_line; ++i) smaller += slot[i].mixed < mixed ? 1 : 0;
    if (smaller < in_line) return at + smaller;
    slot += in_line;
    while (slot->mixed < mixed) ++slot;
    return static_cast<std::size_t>(slot - part.slots.data());
  }

  // Pushes the larger ones that stand there on, up to the next free slot.
  static Value& put(Part& part, std::size_t at, std::uint32_t mixed) {
    std::size_t end = at;
    while (part.slots[end].mixed != free_slot) ++end;
    if (end + 1 == part.slots.size()) part.slots.emplace_back();
    for (; end > at; --end) part.slots[end] = std::move(part.slots[end - 1]);
    part.slots[at] = {mixed, Value{}};
    return part.slots[at].value;
  }

  // Gives how many are left.
  template <typename IsDead>
  static std::size_t leave_out(Part& part, IsDead is_dead) {
    std::size_t live = 0;
    for (Slot& slot : part.slots) {
      if (slot.mixed != free_slot && is_dead(slot.value)) slot.mixed = free_slot;
      if (slot.mixed != free_slot) ++live;
    }
    return live;
  }

  // Twice the room while it grows, half as much again once as many go as come.
  template <typename IsDead>
  static void renew(Part& part, IsDead is_dead) {
    const std::size_t live = leave_out(part, is_dead);
    make_anew(part, live, live > part.used * 7 / 8 ? live : live / 2);
  }

  static void make_anew(Part& part, std::size_t live, std::size_t more) {
    Part larger;
    make_room(larger, live, more);
    std::size_t next = 0;
    for (Slot& slot : part.slots)
      if (slot.mixed != free_slot) put_behind(larger, next, std::move(slot));
    part = std::move(larger);
  }

  static void make_room(Part& part, std::size_t live, std::size_t more) {
    const std::size_t places = live + more + behind;
    part.lines = (places * sizeof(Slot) + line_size - 1) / line_size;
    part.slots.resize(places + behind);
    part.used = live;
    part.most = places * 7 / 8;
  }

  // Of rising keys, each behind the one before; `next` is the first slot that is free for it.
  static void put_behind(Part& part, std::size_t& next, Slot slot) {
    next = std::max(next, place(part, slot.mixed));
    if (next + 1 >= part.slots.size()) part.slots.resize(next + behind);
    part.slots[next++] = std::move(slot);
  }

  std::vector<Part> parts_;
  std::size_t next_tidied_ = 0;
};

}  // namespace wirewatch::feeds
