#include "rules/match/occurrences.h"

#include <bit>

namespace wirewatch::rules {

Occurrences::Occurrences(const std::vector<Found>& found) : all_(found.size()) {
  const std::size_t size = std::bit_ceil(2 * found.size() + 2);
  slots_.resize(size);
  mask_ = size - 1;
  shift_ = 32U - static_cast<unsigned>(std::countr_zero(size));
  atoms_.reserve(found.size());
  for (const Found& one : found) {
    Slot& slot = slots_[place(one.atom)];
    if (slot.atom == no_atom) {
      slot.atom = one.atom;
      atoms_.push_back(one.atom);
    }
    ++slot.count;
  }
  std::uint32_t next = 0;
  for (const AtomId atom : atoms_) {
    Slot& slot = slots_[place(atom)];
    slot.begin = next;
    next += slot.count;
    slot.count = 0;
  }
  for (const Found& one : found) {
    Slot& slot = slots_[place(one.atom)];
    // What two ways led to at one place is one occurrence.
    if (slot.count > 0) {
      const Occurrence& before = all_[slot.begin + slot.count - 1];
      if (before.first == one.where.first && before.last == one.where.last &&
          before.mention == one.where.mention) {
        continue;
      }
    }
    all_[slot.begin + slot.count++] = one.where;
  }
}

}  // namespace wirewatch::rules
