// A map from well mixed 64-bit hashes to small values: open addressing, key beside value, at most
// half full, so that a look-up is one line of memory, and one that can be asked for ahead. A large
// set of rules lives outside of the caches: waiting for memory is most of what matching costs.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "feeds/prefetch.h"

namespace wirewatch::rules {

template <class Value>
class HashTable {
 public:
  // The value of `hash`, made if there is none; valid until the next one is made.
  Value& operator[](std::uint64_t hash) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    Slot& slot = slots_[place(key_of(hash))];
    if (slot.key == 0) {
      slot.key = key_of(hash);
      ++count_;
    }
    return slot.value;
  }

  const Value* find(std::uint64_t hash) const {
    if (count_ == 0) return nullptr;
    const Slot& slot = slots_[place(key_of(hash))];
    return slot.key == 0 ? nullptr : &slot.value;
  }
  // That `hash` will be looked up soon.
  void prefetch(std::uint64_t hash) const {
    if (count_ != 0) feeds::prefetch(&slots_[key_of(hash) >> shift_]);
  }

  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

  // Calls visit(hash, value), visit(hash) or visit(value) for every entry, in no particular order.
  template <class Visit>
  void each(const Visit& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.key != 0) visit(slot.key, slot.value);
    }
  }

  template <class Visit>
  void each_key(const Visit& visit) const {
    each([&visit](std::uint64_t key, const Value&) { visit(key); });
  }

  template <class Visit>
  void each_value(const Visit& visit) {
    for (Slot& slot : slots_) {
      if (slot.key != 0) visit(slot.value);
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;  // 0: free
    Value value{};
  };

  static std::uint64_t key_of(std::uint64_t hash) { return hash == 0 ? 1 : hash; }

  // Of the key, or the free slot where it would stand.
  std::size_t place(std::uint64_t key) const {
    std::size_t at = key >> shift_;
    while (slots_[at].key != key && slots_[at].key != 0) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  void grow() {
    std::vector<Slot> before(std::exchange(slots_, {}));
    slots_.resize(before.empty() ? 16 : 2 * before.size());
    shift_ = 64U - static_cast<unsigned>(std::countr_zero(slots_.size()));
    for (Slot& slot : before) {
      if (slot.key != 0) slots_[place(slot.key)] = std::move(slot);
    }
  }

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
  unsigned shift_ = 64;
};

}  // namespace wirewatch::rules
