// A map from 32-bit hashes to small values, for millions of keys that come and go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace wirewatch::feeds {

// Open addressing in 256 parts. Nothing is erased: what its owner calls dead is left out when a
// part is full and made anew, which takes well under a millisecond even with millions of keys, so
// that neither growing nor forgetting is ever felt.
template <typename Value>
class SpreadTable {
 public:
  SpreadTable() : parts_(part_count) {}

  // Asks for the memory that a look-up will need.
  void prefetch(std::uint32_t key) const {
    const std::uint32_t mixed = mix(key);
    const Part& part = parts_[mixed >> part_shift];
    if (part.slots.empty()) return;
    const Slot* const slot = &part.slots[place(part, mixed)];
    __builtin_prefetch(slot);
    // Often enough the slot is found a few further on.
    __builtin_prefetch(slot + 3);
  }

  const Value* find(std::uint32_t key) const {
    const std::uint32_t mixed = mix(key);
    const Part& part = parts_[mixed >> part_shift];
    if (part.slots.empty()) return nullptr;
    for (std::size_t at = place(part, mixed);;) {
      const Slot& slot = part.slots[at];
      if (slot.mixed == mixed) return &slot.value;
      if (slot.mixed == 0) return nullptr;
      if (++at == part.slots.size()) at = 0;
    }
  }
  Value* find(std::uint32_t key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

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
    part.slots[at].mixed = mixed;
    return part.slots[at].value;
  }

 private:
  struct Slot {
    std::uint32_t mixed = 0;  // 0 is free
    Value value{};
  };
  struct Part {
    std::vector<Slot> slots;
    std::size_t used = 0;
    std::size_t most = 0;
  };
  static constexpr std::size_t part_count = 256;
  static constexpr int part_shift = 24;

  // Keys of one kind may lie close together; 0, of one key in four thousand million, counts as 1.
  static std::uint32_t mix(std::uint32_t key) {
    const std::uint32_t mixed = key * 0x9E3779B1u;
    return mixed == 0 ? 1 : mixed;
  }
  static std::size_t place(const Part& part, std::uint32_t mixed) {
    return static_cast<std::size_t>((std::uint64_t{mixed << 8} * part.slots.size()) >> 32);
  }
  // Where the key is, or the free slot where it belongs.
  static std::size_t seek(const Part& part, std::uint32_t mixed) {
    std::size_t at = place(part, mixed);
    while (part.slots[at].mixed != mixed && part.slots[at].mixed != 0)
      if (++at == part.slots.size()) at = 0;
    return at;
  }

  template <typename IsDead>
  static void renew(Part& part, IsDead is_dead) {
    std::size_t live = 0;
    for (Slot& slot : part.slots) {
      if (slot.mixed != 0 && is_dead(slot.value)) slot.mixed = 0;
      if (slot.mixed != 0) ++live;
    }
    // Twice the room while it grows, half as much again once as many go as come.
    const bool grows = live > part.used * 7 / 8;
    std::vector<Slot> slots(live + (grows ? live : live / 2) + 16);
    std::swap(part.slots, slots);
    part.used = live;
    part.most = part.slots.size() * 7 / 8;
    for (Slot& slot : slots)
      if (slot.mixed != 0) part.slots[seek(part, slot.mixed)] = std::move(slot);
  }

  std::vector<Part> parts_;
};

}  // namespace wirewatch::feeds
