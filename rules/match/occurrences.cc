#include "rules/match/occurrences.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace wirewatch::rules {

// Of this thread, while no document has it.
Occurrences::Room& Occurrences::spare() {
  static thread_local Room room;
  return room;
}

Occurrences::~Occurrences() {
  constexpr std::size_t most_kept = 1 << 16;
  if (room_.slots.size() <= most_kept && room_.slots.size() > spare().slots.size())
    std::swap(room_, spare());
}

Occurrences::Occurrences(const std::vector<Found>& found) {
  std::swap(room_, spare());
  const std::size_t size = std::bit_ceil(2 * found.size() + 2);
  std::vector<Occurrence>& all = room_.all;
  std::vector<Slot>& slots = room_.slots;
  std::vector<AtomId>& atoms = room_.atoms;
  if (all.size() < found.size()) all.resize(found.size());
  if (slots.size() < size) slots.resize(size);
  std::fill_n(slots.begin(), size, Slot());
  mask_ = size - 1;
  shift_ = 32U - static_cast<unsigned>(std::countr_zero(size));
  atoms.clear();
  for (const Found& one : found) {
    Slot& slot = slots[place(one.atom)];
    if (slot.atom == no_atom) {
      slot.atom = one.atom;
      atoms.push_back(one.atom);
    }
    ++slot.count;
  }
  std::uint32_t next = 0;
  for (const AtomId atom : atoms) {
    Slot& slot = slots[place(atom)];
    slot.begin = next;
    next += slot.count;
    slot.count = 0;
  }
  for (const Found& one : found) {
    Slot& slot = slots[place(one.atom)];
    // What two ways led to at one place is one occurrence.
    if (slot.count > 0) {
      const Occurrence& before = all[slot.begin + slot.count - 1];
      if (before.first == one.where.first && before.last == one.where.last &&
          before.mention == one.where.mention) {
        continue;
      }
    }
    all[slot.begin + slot.count++] = one.where;
  }
}

}  // namespace wirewatch::rules
